import { anEvent, anOpening, testDatabase, type TestDatabase } from '@tocsin/testing';
import {
  appendToStream,
  type Bad,
  checkpoint,
  clockNow,
  commitDecisions,
  exportLog,
  loadAggregates,
  newLoaded,
  transaction,
  verifyExport,
  verifyLog,
} from '../index.js';

describe('verifyLog', () => {
  let db: TestDatabase;
  let streams: string[];

  beforeAll(async () => {
    db = await testDatabase();
    await db.pool.query(`INSERT INTO agency VALUES ('unit', '{"en": "Unit"}', 'Asia/Karachi')`);
    streams = await fill(db, 12);
    await checkpoint(db.pool, { everyMs: 0 });
    streams.push(...(await fill(db, 8)));
    await grow(db, streams.slice(0, 5));
    await checkpoint(db.pool, { everyMs: 0 });
    await grow(db, streams.slice(3, 8));
  });
  afterAll(() => db.drop());

  /** Runs `sql` on a copy of the rows, verifies database and export of it, and puts everything back. */
  const tampered = async (sql: string, values: unknown[] = []): Promise<Bad | null> => {
    await db.pool.query(
      'CREATE TABLE kept_event AS SELECT * FROM event; CREATE TABLE kept_checkpoint AS SELECT * FROM checkpoint',
    );
    const heads = await db.pool.query<{ id: string; head_seq: string; head_hash: Buffer }>(
      'SELECT id, head_seq, head_hash FROM incident',
    );
    try {
      await db.pool.query(sql, values);
      const verdict = await verifyLog(db.pool);
      const lines: string[] = [];
      await exportLog(db.pool, (line) => void lines.push(line));
      expect(await verifyExport(lines)).toEqual(verdict);
      return verdict.ok ? null : verdict.firstBad;
    } finally {
      await db.pool.query(`
        TRUNCATE event, checkpoint; INSERT INTO event OVERRIDING SYSTEM VALUE SELECT * FROM kept_event;
        INSERT INTO checkpoint SELECT * FROM kept_checkpoint; DROP TABLE kept_event, kept_checkpoint`);
      await db.pool.query(
        'UPDATE incident SET head_seq = k.seq, head_hash = k.hash FROM unnest($1::uuid[], $2::bigint[], $3::bytea[]) AS k(id, seq, hash) WHERE incident.id = k.id',
        [
          heads.rows.map(({ id }) => id),
          heads.rows.map(({ head_seq }) => head_seq),
          heads.rows.map(({ head_hash }) => head_hash),
        ],
      );
    }
  };

  it('is content with what nobody touched, also while writers go on', async () => {
    const verdict = await verifyLog(db.pool);
    expect(verdict).toMatchObject({ ok: true, streams: 21, redacted: 0, checkpoints: 2 });
    const writing = fill(db, 30);
    expect(await verifyLog(db.pool)).toMatchObject({ ok: true });
    await writing;
    expect(await verifyLog(db.pool)).toMatchObject({ ok: true });
    await db.pool.query('DELETE FROM event WHERE stream <> ALL($1::uuid[]) AND incident', [streams]);
    await db.pool.query('DELETE FROM notification; DELETE FROM timer; DELETE FROM run');
    await db.pool.query('DELETE FROM incident WHERE id <> ALL($1::uuid[])', [streams]);
  });

  it.each([
    ['data', `data = data || '{"title": "Nothing happened"}'`, 'body-changed'],
    ['reason', `reason = jsonb_set(reason, '{text}', '"another"')`, 'body-changed'],
    ['salt', `salt = decode('00112233445566778899aabbccddeeff', 'hex')`, 'body-changed'],
    ['body hash', `body_hash = sha256('x')`, 'body-changed'],
    ['type', `type = 'note.added'`, 'chain-broken'],
    ['time', `at = at + interval '1 microsecond'`, 'chain-broken'],
    ['actor', `actor_id = 'somebody else'`, 'chain-broken'],
    ['kind of actor', `actor_kind = 'person'`, 'chain-broken'],
    ['occurred at', `occurred_at = at`, 'chain-broken'],
    ['on behalf of', `on_behalf_of = stream`, 'chain-broken'],
    ['reality', `reality = 'exercise'`, 'chain-broken'],
    ['site', `site_id = NULL`, 'chain-broken'],
    ['agency', `agency_id = 'other'`, 'chain-broken'],
    ['hash', `hash = sha256('x')`, 'chain-broken'],
    ['data taken away, salt left', `data = NULL`, 'half-redacted'],
  ])('finds a changed %s', async (_, change, code) => {
    const stream = streams[4];
    expect(await tampered(`UPDATE event SET ${change} WHERE stream = $1 AND seq = 3`, [stream])).toMatchObject({
      stream,
      seq: 3,
      code,
    });
  });

  it('finds a deleted, an inserted and a renumbered event by its place', async () => {
    const stream = streams[2];
    expect(await tampered('DELETE FROM event WHERE stream = $1 AND seq = 2', [stream])).toMatchObject({
      stream,
      seq: 2,
      code: 'missing',
    });
    const copy = `INSERT INTO event (stream, seq, type, at, actor_kind, actor_id, data, reason, salt, body_hash, hash, reality, agency_id, site_id, incident)
      SELECT stream, $2, type, at, actor_kind, actor_id, data, reason, salt, body_hash, hash, reality, agency_id, site_id, incident
      FROM event WHERE stream = $1 AND seq = 3`;
    expect(await tampered(copy, [stream, 0])).toMatchObject({ stream, seq: 0, code: 'inserted' });
    const length = await lengthOf(db, stream);
    expect(await tampered(copy, [stream, length + 1])).toMatchObject({ stream, seq: length + 1, code: 'chain-broken' });
    expect(await tampered('UPDATE event SET seq = seq + 100 WHERE stream = $1 AND seq > 3', [stream])).toMatchObject({
      stream,
      seq: 4,
      code: 'missing',
    });
  });

  it('finds a stream that was cut at its end, emptied, or whose incident is gone', async () => {
    const stream = streams[6];
    const length = await lengthOf(db, stream);
    expect(await tampered('DELETE FROM event WHERE stream = $1 AND seq = $2', [stream, length])).toMatchObject({
      stream,
      seq: length,
      code: 'truncated',
    });
    expect(await tampered('DELETE FROM event WHERE stream = $1', [stream])).toMatchObject({
      stream,
      seq: 1,
      code: 'truncated',
    });
    const orphan = `INSERT INTO event (stream, seq, type, at, actor_kind, actor_id, data, reason, salt, body_hash, hash, reality, agency_id, site_id, incident)
      SELECT '00000000-0000-7000-8000-000000000000', seq, type, at, actor_kind, actor_id, NULL, NULL, NULL, body_hash, hash, reality, agency_id, site_id, incident
      FROM event WHERE stream = $1 AND seq = 1`;
    expect(await tampered(orphan, [stream])).toMatchObject({ seq: 1, code: 'chain-broken' });
  });

  it('finds a tail that was cut together with its head row, by the checkpoint', async () => {
    const stream = streams[0];
    const cut = `WITH gone AS (DELETE FROM event WHERE stream = $1 AND seq > 3)
      UPDATE incident SET head_seq = 3, head_hash = (SELECT hash FROM event WHERE stream = $1 AND seq = 3) WHERE id = $1`;
    expect(await tampered(cut, [stream])).toMatchObject({ stream, seq: 4, code: 'truncated' });
  });

  it('finds what lies behind the end that the head row names', async () => {
    const stream = streams[9];
    const back = `UPDATE incident SET head_seq = 4, head_hash = (SELECT hash FROM event WHERE stream = $1 AND seq = 4) WHERE id = $1`;
    expect(await tampered(back, [stream])).toMatchObject({ stream, seq: 5, code: 'inserted' });
  });

  it('finds a broken, a missing and a shortened checkpoint chain', async () => {
    expect(await tampered('UPDATE checkpoint SET heads = heads - 0 WHERE ordinal = 2')).toMatchObject({
      stream: 'checkpoint',
      seq: 2,
      code: 'checkpoint-broken',
    });
    expect(await tampered('DELETE FROM checkpoint WHERE ordinal = 1')).toMatchObject({
      stream: 'checkpoint',
      seq: 1,
      code: 'checkpoint-missing',
    });
    const keptHead = { ordinal: 3, hash: 'f'.repeat(64) };
    expect(await verifyLog(db.pool, { keptHead })).toMatchObject({
      ok: false,
      firstBad: { seq: 3, code: 'checkpoint-missing' },
    });
    expect(await verifyLog(db.pool, { keptHead: { ...keptHead, ordinal: 2 } })).toMatchObject({
      firstBad: { seq: 2, code: 'checkpoint-broken' },
    });
  });

  it('verifies redacted events, and counts them', async () => {
    const redact = 'UPDATE event SET data = NULL, reason = NULL, salt = NULL WHERE seq = 2';
    expect(await tampered(redact)).toBeNull();
  });

  it('finds every one of many random edits', async () => {
    const { rows } = await db.pool.query<{ stream: string; seq: string; length: string }>(
      'SELECT stream, seq, max(seq) OVER (PARTITION BY stream) AS length FROM event WHERE incident ORDER BY stream, seq',
    );
    const edits = [
      `UPDATE event SET data = '{}' WHERE stream = $1 AND seq = $2`,
      `UPDATE event SET at = at - interval '1 hour' WHERE stream = $1 AND seq = $2`,
      `DELETE FROM event WHERE stream = $1 AND seq = $2`,
      `DELETE FROM event WHERE stream = $1 AND seq >= $2`,
    ];
    for (let index = 0; index < 24; index += 1) {
      const row = rows[(index * 7919) % rows.length];
      expect(await tampered(edits[index % edits.length] ?? '', [row?.stream, row?.seq])).toMatchObject({
        stream: row?.stream,
        seq: Number(row?.seq),
      });
    }
  });

  it('names the line of an export that is none', async () => {
    const lines: string[] = [];
    await exportLog(db.pool, (line) => void lines.push(line));
    expect(await verifyExport([...lines.slice(0, 4), '{"event": {"stream": "x"}}'])).toMatchObject({
      ok: false,
      firstBad: { stream: 'line', seq: 5 },
    });
    expect(await verifyExport([...lines, 'no JSON'])).toMatchObject({
      ok: false,
      firstBad: { seq: lines.length + 1, code: 'not-json' },
    });
    const surrogate = lines.map((line) => line.replace('checked the fence', '\\ud800'));
    expect(await verifyExport(surrogate)).toMatchObject({ ok: false, firstBad: { code: 'not-json' } });
    const escaped = lines.map((line) => line.replace('checked the fence', '\\\\ud800'));
    expect(await verifyExport(escaped)).toMatchObject({ ok: false, firstBad: { code: 'body-changed' } });
    expect(await verifyExport(lines.filter((line) => line.startsWith('{"event"')))).toMatchObject({
      ok: true,
      head: null,
    });
  });
});

