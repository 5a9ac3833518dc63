import type { FaultKind } from '../history/records';
import type { Setting } from '../scene/shapes';

/** What happens one after another while the load goes on. The figures of a part with a name are told apart under it. */
export type Part = { readonly name?: string; readonly seconds: number } & (
  | { readonly kind: 'load'; readonly perSecond?: number }
  /** Nothing is broken, and everything must be on time. */
  | { readonly kind: 'calm' }
  /** Faults one after another, with a pause between; none begins after `seconds`. `only`: `kind` or `kind:target`. */
  | {
      readonly kind: 'burst';
      readonly faults: number;
      readonly pauseMs: readonly [number, number];
      readonly only?: readonly string[];
    }
  /** One fault, as `kind:target`, again and again at this interval. */
  | { readonly kind: 'beat'; readonly fault: string; readonly everyMs: number }
  /**
   * So many consoles lose their gateway by SIGKILL, so many times; ends when all hold again what the API says. At a lower
   * rate: as many consoles on the service's own two cores are most of the work.
   */
  | { readonly kind: 'rush'; readonly consoles: number; readonly rounds: number; readonly perSecond: number }
  /** Until so many incidents are unresolved, at most `seconds`. */
  | { readonly kind: 'fill'; readonly incidents: number }
  /** The whole service is stopped for `seconds`, and nobody sends meanwhile. */
  | { readonly kind: 'outage' }
);

/** A figure of the verdict (`counts`) and what it must be. */
export type Goal = {
  readonly what: string;
  readonly figure: string;
  /** What others promise or were measured at (research/reliability.md). */
  readonly anchor?: string;
} & ({ readonly atLeast: number } | { readonly atMost: number });

export interface Grade {
  readonly name: string;
  readonly why: string;
  /** Alerts a second, over all doors. */
  readonly perSecond: number;
  readonly consoles: number;
  /** Of the consoles, how many write down every event. */
  readonly observed: number;
  readonly parts: readonly Part[];
  /** How long accepting took in calm: only where the run is long enough to say it. */
  readonly checksLiveness: boolean;
  /** Kinds that it leaves to graver grades. */
  readonly without: readonly FaultKind[];
  /** Beside the invariants. */
  readonly goals: readonly Goal[];
  readonly setting?: Setting;
  /** Incidents that people turn to, a second, and the share of them whose acknowledgement races a step. */
  readonly people?: { readonly playsPerSecond: number; readonly races: number };
}

const rounds = (count: number, round: readonly Part[]): Part[] => Array.from({ length: count }, () => round).flat();
const calm = (seconds: number): Part => ({ kind: 'calm', seconds });

const nothingLost: readonly Goal[] = [
  {
    what: 'Alerts that were accepted and are not there',
    figure: 'lost',
    atMost: 0,
    anchor: 'Alertmanager: alerts are not persisted; Redis everysec: up to 2,930 in a power cut',
  },
  { what: 'Steps missed', figure: 'stepsMissed', atMost: 0, anchor: 'BullMQ 6.1.2 after a Redis restart: all' },
  { what: 'Steps early', figure: 'stepsEarly', atMost: 0, anchor: 'BullMQ under a clock step: 1 h' },
  { what: 'Steps that fired twice', figure: 'stepsDoubled', atMost: 0 },
  {
    what: 'Lateness of steps in calm, p99 ms',
    figure: 'stepLateCalmP99Ms',
    atMost: 500,
    anchor: 'GoAlert: a cycle of 5 s',
  },
  { what: 'Lateness of steps in calm, max ms', figure: 'stepLateCalmMaxMs', atMost: 2_000 },
];

export const commit: Grade = {
  name: 'commit',
  why: 'at each commit: two bursts of faults and 90 s of calm in which the bound of 2 s holds, within 8 minutes',
  // On one core, as on a shared machine, steps were late at 100: that must not look like a fault of the change.
  perSecond: 60,
  consoles: 10,
  observed: 2,
  parts: [
    { kind: 'load', seconds: 8 },
    ...rounds(2, [{ kind: 'burst', faults: 14, pauseMs: [300, 1_500], seconds: 100 }, calm(45)]),
  ],
  checksLiveness: false,
  // The long ones, and a clock by which steps may fire early.
  without: ['clock-postgres', 'deploy', 'redis-outage', 'black-hole'],
  goals: [],
};

