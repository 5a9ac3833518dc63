import type { FaultKind } from '../history/records';

/** What happens one after another while the load goes on. */
export type Part =
  | { readonly kind: 'load'; readonly seconds: number }
  /** Nothing is broken, and everything must be on time. */
  | { readonly kind: 'calm'; readonly seconds: number }
  /** Faults one after another, with a pause between; none begins after `seconds`. */
  | {
      readonly kind: 'burst';
      readonly faults: number;
      readonly pauseMs: readonly [number, number];
      readonly seconds: number;
    };

export interface Grade {
  readonly name: string;
  readonly why: string;
  /** Alerts a second, over all doors. */
  readonly perSecond: number;
  readonly consoles: number;
  readonly parts: readonly Part[];
  /** How long accepting took in calm: only where the run is long enough to say it. */
  readonly checksLiveness: boolean;
  /** Kinds that it leaves to graver grades. */
  readonly without: readonly FaultKind[];
}

const rounds = (count: number, round: readonly Part[]): Part[] => Array.from({ length: count }, () => round).flat();

export const commit: Grade = {
  name: 'commit',
  why: 'at each commit: two bursts of faults and 90 s of calm in which the bound of 2 s holds, within 8 minutes',
  perSecond: 100,
  consoles: 10,
  parts: [
    { kind: 'load', seconds: 8 },
    ...rounds(2, [
      { kind: 'burst', faults: 14, pauseMs: [300, 1_500], seconds: 100 },
      { kind: 'calm', seconds: 45 },
    ]),
  ],
  checksLiveness: false,
  // The long ones, and a clock by which steps may fire early.
  without: ['clock-postgres', 'deploy', 'redis-outage', 'black-hole'],
};

export const nightly: Grade = {
  name: 'nightly',
  why: 'each night: everything that one machine can do, within an hour',
  perSecond: 200,
  consoles: 100,
  parts: [
    { kind: 'load', seconds: 30 },
    ...rounds(8, [
      { kind: 'burst', faults: 40, pauseMs: [500, 3_000], seconds: 270 },
      { kind: 'calm', seconds: 60 },
    ]),
  ],
  checksLiveness: true,
  without: ['clock-postgres'],
};

export const release: Grade = {
  ...nightly,
  name: 'release',
  why: 'before a release: five hours, with 500 consoles',
  consoles: 500,
  parts: [
    { kind: 'load', seconds: 60 },
    ...rounds(40, [
      { kind: 'burst', faults: 60, pauseMs: [500, 3_000], seconds: 360 },
      { kind: 'calm', seconds: 60 },
    ]),
  ],
  without: [],
};

export const grades: Readonly<Record<string, Grade>> = { commit, nightly, release };