async function fill(db: TestDatabase, count: number): Promise<string[]> {
  const openings = Array.from({ length: count }, () => anOpening());
  await transaction(db.pool, async (tx) => {
    const now = await clockNow(tx);
    await appendToStream(tx, now, { kind: 'config', name: 'unit', agency: 'unit' }, [
      anEvent({ type: 'config.applied' }),
    ]);
    await commitDecisions(
      tx,
      now,
      openings.map(({ opened, decision }) => ({ loaded: newLoaded(opened), decisions: [decision] })),
    );
  });
  return openings.map(({ opened }) => opened.incident.id);
}

async function grow(db: TestDatabase, ids: readonly string[]): Promise<void> {
  await transaction(db.pool, async (tx) => {
    const loaded = await loadAggregates(tx, ids);
    const event = anEvent({
      occurredAt: 1_700_000_000_000_001,
      onBehalfOf: ids[0],
      data: { text: 'تار کٹی ہوئی ہے', at: 1.5e-7, list: [null, { b: 1, a: [] }] },
    });
    await commitDecisions(
      tx,
      await clockNow(tx),
      [...loaded.values()].map((one) => ({ loaded: one, decisions: [], events: [event, anEvent()] })),
    );
  });
}

async function lengthOf(db: TestDatabase, stream: string | undefined): Promise<number> {
  const { rows } = await db.pool.query<{ max: string }>('SELECT max(seq) FROM event WHERE stream = $1', [stream]);
  return Number(rows[0]?.max);
}