/** Kills in quick succession, flushes without a pause, consoles that rush in, Redis away, PostgreSQL again and again, then everything. */
const everything = (share: number): Part[] => [
  // A cold start at the full rate refuses for 15 s: every rule, statement and socket is met for the first time.
  { kind: 'load', seconds: 20, perSecond: 40 },
  { kind: 'load', seconds: 20 },
  // Whoever was killed is back before the next one is: what the goal is about. In `everything` faults meet in all ways.
  {
    kind: 'burst',
    name: 'kills',
    only: ['kill'],
    faults: 210 * share,
    pauseMs: [2_000, 4_000],
    seconds: 1_200 * share,
  },
  calm(60),
  ...rounds(share, [{ kind: 'beat', name: 'flushes', fault: 'flushall:redis', everyMs: 5_000, seconds: 300 }]),
  { kind: 'rush', name: 'consoles', consoles: 500, rounds: 4 * share, perSecond: 20, seconds: 240 * share },
  {
    kind: 'burst',
    name: 'Redis away',
    only: ['redis-outage'],
    faults: 4 * share,
    pauseMs: [5e3, 8e3],
    seconds: 200 * share,
  },
  {
    kind: 'burst',
    name: 'PostgreSQL',
    only: ['pg-restart', 'pg-immediate', 'kill:postgres', 'kill:postgres-backend', 'commit-answer-lost'],
    faults: 24 * share,
    pauseMs: [500, 2_000],
    seconds: 150 * share,
  },
  calm(60),
  ...rounds(share, [{ kind: 'burst', name: 'everything', faults: 80, pauseMs: [500, 2_000], seconds: 660 }]),
  calm(60),
];

const wholeGoals = (share: number): readonly Goal[] => [
  ...nothingLost,
  { what: 'SIGKILLs', figure: 'kills', atLeast: 200 * share, anchor: 'Alertmanager, GoAlert: none in their tests' },
  { what: 'Lateness of steps while killing, p99 ms', figure: 'kills: stepLateP99Ms', atMost: 2_000 },
  {
    what: 'Lateness of steps while killing, max ms',
    figure: 'kills: stepLateMaxMs',
    atMost: 10_000,
    anchor: 'BullMQ 59 s, pg-boss 1 to 15 min, Graphile Worker 4 h',
  },
  { what: 'FLUSHALLs', figure: 'flushes: faults', atLeast: 55 * share },
  { what: 'Wait of an alert for its merge while flushing, max ms', figure: 'flushes: mergeMaxMs', atMost: 5_000 },
  {
    what: 'Lateness of steps that fell due while Redis was away, max ms',
    figure: 'stepLateRedisAwayMaxMs',
    atMost: 5_000,
    anchor: 'BullMQ 6.1.2 never, 6.7.0 18.2 s',
  },
  { what: 'Consoles that lost their gateway', figure: 'consoles: rejoined', atLeast: 1_900 * share },
  {
    what: 'Until the last of them held what the API says, max ms',
    figure: 'consoles: convergedMaxMs',
    atMost: 10_000,
    anchor: 'Socket.IO: recovery "not always" succeeds',
  },
];

export const nightly: Grade = {
  name: 'nightly',
  why: 'each night: everything that one machine can do, within an hour',
  perSecond: 200,
  consoles: 50,
  observed: 0,
  parts: everything(1),
  checksLiveness: true,
  without: ['clock-postgres'],
  goals: wholeGoals(1),
};

/** Half an hour without the service, over 1,000 unresolved incidents with all of their steps to come. */
export const outage: Grade = {
  name: 'outage',
  why: 'the whole service is away for half an hour with 1,000 unresolved incidents',
  perSecond: 120,
  consoles: 10,
  observed: 0,
  setting: { sites: 32, stepsS: [300, 600, 900] },
  people: { playsPerSecond: 0, races: 0 },
  parts: [
    { kind: 'fill', incidents: 1_050, seconds: 280 },
    { kind: 'outage', name: 'outage', seconds: 1_800 },
    calm(60),
  ],
  checksLiveness: false,
  without: [],
  goals: [
    { what: 'Alerts that were accepted and are not there', figure: 'lost', atMost: 0 },
    { what: 'Incidents whose steps were all missed and are recorded', figure: 'caughtUpIncidents', atLeast: 1_000 },
    { what: 'Steps recorded late', figure: 'caughtUpSteps', atLeast: 2_000 },
    { what: 'Person and incident, of those pages', figure: 'caughtUpPairs', atLeast: 1_000 },
    {
      what: 'Pages beyond one for each person and incident',
      figure: 'caughtUpDoubles',
      atMost: 0,
      anchor: 'PagerDuty 2023: a backlog in order of arrival, pages again and again',
    },
  ],
};

/** Acknowledgements within 50 ms of a step. */
export const races: Grade = {
  name: 'races',
  why: '10,000 acknowledgements race the step that is due at that very moment',
  perSecond: 100,
  consoles: 10,
  observed: 0,
  people: { playsPerSecond: 20, races: 1 },
  parts: [{ kind: 'load', name: 'races', seconds: 1_500 }],
  checksLiveness: true,
  without: [],
  goals: [...nothingLost, { what: 'Acknowledgements within 150 ms of a step', figure: 'races', atLeast: 10_000 }],
};

const release: Grade = {
  ...nightly,
  name: 'release',
  why: 'before a release: five times as much as each night',
  parts: everything(5),
  without: [],
  goals: wholeGoals(5),
};

/** What `--grade` may ask for: one run or several. */
export const grades: Readonly<Record<string, readonly Grade[]>> = {
  commit: [commit],
  nightly: [nightly],
  outage: [outage],
  races: [races],
  release: [release, outage, races],
};
