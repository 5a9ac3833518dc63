import type { SqlDump } from '../dumps/shapes';
import type { History } from '../history/records';

/** The wall clock of records is whole ms, and a dump's clocks were read one after the other. */
export const clockSlackMs = 50;

export interface Clocks {
  /** From the database's time to the recorders' CLOCK_MONOTONIC, both in ms. */
  readonly toMonotonic: (databaseMs: number) => number;
  readonly toDatabase: (monotonicMs: number) => number;
}

/**
 * The database's clock against the reader's wall clock as the dump says, the wall clock against CLOCK_MONOTONIC as the
 * records say (their median: a step of the machine's clock in the middle of a run moves few of them).
 */
export function clocksOf(history: History, sql: Pick<SqlDump, 'now' | 'readerNow'>): Clocks {
  const skews = history.map(({ w, t }) => w - t).sort((a, b) => a - b);
  const wallAhead = skews[Math.floor(skews.length / 2)] ?? 0;
  const ahead = sql.now - sql.readerNow + wallAhead;
  return { toMonotonic: (databaseMs) => databaseMs - ahead, toDatabase: (monotonicMs) => monotonicMs + ahead };
}

/** `2026-11-25T03:03:44.484877Z` as ms since 1970 with a fraction; NaN for anything else. */
export function instantOf(text: unknown): number {
  if (typeof text !== 'string') return Number.NaN;
  const [, toMs, micros] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})(\d{3})Z$/.exec(text) ?? [];
  return Date.parse(`${toMs}Z`) + Number(micros) / 1_000;
}
