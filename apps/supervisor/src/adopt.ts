import type { ProcessIdentity } from './process-table.js';

/** What an earlier start wrote down about a server that it began. */
export interface Recorded {
  readonly pid: number;
  readonly startTime: string;
}

export interface Found {
  readonly recorded: Recorded | null;
  /** The process that runs on our data folder now, if any. */
  readonly live: ProcessIdentity | null;
  /** Its command line names our data folder. */
  readonly ofOurData: boolean;
  /** It took our password and named our data folder. */
  readonly answers: boolean;
}

export type Adoption =
  | { readonly next: 'adopt'; readonly reason: 'ours-and-answers' }
  | { readonly next: 'stop'; readonly reason: 'does-not-answer' | 'started-by-another' }
  | { readonly next: 'start'; readonly reason: 'none' | 'pid-of-another' };

/**
 * What to do with a server that a killed supervisor may have left. Adopted is only what is the recorded process (pid
 * and start time), runs on our data folder and answers; any other process on our data folder is stopped, since two on
 * one folder would destroy it; a process that merely got the same pid is left alone.
 */
export function decideAdoption({ recorded, live, ofOurData, answers }: Found): Adoption {
  if (!live) return { next: 'start', reason: 'none' };
  if (!ofOurData) return { next: 'start', reason: 'pid-of-another' };
  if (recorded?.pid !== live.pid || recorded.startTime !== live.startTime) {
    return { next: 'stop', reason: 'started-by-another' };
  }
  return answers ? { next: 'adopt', reason: 'ours-and-answers' } : { next: 'stop', reason: 'does-not-answer' };
}
