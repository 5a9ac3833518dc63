import { type Context, Loop, TimerSweeper } from '@tocsin/operations';
import type { Counter } from 'prom-client';

/** Fires due timers: sleeps until the next one is due by PostgreSQL's clock, at most 250 ms. */
export class TimerLoop {
  private readonly sweeper: TimerSweeper;
  private readonly loop: Loop;

  constructor(context: Context, fired: Counter) {
    this.sweeper = new TimerSweeper(context, (incidents) => fired.inc(incidents));
    this.loop = new Loop({ name: 'timers', log: context.log, pass: () => this.sweeper.pass() });
  }

  get silentMs(): number {
    return performance.now() - this.loop.lastPassAt;
  }

  async close(): Promise<void> {
    await this.loop.stop();
    await this.sweeper.settled(2_000);
  }
}
