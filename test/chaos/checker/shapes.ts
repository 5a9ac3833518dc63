import type { Dumps } from '../dumps/shapes';
import type { History, HistoryRecord } from '../history/records';
import type { Scene } from '../scene/shapes';

export interface CheckInput {
  readonly history: History;
  readonly dumps: Dumps;
  readonly scene: Scene;
  /** False on runs that are too short or too small for the percentiles of the liveness rule. */
  readonly checksLiveness?: boolean;
}

/** I1 to I19 of research/reliability.md 3.2 as decisions.md made them exact, liveness, and whether the run counts. */
export type Invariant = `I${number}` | 'liveness';

export interface Violation {
  readonly invariant: Invariant;
  /** What it happened to: an alert's key, an incident, a delivery, a console. */
  readonly key: string;
  /** One sentence with the figures. */
  readonly what: string;
  /** How bad, for the order of the report: ms late, or 1. */
  readonly weight?: number;
}

export interface Verdict {
  /** void: the driver lagged over 200 ms, the host took the processors away, or a recorder broke off; it proves nothing either way. */
  readonly outcome: 'holds' | 'violated' | 'void';
  readonly why: string;
  readonly violations: readonly Violation[];
  /** Which were checked, and over how many things each: an invariant over nothing is said, not passed over. */
  readonly checked: Readonly<Record<string, number>>;
  /** As Jepsen's set-full does. */
  readonly keys: { readonly stable: number; readonly lost: number; readonly neverAcknowledged: number };
  readonly counts: Readonly<Record<string, number>>;
  /** Of the worst eight violations: the records and rows around each, in order of time. */
  readonly timelines: readonly { readonly violation: Violation; readonly lines: readonly string[] }[];
}

export type { HistoryRecord };
