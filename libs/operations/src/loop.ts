import { classify } from '@tocsin/domain';
import type { Logger } from '@tocsin/telemetry';

export interface LoopOptions {
  readonly name: string;
  readonly log: Logger;
  /** One pass; answers in how many milliseconds the next may begin. Nothing waits in memory for longer than a minute. */
  readonly pass: () => Promise<number>;
}

const longestMs = 60_000;

/** Passes one after the other until stopped. A failing pass is logged once per cause and tried again after 250 ms. */
export class Loop {
  private stopped = false;
  private wake: (() => void) | undefined;
  private woken = false;
  private lastFault = '';
  private readonly finished: Promise<void>;
  /** Monotonic time of the last pass that ended well; a watch compares it with now. */
  lastPassAt = performance.now();

  constructor(private readonly options: LoopOptions) {
    this.finished = this.run();
  }

  /** Begins the next pass at once. */
  nudge(): void {
    this.woken = true;
    this.wake?.();
  }

  /** Ends after the pass that is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wake?.();
    await this.finished;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      this.woken = false;
      const delay = await this.passOnce();
      if (!this.stopped && !this.woken) await this.pause(Math.min(Math.max(delay, 0), longestMs));
    }
  }

  private async passOnce(): Promise<number> {
    const { name, log, pass } = this.options;
    try {
      const delay = await pass();
      this.lastPassAt = performance.now();
      if (this.lastFault !== '') log.info('loop.recovered', { loop: name });
      this.lastFault = '';
      return delay;
    } catch (error) {
      const fault = classify(error);
      if (fault.code !== this.lastFault)
        log.warn('loop.failed', { loop: name, code: fault.code, error: fault.message });
      this.lastFault = fault.code;
      return 250;
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
