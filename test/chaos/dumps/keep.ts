import { closeSync, createReadStream, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Scene } from '../scene/shapes';
import type { Dumps, SqlDump } from './shapes';

/** Writes what a checker needs beside the history: tables row by row (one text of all would be too long), the rest as JSON. */
export function keepDumps(folder: string, { sql, ...rest }: Dumps, scene: Scene): void {
  const dir = join(folder, 'dumps');
  mkdirSync(dir, { recursive: true });
  const lists = Object.entries(sql).filter(([, value]) => Array.isArray(value)) as [string, unknown[]][];
  for (const [name, rows] of lists) {
    const fd = openSync(join(dir, `${name}.ndjson`), 'w', 0o600);
    for (const row of rows) writeSync(fd, `${JSON.stringify(row)}\n`);
    closeSync(fd);
  }
  const { now, readerNow } = sql;
  const names = lists.map(([name]) => name);
  writeFileSync(join(dir, 'rest.json'), JSON.stringify({ now, readerNow, names, rest, scene }), { mode: 0o600 });
}

/** What `keepDumps` wrote. */
export async function keptDumps(folder: string): Promise<{ dumps: Dumps; scene: Scene }> {
  const dir = join(folder, 'dumps');
  const { now, readerNow, names, rest, scene } = JSON.parse(readFileSync(join(dir, 'rest.json'), 'utf8')) as {
    now: number;
    readerNow: number;
    names: string[];
    rest: Omit<Dumps, 'sql'>;
    scene: Scene;
  };
  const lists: Record<string, unknown[]> = {};
  for (const name of names) {
    const rows: unknown[] = (lists[name] = []);
    for await (const line of createInterface({ input: createReadStream(join(dir, `${name}.ndjson`)) }))
      rows.push(JSON.parse(line));
  }
  return { dumps: { ...rest, sql: { now, readerNow, ...lists } as unknown as SqlDump }, scene };
}
