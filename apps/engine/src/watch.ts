import { type Context, Loop, type ProcessHeartbeat, raiseSystemAlert } from '@tocsin/operations';
import {
  checkpoint,
  findSilentIncidents,
  forgetDeadProcesses,
  forgetOldRequests,
  wakeStaleAlerts,
} from '@tocsin/store';

const everyMs = 5_000;
const peerGraceMs = 15_000;

/** What must hold and nobody is called for: watched every 5 s, and said aloud as a SYS alert when it does not. */
export class Watch {
  private readonly loop: Loop;
  private readonly startedAt = performance.now();
  private passes = 0;

  constructor(
    private readonly context: Context,
    private readonly heartbeat: ProcessHeartbeat,
  ) {
    this.loop = new Loop({ name: 'watch', log: context.log, pass: () => this.pass() });
  }

  close(): Promise<void> {
    return this.loop.stop();
  }

  private async pass(): Promise<number> {
    const { pool } = this.context;
    await wakeStaleAlerts(pool, 1_000);
    for (const { number } of await findSilentIncidents(pool)) {
      await raiseSystemAlert(this.context, { cause: 'incident-silent', subject: number, params: { number } });
    }
    if (performance.now() - this.startedAt > peerGraceMs) {
      for (const service of this.heartbeat.missingServices) {
        await raiseSystemAlert(this.context, { cause: 'service-missing', subject: service, params: { service } });
      }
    }
    if (this.passes % 120 === 0) await this.keepHouse();
    this.passes += 1;
    return everyMs;
  }

  /** Every ten minutes: old idempotency keys and dead processes go, and moved heads are folded into the checkpoint chain each hour. */
  private async keepHouse(): Promise<void> {
    const { pool, log } = this.context;
    await forgetDeadProcesses(pool);
    await forgetOldRequests(pool);
    const head = await checkpoint(pool);
    // The head stands in the log as well: whoever rewrites the database would have to rewrite this too.
    if (head) log.info('log.checkpoint', { ordinal: head.ordinal, hash: head.hash });
  }
}
