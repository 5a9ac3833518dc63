/**
 * What a gateway reads from the log after a tick, with two million events in it and a transaction open that has written
 * and never ends. Beside it the naive form, everything since the oldest transaction that was open at the cursor.
 */
import { currentCursor, eventsSince, type Cursor, type Pool } from '@tocsin/store';
import { testDatabase } from '@tocsin/testing';
import { type Bench, bench, percentile } from './load-report';

bench('Catch-up: reading what is new in a long log, a writer open the whole time', async (on) => {
  const db = await testDatabase();
  const writer = await db.pool.connect();
  try {
    const events = on.size(2_000_000, 200_000);
    await writer.query('BEGIN; SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0');
    await insert(writer, 1);
    await fill(on, db.pool, events);
    const reads = on.size(500, 100);
    const ours: number[] = [];
    let found = 0;
    for (let read = 0; read < reads; read += 1) {
      const cursor = await currentCursor(db.pool);
      await commits(db.pool, 5);
      const beganAt = performance.now();
      const answer = await eventsSince(db.pool, cursor);
      ours.push(performance.now() - beganAt);
      if (answer === 'snapshot-needed') throw new Error('a snapshot was not expected');
      found += answer.rows.length;
    }
    if (found !== reads * 20) throw new Error(`${found} events were read, not ${reads * 20}`);
    const naive = await naively(db.pool, on.size(20, 10));
    for (const share of [0.5, 0.99]) {
      const name = `read of 20 new events, ${events} in the log, p${share * 100}`;
      on.row({
        name,
        value: percentile(ours, share),
        unit: 'ms',
        better: 'less',
        ...(share === 0.99 ? { floor: 5 } : {}),
        baseline: { name: 'naive: xid >= xmin', value: percentile(naive, share) },
      });
    }
    await writer.query('ROLLBACK');
  } finally {
    writer.release(true);
    await db.drop();
  }
});

/** As the store writes them: a page's worth of JSON each, four to a stream. Only the hashes are not computed. */
const insertText = `INSERT INTO event (stream, seq, type, at, actor_kind, actor_id, data, reason, salt, body_hash, hash, reality, agency_id, site_id, incident)
  SELECT s.stream, q, 'alert.accepted', clock_timestamp(), 'source', 'panels',
    jsonb_build_object('alertId', s.stream, 'key', 'k-' || s.stream, 'source', 'panels', 'site', 'site-1', 'severity', 'high', 'title', 'Door forced at the north gate', 'count', 1),
    '{"code": "alert-accepted", "params": {}, "text": "A signal was kept."}', '\\x00112233445566778899aabbccddeeff', sha256('body'), sha256('hash'), 'actual', 'bench', 'site-1', true
  FROM (SELECT gen_random_uuid() AS stream FROM generate_series(1, $1::int)) AS s, generate_series(1, 4) AS q`;

const insert = (q: Pick<Pool, 'query'>, streams: number): Promise<unknown> =>
  q.query({ name: 'bench-event', text: insertText, values: [streams] });

async function fill(on: Bench, pool: Pool, events: number): Promise<void> {
  const perCommit = 4_000;
  let left = Math.ceil(events / perCommit);
  const beganAt = performance.now();
  const one = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await insert(pool, perCommit / 4);
    }
  };
  await Promise.all([one(), one()]);
  await pool.query('ANALYZE event');
  on.say(`  ${events} events written in ${Math.round((performance.now() - beganAt) / 1_000)} s`);
}

async function commits(pool: Pool, count: number): Promise<void> {
  for (let commit = 0; commit < count; commit += 1) await insert(pool, 1);
}

async function naively(pool: Pool, reads: number): Promise<number[]> {
  const times: number[] = [];
  const client = await pool.connect();
  await client.query('SET statement_timeout = 0');
  for (let read = 0; read < reads; read += 1) {
    const old = snapshotIn(await currentCursor(pool));
    await commits(pool, 5);
    const beganAt = performance.now();
    const { rows } = await client.query<{ n: string }>({
      name: 'naive',
      text: `SELECT stream, seq, type, at, data, reason FROM event
        WHERE xid >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, $1::pg_snapshot) AND pg_visible_in_snapshot(xid, pg_current_snapshot()) ORDER BY position`,
      values: [old],
    });
    times.push(performance.now() - beganAt);
    if (rows.length !== 20) throw new Error(`the naive query read ${rows.length} events`);
  }
  client.release();
  return times;
}

const snapshotIn = (cursor: Cursor): string => cursor.slice(cursor.indexOf(':') + 1);
