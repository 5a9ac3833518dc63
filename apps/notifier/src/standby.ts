import { lanes } from '@tocsin/contracts';
import { classify } from '@tocsin/domain';
import { type Context, Loop, mergeAlerts, TimerSweeper } from '@tocsin/operations';
import { findSweptAlerts } from '@tocsin/store';

const everyMs = 1_000;
/** The engine's own sweeper has had its turn by then, several times. */
const sweptAfterMs = 3_000;
const atOnce = 100;

/**
 * The second process that sweeps the engine's work (decisions.md section 2): while no engine lives, due steps fire and
 * accepted alerts merge here, a second or three later. Beside a living engine it finds nothing. What fails is left to
 * the engine, which counts attempts and parks.
 */
export class Standby {
  private readonly timers: TimerSweeper;
  private readonly loop: Loop;

  constructor(private readonly context: Context) {
    this.timers = new TimerSweeper(context);
    this.loop = new Loop({ name: 'standby', log: context.log, pass: () => this.pass() });
  }

  async close(): Promise<void> {
    await this.loop.stop();
    await this.timers.settled(2_000);
  }

  private async pass(): Promise<number> {
    await this.timers.pass();
    for (const lane of lanes.keys()) await this.merge(lane);
    return everyMs;
  }

  private async merge(lane: number): Promise<void> {
    const rows = await findSweptAlerts(this.context.pool, { lane, waitedMs: sweptAfterMs, limit: atOnce, without: [] });
    if (rows.length === 0) return;
    try {
      await mergeAlerts(
        this.context,
        rows.map(({ id }) => id),
      );
    } catch (error) {
      const { code, retryable, message } = classify(error);
      if (retryable) throw error;
      this.context.log.warn('standby.left', { lane, alerts: rows.length, code, error: message });
    }
  }
}
