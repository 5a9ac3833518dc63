import { anEvent, anOpening, testDatabase, type TestDatabase } from '@tocsin/testing';
import { appendToStreams, clockNow, commitDecisions, lockStreams, loadAggregates, newLoaded, openPool, type Pool, transaction, verifyLog } from './index.js';

/** Everything in one run: who obeys the one lock order never meets a deadlock, and no stream is torn. */
describe('lock order', () => {
  let db: TestDatabase;
  let pool: Pool;
  let ids: string[];
  beforeAll(async () => {
    db = await testDatabase();
    pool = openPool({ url: db.url, name: 'race', max: 12 });
    await pool.query(`INSERT INTO agency VALUES ('unit', '{"en": "Unit"}', 'Asia/Karachi')`);
    const openings = Array.from({ length: 12 }, () => anOpening());
    ids = openings.map(({ opened }) => opened.incident.id);
    await transaction(pool, async (tx) =>
      commitDecisions(tx, await clockNow(tx), openings.map(({ opened, decision }) => ({ loaded: newLoaded(opened), decisions: [decision] }))),
    );
  });
  afterAll(async () => {
    await pool.end();
    await db.drop();
  });

  const sources = ['panels', 'cameras', 'phones'].map((name) => ({ kind: 'source' as const, name, agency: 'unit' }));
  const shuffled = <T>(items: readonly T[]): T[] => [...items].sort(() => Math.random() - 0.5);

  it('lets many connections change the same incidents and streams, in any order of asking, without one deadlock', async () => {
    const rounds = 40;
    let failures = 0;
    const writer = async (): Promise<void> => {
      for (let round = 0; round < rounds; round += 1) {
        const wanted = shuffled(ids).slice(0, 5);
        const named = shuffled(sources).slice(0, 2);
        const work = transaction(pool, async (tx) => {
          await lockStreams(tx, named);
          const loaded = await loadAggregates(tx, wanted);
          const now = await clockNow(tx);
          await commitDecisions(tx, now, shuffled([...loaded.values()]).map((one) => ({ loaded: one, decisions: [], events: [anEvent()] })));
          await appendToStreams(tx, now, named.map((stream) => ({ stream, events: [anEvent()] })));
        }, { attempts: 1 });
        await work.catch(() => {
          failures += 1;
        });
      }
    };
    await Promise.all(Array.from({ length: 10 }, writer));
    expect(failures).toBe(0);
    const { rows } = await pool.query<{ count: string }>(`SELECT count(*) FROM event WHERE type = 'note.added'`);
    expect(Number(rows[0]?.count)).toBe(10 * rounds * 7);
    expect(await verifyLog(pool)).toMatchObject({ ok: true, streams: 15 });
  });

  it('lets racing openings of the same groups end in one incident per group, repeated but never deadlocked', async () => {
    const groups = Array.from({ length: 8 }, (_, index) => `group-${index}`);
    const merge = (): Promise<void> =>
      transaction(pool, async (tx) => {
        const wanted = shuffled(groups);
        const { rows } = await tx.query<{ id: string; group_key: string }>(
          `SELECT id, group_key FROM incident WHERE group_key = ANY($1) AND state IN ('open', 'acknowledged')`, [wanted],
        );
        const loaded = await loadAggregates(tx, rows.map(({ id }) => id));
        const missing = wanted.filter((group) => !rows.some(({ group_key }) => group_key === group));
        const openings = missing.map((groupKey) => anOpening({ groupKey }));
        await commitDecisions(tx, await clockNow(tx), [
          ...openings.map(({ opened, decision }) => ({ loaded: newLoaded(opened), decisions: [decision] })),
          ...[...loaded.values()].map((one) => ({ loaded: one, decisions: [], events: [anEvent({ type: 'alert.accepted' })] })),
        ]);
      });
    await Promise.all(Array.from({ length: 10 }, merge));
    const { rows } = await pool.query<{ group_key: string; head_seq: string }>('SELECT group_key, head_seq FROM incident WHERE group_key IS NOT NULL');
    expect(rows.map(({ group_key }) => group_key).sort()).toEqual(groups);
    // The opener's five events, and one of each of the nine that joined.
    expect(rows.map(({ head_seq }) => Number(head_seq))).toEqual(groups.map(() => 14));
    const { rows: stats } = await pool.query<{ deadlocks: string }>('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()');
    expect(Number(stats[0]?.deadlocks)).toBe(0);
  });

  it('shows that the test sees a deadlock: in the order of asking, two connections block each other', async () => {
    const lockInOrder = (order: readonly string[]): Promise<unknown> =>
      transaction(pool, async (tx) => {
        for (const id of order) {
          await tx.query('SELECT 1 FROM incident WHERE id = $1 FOR NO KEY UPDATE', [id]);
          await tx.query('SELECT pg_sleep(0.05)');
        }
      }, { attempts: 1 });
    const [one = '', two = ''] = ids;
    const both = await Promise.allSettled([lockInOrder([one, two]), lockInOrder([two, one])]);
    expect(both.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: { code: 'store-conflict', retryable: true } }]);
  });
});
