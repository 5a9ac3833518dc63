import { closeSync, fdatasync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Entry, History, HistoryRecord } from './records';

const syncEveryMs = 100;
/** Looked at this often; what is late by more than `lagFromMs` is written down. */
const lagEveryMs = 50;
const lagFromMs = 100;

/** CLOCK_MONOTONIC in ms. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

export interface RecorderOptions {
  readonly run: string;
  readonly rec: string;
  readonly file: string;
  /** False for whoever times nothing: a fault that is written down late only widens what counts as disturbed. */
  readonly watchesLag?: boolean;
}

/**
 * Appends lines to one file, flushed every 100 ms, and watches its own event loop. Never a fault's target: it lives in
 * processes that nobody kills.
 */
export class Recorder {
  private n = 0;
  private readonly fd: number;
  private isDirty = false;
  private readonly timers: NodeJS.Timeout[];

  constructor(private readonly options: RecorderOptions) {
    this.fd = openSync(options.file, 'a', 0o600);
    this.timers = [setInterval(() => this.sync(), syncEveryMs)];
    if (options.watchesLag ?? true) this.timers.push(this.watchLag());
  }

  write(entry: Entry): void {
    const { run, rec } = this.options;
    const line: HistoryRecord = { v: 1, run, rec, n: this.n++, t: monotonicMs(), w: Date.now(), ...entry };
    writeSync(this.fd, `${JSON.stringify(line)}\n`);
    this.isDirty = true;
  }

  close(): void {
    for (const timer of this.timers) clearInterval(timer);
    closeSync(this.fd);
  }

  private sync(): void {
    if (!this.isDirty) return;
    this.isDirty = false;
    fdatasync(this.fd, () => undefined);
  }

  private watchLag(): NodeJS.Timeout {
    let expected = monotonicMs() + lagEveryMs;
    return setInterval(() => {
      const late = monotonicMs() - expected;
      expected = monotonicMs() + lagEveryMs;
      if (late > lagFromMs) this.write({ f: 'lag', ph: 'ok', ms: Math.round(late) });
    }, lagEveryMs);
  }
}

/** Reads and merges the files of a run. A last line that was cut is left out; any other that does not parse is an error. */
export function readHistory(files: readonly string[]): History {
  const all = files.flatMap((file) => {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.flatMap((line, index): HistoryRecord[] => {
      if (line === '') return [];
      try {
        return [JSON.parse(line) as HistoryRecord];
      } catch (error) {
        if (index === lines.length - 1) return [];
        throw new Error(`${file}:${index + 1} is no record`, { cause: error });
      }
    });
  });
  return all.sort((a, b) => a.t - b.t || (a.rec < b.rec ? -1 : 1) || a.n - b.n);
}
