import { join } from 'node:path';
import type { Replica } from '../../dumps/shapes';
import type { Scene } from '../../scene/shapes';
import { forkChild } from '../child';
import type { FirstRun } from '../sign-in';

export interface ConsolesOptions {
  readonly run: string;
  readonly folder: string;
  readonly seed: number;
  readonly gateway: string;
  readonly firstRun: FirstRun;
  readonly scene: Scene;
  readonly count: number;
  /** How many of them write down every event that they apply; at most 5, default 2: a wide sight and a narrow one. */
  readonly observed?: number;
}
export interface ConsolesStatus {
  readonly consoles: number;
  /** Connected, and holding a cursor. */
  readonly live: number;
  readonly snapshots: number;
  readonly disconnects: number;
  /** Applied, over all consoles. */
  readonly events: number;
  readonly holes: number;
}
export interface Consoles {
  status(): Promise<ConsolesStatus>;
  /** Some come, or the last of them leave, until there are `count`. */
  seat(count: number): Promise<void>;
  /**
   * Ms after `since` (CLOCK_MONOTONIC) until each console held what the API says, null where that took more than `maxMs`.
   * After the last one of a run `replicas` repeats the figures.
   */
  converge(since: number, maxMs?: number): Promise<(number | null)[]>;
  /** The same of those that lose their gateway now; the figures go to the history. */
  rejoin(since: number, maxMs?: number): Promise<(number | null)[]>;
  replicas(): Promise<Replica[]>;
  stop(): Promise<void>;
}

/** N consoles in a process of their own; what the observed see goes to `folder/history/consoles.ndjson`. */
export async function startConsoles(options: ConsolesOptions): Promise<Consoles> {
  const child = await forkChild(join(__dirname, 'process.js'), {
    ...options,
    observed: Math.min(5, options.observed ?? 2),
  });
  return {
    status: () => child.call('status'),
    seat: (count) => child.call('seat', count),
    rejoin: (since, maxMs = 30_000) => child.call('rejoin', { since, maxMs }),
    converge: (since, maxMs = 30_000) => child.call('converge', { since, maxMs }),
    replicas: () => child.call('replicas'),
    stop: () => child.stop(),
  };
}
