import { clock } from '../live/clock.js';

/** An act counts only on what stood under the hand for this long: shorter than any reaction, longer than a slip. */
export const GUARD_MS = 250;

/** Rows remembered: a flood and a half. */
const KEPT = 5_000;

interface Seen {
  readonly first: number;
  /** Server time in ms of the first paint. */
  readonly server: number;
  slot: string;
  moved: number;
}

/** When each row was first painted on this desk, and when it last came to its place. */
class Painted {
  private readonly rows = new Map<string, Seen>();

  /** A row stands painted in a slot. True when it is the first time. */
  seen(id: string, slot: string, mono = performance.now()): boolean {
    const was = this.rows.get(id);
    if (!was) {
      if (this.rows.size >= KEPT) this.rows.delete(this.rows.keys().next().value ?? '');
      this.rows.set(id, { first: mono, server: clock.now(mono), slot, moved: mono });
      return true;
    }
    if (was.slot !== slot) Object.assign(was, { slot, moved: mono });
    return false;
  }

  /** For a key: the row has been seen. For a pointer: it has also stood still where it was hit. */
  mayAct(id: string, at: number, by: 'key' | 'pointer'): boolean {
    const row = this.rows.get(id);
    return !row || at - (by === 'pointer' ? row.moved : row.first) >= GUARD_MS;
  }

  /** Server time in ms at which this desk first showed the row. */
  shownAt(id: string): number | null {
    return this.rows.get(id)?.server ?? null;
  }

  forgetAll(): void {
    this.rows.clear();
  }
}

export const painted = new Painted();
