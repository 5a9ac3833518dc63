import type { Context } from './context';
import type { Invariant, Violation } from './shapes';

export interface Finding {
  readonly violations: readonly Violation[];
  /** Over how many things the invariant was checked; 0 says that this run proves nothing about it. */
  readonly checked: number;
}

/** One invariant: pure, total, and over the whole of a run. */
export type Check = (context: Context) => Finding;

/** What one check writes its findings into while it walks. */
export class Findings implements Finding {
  readonly violations: Violation[] = [];
  checked = 0;

  constructor(private readonly invariant: Invariant) {}

  /** One more thing looked at. */
  look(): void {
    this.checked += 1;
  }

  violate(key: string, what: string, weight = 1): void {
    this.violations.push({ invariant: this.invariant, key, what, weight });
  }
}
