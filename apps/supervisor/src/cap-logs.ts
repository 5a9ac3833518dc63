import { copyFileSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

const everyMs = 60_000;
const largest = 64 * 1024 * 1024;

/**
 * Keeps TOCSIN_DATA/logs below twice 64 MiB a process: a full log becomes NAME.log.1 and is cut. Writers append, so
 * that they go on at the new end; lines written between the copy and the cut (microseconds a minute) may be lost.
 */
export function capLogs(dir: string): NodeJS.Timeout {
  return setInterval(() => {
    for (const name of readdirSync(dir).filter((file) => file.endsWith('.log'))) {
      const file = join(dir, name);
      if (statSync(file).size < largest) continue;
      copyFileSync(file, `${file}.1`);
      truncateSync(file);
    }
  }, everyMs).unref();
}
