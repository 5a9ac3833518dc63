import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Writes JSON that only this user may read; whoever reads sees the old or the new content, never half of it. */
export function writePrivate(file: string, value: unknown): void {
  const next = `${file}.${process.pid}.next`;
  rmSync(next, { force: true });
  writeFileSync(next, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  chmodSync(next, 0o600);
  renameSync(next, file);
}

/** @returns null when the file is missing or is no JSON: what it said can then be found out or made anew. */
export function readPrivate<T>(file: string): T | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
