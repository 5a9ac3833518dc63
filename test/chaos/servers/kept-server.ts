import type { ChildProcess } from 'node:child_process';
import { until } from '../history/until';

export interface KeptOptions {
  readonly name: string;
  readonly launch: () => ChildProcess;
  /** Whether it serves, asked beside every proxy; a rejection means no. */
  readonly answers: () => Promise<boolean>;
  /** What an init system waits before it starts again what has ended. */
  readonly restartAfterMs: number;
}

/** A recovery after a crash is never cut short. */
const longestStartMs = 180_000;
const askEveryMs = 50;

/** A server that is started again whenever it ends, as by an init system, from `start` until `stop`. */
export class KeptServer {
  /** Times that it was launched. */
  launches = 0;
  private child: ChildProcess | null = null;
  private isWanted = false;
  private again: NodeJS.Timeout | undefined;

  constructor(private readonly options: KeptOptions) {}

  /** @throws where it is down just now. */
  get pid(): number {
    const pid = this.child?.pid;
    if (pid === undefined) throw new Error(`${this.options.name} is down`);
    return pid;
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    this.isWanted = true;
    if (!this.child) this.launch();
    await this.answering();
  }

  async answering(): Promise<void> {
    const { answers, name } = this.options;
    await until(() => answers().catch(() => false), {
      withinMs: longestStartMs,
      everyMs: askEveryMs,
      what: `${name} answers`,
    });
  }

  /** Ends it by a signal; it starts again by itself. Resolves when it answers again. */
  async crash(signal: NodeJS.Signals): Promise<void> {
    await this.end(signal);
    if (this.isWanted) await this.answering();
  }

  /** Ends it for good, or until `start`; after `graceMs` by SIGKILL. */
  async stop(signal: NodeJS.Signals, graceMs: number): Promise<void> {
    this.isWanted = false;
    clearTimeout(this.again);
    const killing = setTimeout(() => this.child?.kill('SIGKILL'), graceMs);
    await this.end(signal);
    clearTimeout(killing);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (!child) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  private launch(): void {
    const child = this.options.launch();
    this.child = child;
    this.launches += 1;
    child.once('exit', () => {
      this.child = null;
      if (!this.isWanted) return;
      this.again = setTimeout(() => this.launch(), this.options.restartAfterMs);
    });
  }
}
