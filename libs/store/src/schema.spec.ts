import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { anOpening, testDatabase, type TestDatabase } from '@tocsin/testing';
import {
  clockNow,
  commitDecisions,
  currentCursor,
  dumpSchema,
  eventsSince,
  loadAggregates,
  newLoaded,
  redactEvents,
  transaction,
  verifyLog,
} from './index.js';

describe('schema', () => {
  let db: TestDatabase;
  let stream: string;
  beforeAll(async () => {
    db = await testDatabase();
    await db.pool.query(`INSERT INTO agency VALUES ('unit', '{"en": "Unit"}', 'Asia/Karachi')`);
  });
  afterAll(() => db.drop());

  it('is what schema.sql says (written anew by libs/store/bin/dump-schema.mjs)', async () => {
    expect(await dumpSchema(db.pool)).toBe(readFileSync(resolve(__dirname, '..', 'schema.sql'), 'utf8'));
  });

  it('keeps instants and microseconds in one currency', async () => {
    const { rows } = await db.pool.query(
      'SELECT instant(1795559940123456) AS at, micros(instant(1795559940123456)) AS micros',
    );
    expect(rows).toEqual([{ at: 1_795_559_940_123_456, micros: '1795559940123456' }]);
  });

  it('gives the services their work, and lets them add events but neither change nor delete one', async () => {
    const { opened, decision } = anOpening();
    stream = opened.incident.id;
    await transaction(db.pool, async (tx) => {
      await tx.query('SET LOCAL ROLE tocsin_app');
      await commitDecisions(tx, await clockNow(tx), [{ loaded: newLoaded(opened), decisions: [decision] }]);
      expect((await loadAggregates(tx, [stream])).size).toBe(1);
      expect(await eventsSince(tx, await currentCursor(tx))).toMatchObject({ rows: [] });
    });
    for (const text of [
      `UPDATE event SET type = 'x'`,
      'DELETE FROM event',
      'TRUNCATE event',
      'DELETE FROM checkpoint',
      'UPDATE config_version SET hash = hash',
      'DROP TABLE pager',
    ]) {
      const asService = transaction(db.pool, async (tx) => {
        await tx.query('SET LOCAL ROLE tocsin_app');
        await tx.query(text);
      });
      await expect(asService).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('redacts events on behalf of the owner: the words are gone, the chain holds, the stream says who and why', async () => {
    const actor = { kind: 'person' as const, id: '0193f1c2-7a4e-7c31-9d0a-5f6b7c8d9e0f' };
    expect(await redactEvents(db.pool, { stream, seqs: [3, 2], actor, why: 'It named the wrong person.' })).toBe(2);
    expect(await redactEvents(db.pool, { stream, seqs: [2], actor, why: 'Again.' })).toBe(0);
    const { rows } = await db.pool.query(
      'SELECT seq, type, data, reason, salt FROM event WHERE stream = $1 AND seq IN (2, 6) ORDER BY seq',
      [stream],
    );
    expect(rows).toMatchObject([
      { seq: '2', type: 'alert.accepted', data: null, reason: null, salt: null },
      {
        seq: '6',
        type: 'note.added',
        data: { text: 'Redacted: event 2, 3. It named the wrong person.' },
        reason: { code: 'redacted' },
      },
    ]);
    expect(await verifyLog(db.pool)).toMatchObject({ ok: true, events: 6, redacted: 2 });
    const nowhere = redactEvents(db.pool, { stream: actor.id, seqs: [1], actor, why: '' });
    await expect(nowhere).rejects.toMatchObject({ code: 'store-refused' });
  });
});
