import { lanes } from '@tocsin/contracts';
import {
  type Context,
  type HeldIncidents,
  heldIncidents,
  isolatePoison,
  Loop,
  mergeUnder,
  raiseSystemAlert,
  TimerSweeper,
} from '@tocsin/operations';
import { findSweptAlerts, isConnected } from '@tocsin/store';

/** How soon an engine that was killed is noticed. */
const everyMs = 250;
/** The engine's own lanes and sweeper have had their turn by then, many times. */
const sweptAfterMs = 1_000;
const sweepEveryMs = 500;
/** Without an engine nobody else merges, and the first step of an alert waits for its merge. */
const insteadMs = 100;
const atOnce = 100;
const lockWaitMs = 250;
/** A service that starts anew is no fault. */
const missingForMs = 15_000;

/**
 * The second process that sweeps the engine's work (decisions.md section 2): without an engine due steps fire and accepted
 * alerts merge here, and somebody hears when it stays away: its own watch is gone with it. Beside a living engine it finds
 * nothing. What fails is left to the engine, which counts attempts and parks.
 */
export class Standby {
  private readonly timers: TimerSweeper;
  private readonly steps: Loop;
  private readonly merges: readonly Loop[];
  private readonly held: HeldIncidents;
  private isAlone = false;
  private engineSeenAt = performance.now();

  constructor(
    private readonly context: Context,
    private readonly isEngineMissing: () => boolean,
  ) {
    this.timers = new TimerSweeper(context);
    // A backlog of alerts must not keep steps waiting, nor those of one lane another's.
    const { log } = context;
    this.held = heldIncidents(context);
    this.steps = new Loop({ name: 'standby', log, pass: () => this.fire() });
    this.merges = lanes.map((name, lane) => new Loop({ name: `standby.${name}`, log, pass: () => this.merge(lane) }));
  }

  async close(): Promise<void> {
    await Promise.all([this.steps, ...this.merges].map((loop) => loop.stop()));
    await Promise.all([this.timers.settled(2_000), this.held.settled(2_000)]);
  }

  private async fire(): Promise<number> {
    const nextInMs = await this.timers.pass();
    await this.watchEngine();
    return this.isAlone ? Math.min(nextInMs, everyMs) : everyMs;
  }

  private async watchEngine(): Promise<void> {
    const wasAlone = this.isAlone;
    this.isAlone = !(await isConnected(this.context.pool, 'engine'));
    if (this.isAlone && !wasAlone) for (const loop of this.merges) loop.nudge();
    if (!this.isEngineMissing()) this.engineSeenAt = performance.now();
    if (performance.now() - this.engineSeenAt < missingForMs) return;
    const cause = { cause: 'service-missing', subject: 'engine', params: { service: 'engine' } };
    await raiseSystemAlert(this.context, cause);
  }

  private async merge(lane: number): Promise<number> {
    const { context, held, isAlone } = this;
    const waitedMs = isAlone ? insteadMs : sweptAfterMs;
    const rows = await findSweptAlerts(context.pool, { lane, waitedMs, limit: atOnce, without: held.alerts });
    if (rows.length > 0)
      await isolatePoison(
        rows.map(({ id }) => id),
        {
          work: (part) => this.mergeFree(part, lane),
          park: async (id, code) => context.log.warn('standby.left', { lane, alertId: id, code }),
        },
      );
    held.begin();
    return isAlone ? insteadMs : sweepEveryMs;
  }

  /** Whoever holds an incident for long must not keep a loop from the steps of all others: it is waited for apart. */
  private async mergeFree(ids: readonly string[], lane: number): Promise<void> {
    const { context, held } = this;
    const options = { lockWaitMs, skipsLocked: true, without: held.incidents };
    const { locked } = await mergeUnder(context, ids, options);
    // A living engine waits for them itself.
    if (this.isAlone) held.add(locked, lane);
  }
}
