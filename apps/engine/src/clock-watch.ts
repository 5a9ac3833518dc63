import { type ClockReading, clockStep } from '@tocsin/domain';
import { type Context, Loop, raiseSystemAlert } from '@tocsin/operations';
import { clockNow } from '@tocsin/store';

const everyMs = 1_000;
/** A clock that is disciplined is never moved by as much at once. */
const stepMs = 500;

/**
 * All due times are PostgreSQL's. When somebody sets its clock they come early, or as much later: that cannot be undone
 * here, but it is said.
 */
export class ClockWatch {
  private readonly loop: Loop;
  private last: ClockReading | undefined;

  constructor(private readonly context: Context) {
    this.loop = new Loop({ name: 'clock', log: context.log, pass: () => this.pass() });
  }

  close(): Promise<void> {
    return this.loop.stop();
  }

  private async pass(): Promise<number> {
    const askedMs = performance.now();
    const now = await clockNow(this.context.pool);
    const reading = { now, askedMs, toldMs: performance.now() };
    const step = this.last === undefined ? 0 : clockStep(this.last, reading);
    if (Math.abs(step) >= stepMs) {
      const params = { ms: Math.round(step) };
      await raiseSystemAlert(this.context, { cause: 'clock-stepped', subject: 'postgresql', params });
    }
    // Not before it is said: a pass that fails is made again.
    this.last = reading;
    return everyMs;
  }
}
