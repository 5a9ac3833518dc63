import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { KeptProcess } from './keep-alive.js';
import { StartFault } from './say.js';

export interface AnswerOptions {
  readonly kept: KeptProcess;
  /** True once the process does its work; may throw while it does not. */
  readonly probe: () => Promise<boolean>;
  readonly logFile: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** So many ends in a row mean that waiting longer will not help. */
  readonly maxDeaths?: number;
}

/** Waits until a process that was just started answers; its last log lines are part of the fault when it does not. */
export async function waitForAnswer(options: AnswerOptions): Promise<void> {
  const { kept, probe, signal, timeoutMs, maxDeaths = 5 } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const answers = await probe().catch(() => false);
    if (answers) return;
    if (kept.deaths >= maxDeaths) throw new StartFault(`${kept.name} ${kept.lastWords}.${tail(options.logFile)}`);
    if (performance.now() > deadline) {
      throw new StartFault(`${kept.name} is not ready after ${timeoutMs / 1000} s.${tail(options.logFile)}`);
    }
    await wait(25);
  }
}

function tail(logFile: string): string {
  try {
    const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-8);
    return `\n${[`Last lines of ${logFile}:`, ...lines].join('\n  ')}`;
  } catch {
    // No log, no last words.
    return '';
  }
}
