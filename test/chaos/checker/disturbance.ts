import type { FaultRecord, HistoryRecord } from '../history/records';

/** R: how long the service may need to be itself again after a fault. */
export const recoveryMs = 10_000;
/** Late by more than this in calm is a violation. */
export const calmLateMs = 2_000;
/** After the end of a disturbed window. */
const disturbedLateMs = 10_000;

export interface Fault {
  readonly kind: FaultRecord['kind'];
  readonly target: string;
  readonly detail: string;
  /** Ms of CLOCK_MONOTONIC; of one that nobody saw ending, infinity. */
  readonly from: number;
  readonly to: number;
  /** It could not be done. */
  readonly isNotRun: boolean;
}

export interface Window {
  readonly from: number;
  readonly to: number;
}

export function faultsOf(records: readonly (HistoryRecord & FaultRecord)[]): Fault[] {
  const ends = new Map(records.filter(({ ph }) => ph !== 'invoke').map((record) => [record.op, record]));
  return records
    .filter(({ ph }) => ph === 'invoke')
    .map(({ op, t, kind, target }) => {
      const end = ends.get(op);
      const detail = end?.detail ?? '';
      return { kind, target, detail, from: t, to: end?.t ?? Number.POSITIVE_INFINITY, isNotRun: end?.ph === 'fail' };
    });
}

/**
 * Faults widened by R and joined where they overlap: inside is disturbed, outside calm. One that could not be done counts
 * as well: the attempt may have half succeeded.
 */
export function disturbedWindows(faults: readonly Fault[]): Window[] {
  const windows: { from: number; to: number }[] = [];
  for (const { from, to } of [...faults].sort((a, b) => a.from - b.from)) {
    const last = windows.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to + recoveryMs);
    else windows.push({ from, to: to + recoveryMs });
  }
  return windows;
}

/** The last window that touches [from, to], if any. */
export function windowWithin(windows: readonly Window[], from: number, to: number): Window | undefined {
  let [low, high] = [0, windows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((windows[middle] as Window).from <= to) low = middle + 1;
    else high = middle;
  }
  const window = windows[low - 1];
  return window !== undefined && window.to >= from ? window : undefined;
}

/**
 * Until when something due at `dueAt` must have happened: 2 s in calm, 10 s after the end of the disturbed window that
 * it fell into, or into which a fault pushed it before those 2 s were over.
 */
export function deadlineOf(windows: readonly Window[], dueAt: number): number {
  const calm = dueAt + calmLateMs;
  const window = windowWithin(windows, dueAt, calm);
  return window === undefined ? calm : Math.max(calm, window.to + disturbedLateMs);
}
