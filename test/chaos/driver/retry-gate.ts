const tickMs = 50;
/** While nothing gets through a few still knock, so that the end of an outage is seen. */
const knockingPerTick = 1;

/**
 * Lets retries through at a bounded rate, in the order in which they came: after an outage of a minute thousands wait,
 * and all at once they would be a flood that nobody asked for.
 */
export class RetryGate {
  private readonly waiting: (() => void)[] = [];
  private isAnswered = true;
  private readonly timer: NodeJS.Timeout;

  constructor(perSecond: number) {
    const most = Math.max(1, Math.ceil((perSecond * tickMs) / 1_000));
    this.timer = setInterval(() => this.release(this.isAnswered ? most : knockingPerTick), tickMs);
  }

  /** What the last request met. */
  report(isAnswered: boolean): void {
    this.isAnswered = isAnswered;
  }

  turn(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  close(): void {
    clearInterval(this.timer);
  }

  private release(count: number): void {
    for (const go of this.waiting.splice(0, count)) go();
  }
}
