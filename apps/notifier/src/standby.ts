import { lanes } from '@tocsin/contracts';
import { type Context, isolatePoison, Loop, mergeUnder, raiseSystemAlert, TimerSweeper } from '@tocsin/operations';
import { findSweptAlerts } from '@tocsin/store';

const everyMs = 500;
/**
 * The engine's own lanes and sweeper have had their turn by then, many times. Less when the last look found something: then
 * nobody merges, and the first step of an alert waits for its merge.
 */
const sweptAfterMs = { beside: 1_000, instead: 250 };
const atOnce = 100;
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
    // A backlog of alerts must not keep steps waiting, nor those of one lane another's.
    this.loops = [
      new Loop({ name: 'standby', log: context.log, pass: () => this.fire() }),
      ...lanes.map((name, lane) => {
        const merges = new StandbyMerges(context, lane);
        return new Loop({ name: `standby.${name}`, log: context.log, pass: () => merges.pass() });
      }),
    ];
  }

  async close(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
    await this.timers.settled(2_000);
  }

  private async fire(): Promise<number> {
    const nextInMs = await this.timers.pass();
    await this.watchEngine();
    // Nobody has fired what it found: from here on it goes at the engine's own pace.
    return this.timers.lateMs > everyMs ? nextInMs : everyMs;
  }

  private async watchEngine(): Promise<void> {
    if (!this.isEngineMissing()) this.engineSeenAt = performance.now();
    if (performance.now() - this.engineSeenAt < missingForMs) return;
    const cause = { cause: 'service-missing', subject: 'engine', params: { service: 'engine' } };
    await raiseSystemAlert(this.context, cause);
  }
}

/** What the engine has left waiting in one lane. */
class StandbyMerges {
  private waitedMs = sweptAfterMs.beside;

  constructor(
    private readonly context: Context,
    private readonly lane: number,
  ) {}

  async pass(): Promise<number> {
    const { context, lane, waitedMs } = this;
    const rows = await findSweptAlerts(context.pool, { lane, waitedMs, limit: atOnce, without: [] });
    this.waitedMs = rows.length > 0 ? sweptAfterMs.instead : sweptAfterMs.beside;
    if (rows.length === 0) return everyMs;
    await isolatePoison(
      rows.map(({ id }) => id),
      {
        // Whoever holds an incident for long must not keep this loop from the steps of all others.
        work: async (part) => void (await mergeUnder(context, part, { lockWaitMs, skipsLocked: true })),
        park: async (id, code) => context.log.warn('standby.left', { lane, alertId: id, code }),
      },
    );
    return sweptAfterMs.instead;
  }
}
