import { classify } from '@tocsin/domain';

/** How long one lock is waited for, in ms: others hold an incident for some 10 ms, a queue of them for some 100. */
const shortestMs = 250;
/** A process that stands still with a lock in its hand must not stop a lane for longer. */
const longestMs = 2_000;
/** So many times as long as our own transactions take of late: the others' are not longer. */
const times = 8;
/** Weight of the latest one. */
const latest = 0.2;

/** What is done about incidents that somebody holds. Default: they are waited for, as every writer does. */
export interface HeldOptions {
  /** See TransactionOptions. */
  readonly lockWaitMs?: number;
  /** They are left out, with everything that names them. */
  readonly skipsLocked?: boolean;
}

/**
 * Law: whoever holds an incident for longer than is usual holds up nobody's work but its own. What is usual depends on
 * the machine: where a transaction takes 200 ms, giving up after 250 throws away the work of most, and the next attempt
 * finds the same line (a slow machine came to 11 such failures a second, each of them work for nothing).
 */
export class Patience {
  private typicalMs = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  get lockWaitMs(): number {
    return Math.round(Math.min(Math.max(times * this.typicalMs, shortestMs), longestMs));
  }

  /** Works once, waiting for what others hold; if that takes too long, once more without it: `work` then answers what it left. */
  async unlessHeld<T>(work: (options: HeldOptions) => Promise<T>): Promise<T> {
    return this.learning((lockWaitMs) => work({ lockWaitMs })).catch((error: unknown) => {
      if (classify(error).code !== 'store-locked') throw error;
      return this.learning((lockWaitMs) => work({ lockWaitMs, skipsLocked: true }));
    });
  }

  /** Works once, and learns from it how long that takes. */
  async learning<T>(work: (lockWaitMs: number) => Promise<T>): Promise<T> {
    const beganAt = this.now();
    const result = await work(this.lockWaitMs);
    this.typicalMs += latest * (this.now() - beganAt - this.typicalMs);
    return result;
  }
}
