import { Client, types } from 'pg';
import type { SqlDump } from './shapes';
import { type Listed, statements } from './statements';

/** 5,000 stopped the reader's event loop for 350 ms at a time. */
const portion = 1_000;

/**
 * Every table that a checker looks at, out of one REPEATABLE READ snapshot that writes nothing. Rows come in
 * portions, so that neither server nor driver holds a table twice. Throws when the database cannot be read.
 */
export async function readSql(databaseUrl: string): Promise<SqlDump> {
  const client = new Client({
    connectionString: databaseUrl,
    application_name: 'chaos dump',
    types: { getTypeParser },
  });
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    // The first statement takes the snapshot: its time is that of the whole dump, however long the rest may take.
    const clock = 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now';
    const { rows } = await client.query<{ now: number }>(clock);
    const now = rows[0]?.now ?? 0;
    const readerNow = Date.now();
    const lists: Partial<Record<Listed, unknown[]>> = {};
    for (const name of Object.keys(statements) as Listed[]) lists[name] = await readAll(client, statements[name]);
    await client.query('COMMIT');
    return { now, readerNow, ...(lists as Pick<SqlDump, Listed>) };
  } finally {
    await client.end();
  }
}

async function readAll(client: Client, statement: string): Promise<unknown[]> {
  const all: unknown[] = [];
  await client.query(`DECLARE part NO SCROLL CURSOR FOR ${statement}`);
  for (;;) {
    const { rows } = await client.query(`FETCH ${portion} FROM part`);
    for (const row of rows) all.push(row);
    if (rows.length < portion) break;
  }
  await client.query('CLOSE part');
  return all;
}

/** What JSON holds comes as JSON, uuid[] as a list; the rest as pg does it. */
const getTypeParser: typeof types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === uuidArray ? (text: string) => text.slice(1, -1).split(',').filter(Boolean) : types.getTypeParser(oid, format);
const uuidArray = 2951;
