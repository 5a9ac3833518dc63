import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { identify } from './process-table.js';
import { writePrivate } from './private-file.js';

export interface LockHolder {
  readonly pid: number;
  readonly startTime: string;
  readonly state: 'running' | 'stopping';
}

export interface Lock {
  /** Others wait for a stopping one (up to 10 s) and refuse on a running one. */
  stopping(): void;
  release(): void;
}

export interface LockOptions {
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

export type LockAnswer = { ok: true; lock: Lock } | { ok: false; refusal: 'in-use'; holder: LockHolder };

/** @returns null for anything that no supervisor wrote, such as a file cut off by a full disk. */
export function parseLock(text: string): LockHolder | null {
  try {
    const { pid, startTime, state } = JSON.parse(text) as LockHolder;
    if (!Number.isSafeInteger(pid) || typeof startTime !== 'string') return null;
    return { pid, startTime, state: state === 'stopping' ? 'stopping' : 'running' };
  } catch {
    return null;
  }
}

/**
 * Takes TOCSIN_DATA for this process. Law: of any number of starts at most one holds it; a holder that died (same pid
 * and start time no longer there) holds nothing. `waitMs` bounds the wait for one that is stopping.
 */
export async function takeLock(dataDir: string, { waitMs = 10_000, signal }: LockOptions = {}): Promise<LockAnswer> {
  const file = join(dataDir, 'supervisor.lock');
  const own: LockHolder = { pid: process.pid, startTime: identify(process.pid)?.startTime ?? '', state: 'running' };
  const deadline = Date.now() + waitMs;
  for (;;) {
    if (linkNew(file, own)) return { ok: true, lock: lockOf(file, own) };
    const text = readIfThere(file);
    if (text === null) continue;
    const holder = parseLock(text);
    if (!holder || identify(holder.pid)?.startTime !== holder.startTime) takeAway(file, text);
    else if (holder.state === 'running' || Date.now() >= deadline) return { ok: false, refusal: 'in-use', holder };
    else await wait(100, undefined, { signal });
  }
}

function lockOf(file: string, own: LockHolder): Lock {
  return {
    stopping: () => writePrivate(file, { ...own, state: 'stopping' }),
    release: () => rmSync(file, { force: true }),
  };
}

/** link(2) makes the name only if nobody has it, with its content already inside. */
function linkNew(file: string, own: LockHolder): boolean {
  const draft = `${file}.${own.pid}.draft`;
  writeFileSync(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Two starts may find the same dead holder: rename is won by one, and gives back a lock that was taken meanwhile. */
function takeAway(file: string, dead: string): void {
  const aside = `${file}.${process.pid}.dead`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (readIfThere(aside) === dead) rmSync(aside, { force: true });
  else renameSync(aside, file);
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
