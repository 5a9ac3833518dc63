import { lanes } from '@tocsin/contracts';
import { type Context, isolatePoison, Loop, mergeUnder, raiseSystemAlert, TimerSweeper } from '@tocsin/operations';
import { findSweptAlerts } from '@tocsin/store';

const everyMs = 500;
/** The engine's own lanes and sweeper have had their turn by then, many times; a step may wait for the merge. */
const sweptAfterMs = 1_000;
const atOnce = 200;
const lockWaitMs = 250;
/** A service that starts anew is no fault. */
const missingForMs = 15_000;

/**
 * The second process that sweeps the engine's work (decisions.md section 2): while no engine lives, due steps fire and
 * accepted alerts merge here, a second or two later, and somebody hears that the engine is missing: its own watch is
 * gone with it. Beside a living engine it finds nothing. What fails is left to the engine, which counts attempts and parks.
 */
export class Standby {
  private readonly timers: TimerSweeper;
  private readonly loops: readonly Loop[];
  private engineSeenAt = performance.now();

  constructor(
    private readonly context: Context,
    private readonly isEngineMissing: () => boolean,
  ) {
    this.timers = new TimerSweeper(context);
    // A backlog of alerts must not keep steps waiting.
    this.loops = [
      new Loop({ name: 'standby', log: context.log, pass: () => this.fire() }),
      new Loop({ name: 'standby.merges', log: context.log, pass: () => this.mergeAll() }),
    ];
  }

  async close(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
    await this.timers.settled(2_000);
  }

  private async fire(): Promise<number> {
    await this.timers.pass();
    await this.watchEngine();
    return everyMs;
  }

  private async mergeAll(): Promise<number> {
    for (const lane of lanes.keys()) await this.merge(lane);
    return everyMs;
  }

  private async watchEngine(): Promise<void> {
    if (!this.isEngineMissing()) this.engineSeenAt = performance.now();
    if (performance.now() - this.engineSeenAt < missingForMs) return;
    const cause = { cause: 'service-missing', subject: 'engine', params: { service: 'engine' } };
    await raiseSystemAlert(this.context, cause);
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
