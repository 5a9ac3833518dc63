import { Parts } from '../parts.js';
import type { ConsoleHub } from './console-hub.js';
import type { Subscriber } from './subscriber.js';

const everyMs = 200;
/** More than this handed over and not taken, for as long as this: the console is behind. A burst alone is none. */
const behindBytes = 1_048_576;
const behindForMs = 600;
/** So much at once is not waited for. */
const farBehindBytes = 16 * behindBytes;
/** Less than this left: it has caught up and gets a snapshot. */
const caughtUpBytes = 65_536;
const cutAfterMs = 30_000;

/** Bounds what slow consoles cost: out of their rooms beyond 1 MiB, a snapshot when they have caught up, cut at 30 s. Frames in line are one buffer that all sockets share. */
export class SlowSockets {
  private readonly timer: NodeJS.Timeout;
  private readonly sockets;

  constructor(
    private readonly parts: Parts,
    private readonly hub: ConsoleHub,
  ) {
    this.sockets = parts.metrics.gauge('gateway_sockets', 'Consoles connected', ['mode']);
    this.timer = setInterval(() => this.pass(), everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private pass(): void {
    const counts: Record<Subscriber['mode'], number> = { connected: 0, joining: 0, live: 0, behind: 0 };
    for (const { mode } of this.hub.subscribers.values()) counts[mode] += 1;
    for (const [mode, count] of Object.entries(counts)) this.sockets.set({ mode }, count);
    for (const subscriber of this.hub.subscribers.values()) {
      const bytes = subscriber.outgoingBytes;
      if (bytes < caughtUpBytes) subscriber.allowance = 0;
      if (subscriber.mode === 'live' && this.isBehind(subscriber, bytes)) {
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

  private isBehind(subscriber: Subscriber, bytes: number): boolean {
    const now = performance.now();
    if (bytes <= behindBytes + subscriber.allowance) subscriber.overSinceMs = Number.POSITIVE_INFINITY;
    else subscriber.overSinceMs = Math.min(subscriber.overSinceMs, now);
    return now - subscriber.overSinceMs >= behindForMs || bytes > farBehindBytes + subscriber.allowance;
  }
}
