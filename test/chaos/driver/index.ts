import { join } from 'node:path';
import type { Scene } from '../scene/shapes';
import { forkChild } from './child';
import type { FirstRun } from './sign-in';

export interface DriverOptions {
  readonly run: string;
  readonly folder: string;
  readonly seed: number;
  readonly scene: Scene;
  readonly intake: string;
  readonly gateway: string;
  readonly firstRun: FirstRun;
  /** Alerts, repeats and restores together; not requests, and not retries. */
  readonly perSecond: number;
  /** Of the sinks; without it nobody has a phone. */
  readonly pushUrl?: string;
  /** Incidents that people turn to, a second, at most; default 8. */
  readonly playsPerSecond?: number;
  /** Share of them that is acknowledged within 50 ms of its next step; default 0.15. */
  readonly races?: number;
}
export interface DriverStatus {
  /** Alerts; repeats and restores count among the accepted. */
  readonly planned: number;
  readonly accepted: number;
  readonly refused: number;
  /** Senders that wait for an answer, or have a repeat or a restore left to send. */
  readonly open: number;
  readonly plays: number;
  readonly acts: number;
}
export interface Driver {
  /** Begins, or goes on after a pause; `perSecond` where it is not the usual rate. */
  begin(perSecond?: number): Promise<void>;
  /** No new alert until `begin` is called again; what was sent is tried again, and people go on. */
  pause(): Promise<void>;
  /** No further alert and no further act; waits for the retries. @returns senders without an answer after `mostMs`. */
  end(mostMs?: number): Promise<number>;
  status(): Promise<DriverStatus>;
  stop(): Promise<void>;
}

/** Senders and people in a process of their own; what they did goes to `folder/history/driver.ndjson`. */
export async function startDriver(options: DriverOptions): Promise<Driver> {
  const child = await forkChild(join(__dirname, 'process.js'), options);
  return {
    begin: (perSecond) => child.call('begin', perSecond),
    pause: () => child.call('pause'),
    end: (mostMs = 60_000) => child.call('end', mostMs),
    status: () => child.call('status'),
    stop: () => child.stop(),
  };
}
