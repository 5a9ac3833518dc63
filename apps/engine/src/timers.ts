import { type Context, fireTimers, Loop } from '@tocsin/operations';
import type { Counter } from 'prom-client';

const longestSleepMs = 250;

/** Sleeps until the next timer is due by PostgreSQL's clock, at most 250 ms, and fires what is due. */
export class TimerLoop {
  private readonly loop: Loop;

  constructor(context: Context, fired: Counter) {
    const pass = async (): Promise<number> => {
      const { incidents, nextInMs } = await fireTimers(context);
      fired.inc(incidents);
      return Math.min(nextInMs ?? longestSleepMs, longestSleepMs);
    };
    this.loop = new Loop({ name: 'timers', log: context.log, pass });
  }

  get silentMs(): number {
    return performance.now() - this.loop.lastPassAt;
  }

  close(): Promise<void> {
    return this.loop.stop();
  }
}
