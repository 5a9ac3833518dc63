import { lanes } from '@tocsin/contracts';
import { type Context, isolatePoison, Loop, mergeUnder, TimerSweeper } from '@tocsin/operations';
import { findSweptAlerts } from '@tocsin/store';

const everyMs = 1_000;
/** The engine's own sweeper has had its turn by then, several times. */
const sweptAfterMs = 3_000;
const atOnce = 100;
const lockWaitMs = 250;

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
    await isolatePoison(
      rows.map(({ id }) => id),
      {
        // Whoever holds an incident for long must not keep this loop from the steps of all others.
        work: async (part) => void (await mergeUnder(this.context, part, { lockWaitMs, skipsLocked: true })),
        park: async (id, code) => this.context.log.warn('standby.left', { lane, alertId: id, code }),
      },
    );
  }
}
