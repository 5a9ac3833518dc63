import { Parts } from '../parts.js';
import type { ConsoleHub } from './console-hub.js';

const everyMs = 200;
/** More than this handed over and not taken: the console is behind. */
const behindBytes = 1_048_576;
/** Less than this left: it has caught up and gets a snapshot. */
const caughtUpBytes = 65_536;
const cutAfterMs = 30_000;

/** Bounds what slow consoles cost: out of their rooms beyond 1 MiB, a snapshot when they have caught up, cut at 30 s. */
export class SlowSockets {
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly parts: Parts,
    private readonly hub: ConsoleHub,
  ) {
    this.timer = setInterval(() => this.pass(), everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private pass(): void {
    for (const subscriber of this.hub.subscribers.values()) {
      const bytes = subscriber.outgoingBytes;
      if (bytes < caughtUpBytes) subscriber.allowance = 0;
      if (subscriber.mode === 'live' && bytes > behindBytes + subscriber.allowance) {
        this.parts.log.info('live.behind', { personId: subscriber.person.id, bytes });
        this.hub.fallBehind(subscriber);
      } else if (subscriber.mode === 'behind' && bytes < caughtUpBytes) {
        this.hub.resend(subscriber);
      } else if (subscriber.mode === 'behind' && performance.now() - subscriber.behindSinceMs > cutAfterMs) {
        this.parts.log.warn('live.cut', { personId: subscriber.person.id, bytes });
        subscriber.cut();
      }
    }
  }
}
