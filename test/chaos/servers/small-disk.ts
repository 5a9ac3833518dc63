import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A tmpfs of its own for PostgreSQL's data: a disk that can be filled without harm to anybody else. */
export interface SmallDisk {
  readonly folder: string;
  /** Fills what is left; returns the function that frees it again. */
  fill(): () => void;
  unmount(): void;
}

/** @returns null where this user may not mount. */
export function mountSmallDisk(folder: string, megabytes: number): SmallDisk | null {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const options = `size=${megabytes}m,mode=0700`;
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status !== 0) return null;
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill: () => {
      fillUp(ballast);
      return () => rmSync(ballast, { force: true });
    },
    // Lazily: a backend that is still ending holds it busy for a moment.
    unmount: () => void spawnSync('umount', ['-l', folder]),
  };
}

function fillUp(file: string): void {
  const fd = openSync(file, 'a', 0o600);
  try {
    for (let block = Buffer.alloc(1 << 20); block.length > 0; ) {
      try {
        writeSync(fd, block);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        block = block.subarray(0, block.length >> 1);
      }
    }
  } finally {
    closeSync(fd);
  }
}
