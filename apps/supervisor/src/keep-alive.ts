import { setTimeout as wait } from 'node:timers/promises';
import { type Running, signal } from './run-process.js';

export interface KeptOptions {
  readonly name: string;
  readonly launch: () => Running | Promise<Running>;
  readonly say: (text: string) => void;
  /** Called with each new process, so that its pid can be written down. */
  readonly began?: (running: Running) => void;
  readonly longestDelayMs?: number;
}

/** Signals to try, each with the time that it is given, mildest first. */
export type StopSteps = readonly (readonly [name: NodeJS.Signals, graceMs: number])[];

const firstDelayMs = 100;
/** Ready and at work: who dies after that was killed, rather than stumbled at its start. */
const soundAfterMs = 5_000;

/** Back-off before the next launch: doubles from 100 ms up to `longestMs`; a process that ran 5 s begins anew. */
export function nextDelay(previousMs: number | null, ranMs: number, longestMs: number): number {
  return previousMs === null || ranMs >= soundAfterMs ? firstDelayMs : Math.min(previousMs * 2, longestMs);
}

/** One process that is started again whenever it ends, until `stop`. Nothing is started after `stop` began. */
export class KeptProcess {
  /** Ends since `start`; a start that waits for an answer gives up after some. */
  deaths = 0;
  /** Ends in a row of processes that did not even run for 2 s: they stumble over something that stays. */
  quickDeaths = 0;
  lastWords = '';
  private running: Running | null = null;
  private stopping = new AbortController();

  constructor(private readonly options: KeptOptions) {}

  get name(): string {
    return this.options.name;
  }

  get pid(): number {
    return this.running?.pid ?? 0;
  }

  async start(adopted?: Running): Promise<void> {
    this.begin(adopted ?? (await this.options.launch()));
    void this.keep();
  }

  async stop(steps: StopSteps): Promise<void> {
    this.stopping.abort();
    const running = this.running;
    if (!running) return;
    for (const [name, graceMs] of steps) {
      signal(running.pid, name);
      const timer = new AbortController();
      const late = wait(graceMs, 'late', { signal: timer.signal }).catch(() => 'late');
      const outcome = await Promise.race([running.exited.then(() => 'gone'), late]);
      timer.abort();
      if (outcome === 'gone') return;
    }
  }

  private begin(running: Running): void {
    this.running = running;
    this.options.began?.(running);
  }

  private async keep(): Promise<void> {
    let delayMs: number | null = null;
    for (;;) {
      const startedAt = performance.now();
      this.lastWords = (await this.running?.exited) ?? '';
      if (this.stopping.signal.aborted) return;
      const ranMs = performance.now() - startedAt;
      this.running = null;
      this.deaths += 1;
      this.quickDeaths = ranMs < 2_000 ? this.quickDeaths + 1 : 0;
      delayMs = nextDelay(delayMs, ranMs, this.options.longestDelayMs ?? 5_000);
      await wait(delayMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      // A signal to the whole group ends services a moment before it is heard here: then nothing is started again.
      if (this.stopping.signal.aborted) return;
      if (this.quickDeaths <= 1) this.options.say(`${this.name} ${this.lastWords}; starting it again`);
      const next = await this.relaunch();
      if (this.stopping.signal.aborted) return signal(next.pid, 'SIGKILL');
      this.begin(next);
    }
  }

  /** A launch that fails, as on a full disk, counts as a process that ended at once. */
  private async relaunch(): Promise<Running> {
    try {
      return await this.options.launch();
    } catch (error) {
      return { pid: 0, exited: Promise.resolve(`could not be started: ${String(error)}`) };
    }
  }
}
