import { closeSync, fdatasync, openSync, readSync, writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { Entry, History, HistoryRecord } from './records';

const syncEveryMs = 100;
/** Looked at this often; what is late by more than `lagFromMs` is written down. */
const lagEveryMs = 50;
const lagFromMs = 100;
const portionBytes = 4_194_304;

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
  const all = files.flatMap((file) => [...recordsOf(file)]);
  return all.sort((a, b) => a.t - b.t || (a.rec < b.rec ? -1 : 1) || a.n - b.n);
}

function* recordsOf(file: string): Generator<HistoryRecord> {
  let number = 0;
  for (const { line, isLast } of linesOf(file)) {
    number += 1;
    if (line === '') continue;
    let record: HistoryRecord;
    try {
      record = JSON.parse(line) as HistoryRecord;
    } catch (error) {
      if (isLast) return;
      throw new Error(`${file}:${number} is no record`, { cause: error });
    }
    yield record;
  }
}

/** In portions: an hour's history is longer than a string may be. */
function* linesOf(file: string): Generator<{ readonly line: string; readonly isLast: boolean }> {
  const fd = openSync(file, 'r');
  try {
    const decoder = new StringDecoder('utf8');
    const portion = Buffer.alloc(portionBytes);
    let rest = '';
    for (;;) {
      const length = readSync(fd, portion);
      if (length === 0) break;
      const lines = (rest + decoder.write(portion.subarray(0, length))).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield { line, isLast: false };
    }
    yield { line: rest + decoder.end(), isLast: true };
  } finally {
    closeSync(fd);
  }
}
