import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { identify, type ProcessIdentity } from './process-table.js';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

export interface Running {
  readonly pid: number;
  /** Resolves, never rejects, once it is gone; says how. */
  readonly exited: Promise<string>;
}

export interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Output is appended by the process itself: it goes on when the supervisor is killed, and costs it nothing. */
  readonly logFile: string;
  /** In a session of its own: signals to the supervisor's group and its terminal do not reach it. */
  readonly ownSession: boolean;
}

export function run(command: Command, { env, cwd, logFile, ownSession }: RunOptions): Running {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a', 0o600);
  try {
    const { file, args, uid, gid } = command;
    const child = spawn(file, args, { env, cwd, uid, gid, detached: ownSession, stdio: ['ignore', log, log] });
    const exited = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(`could not be started: ${error.message}`));
      child.once('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`));
    });
    return { pid: child.pid ?? 0, exited };
  } finally {
    closeSync(log);
  }
}

/** For short work such as initdb. @throws the signal's reason when that came first; the process has then been ended. */
export async function endedOrAborted(running: Running, abort: AbortSignal): Promise<string> {
  const end = (): void => signal(running.pid, 'SIGTERM');
  abort.addEventListener('abort', end);
  const outcome = await running.exited;
  abort.removeEventListener('abort', end);
  abort.throwIfAborted();
  return outcome;
}

/** A process that an earlier supervisor began: no child of ours, so its end is found by looking. */
export function adopted({ pid, startTime }: ProcessIdentity): Running {
  return { pid, exited: untilGone({ pid, startTime }, Number.POSITIVE_INFINITY).then(() => 'ended') };
}

/** @returns false when it still lives after `timeoutMs`. */
export async function untilGone(process: { pid: number; startTime: string }, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (identify(process.pid)?.startTime === process.startTime) {
    if (Date.now() >= deadline) return false;
    await wait(50, undefined, { ref: timeoutMs !== Number.POSITIVE_INFINITY });
  }
  return true;
}

/** ESRCH: it is gone already, which is what a signal wanted. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    if (pid > 0) process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Ends processes that are nobody's child: by `name`, then by SIGKILL for those that live on after `graceMs`. */
export async function endAll(
  processes: readonly ProcessIdentity[],
  name: NodeJS.Signals,
  graceMs: number,
): Promise<void> {
  for (const { pid } of processes) signal(pid, name);
  const gone = await Promise.all(processes.map((process) => untilGone(process, graceMs)));
  const left = processes.filter((_, index) => !gone[index]);
  for (const { pid } of left) signal(pid, 'SIGKILL');
  await Promise.all(left.map((process) => untilGone(process, 2_000)));
}
