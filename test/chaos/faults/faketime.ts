import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Debian's `libfaketime`, in its form for programs with threads; distributions keep it in the folder of an architecture. */
export const faketime: string | null = libraries().find((file) => existsSync(file)) ?? null;

function libraries(): string[] {
  const folders = ['/usr/lib', '/usr/lib64', '/usr/local/lib'].filter((folder) => existsSync(folder));
  const inner = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('-linux-gnu'))
      .map((name) => join(folder, name)),
  );
  return [...folders, ...inner].map((folder) => join(folder, 'faketime/libfaketimeMT.so.1'));
}

/** Looked at again this often: a look at every reading of the clock costs more than the service does. */
const lookEveryS = 1;

/**
 * What a process must be started with so that its wall clock follows `clockFile`; its monotonic clock and its timers keep
 * the machine's. Empty without a file or without the library. The file is made where it is missing: no step.
 */
export function clockEnv(clockFile: string | null): Record<string, string> {
  if (clockFile === null || faketime === null) return {};
  if (!existsSync(clockFile)) stepClock(clockFile, 0);
  return {
    LD_PRELOAD: faketime,
    FAKETIME_TIMESTAMP_FILE: clockFile,
    FAKETIME_CACHE_DURATION: String(lookEveryS),
    DONT_FAKE_MONOTONIC: '1',
  };
}

/** Sets the clock of all that follow this file off by so many seconds, within a second. */
export function stepClock(clockFile: string, offsetS: number): void {
  const draft = `${clockFile}.draft`;
  writeFileSync(draft, `${offsetS < 0 ? '-' : '+'}${Math.abs(offsetS)}\n`);
  renameSync(draft, clockFile);
}
