import { Fault } from '@tocsin/domain';
import { anEvent, anOpening, testDatabase, type TestDatabase } from '@tocsin/testing';
import {
  appendToStreams,
  clockNow,
  commitDecisions,
  lockStreams,
  loadAggregates,
  newLoaded,
  openPool,
  type Pool,
  transaction,
  type Tx,
  verifyLog,
} from '../index.js';

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
      commitDecisions(
        tx,
        await clockNow(tx),
        openings.map(({ opened, decision }) => ({ loaded: newLoaded(opened), decisions: [decision] })),
      ),
    );
  });
  afterAll(async () => {
    await pool.end();
    await db.drop();
  });

  const sources = ['panels', 'cameras', 'phones'].map((name) => ({ kind: 'source' as const, name, agency: 'unit' }));
  const shuffled = <T>(items: readonly T[]): T[] => [...items].sort(() => Math.random() - 0.5);

  /** Left to itself each connection would find rows by the same plan, and so by luck in the same order. */
  const byAnyPlan = (tx: Tx): Promise<unknown> => {
    const off = Math.random() < 0.5 ? ['seqscan'] : ['indexscan', 'bitmapscan', 'indexonlyscan'];
    return tx.query(
      `SET LOCAL plan_cache_mode = force_custom_plan; ${off.map((scan) => `SET LOCAL enable_${scan} = off`).join('; ')}`,
    );
  };

  it('lets many connections change the same incidents and streams, in any order of asking, without one deadlock', async () => {
    const rounds = 40;
    let failures = 0;
    let added = 0;
    const writer = async (): Promise<void> => {
      for (let round = 0; round < rounds; round += 1) {
        const wanted = shuffled(ids).slice(0, 5);
        // Not always one: a stream in common would put the writers in line before they reach an incident.
        const named = shuffled(sources).slice(0, Math.floor(Math.random() * 3));
        const work = transaction(
          pool,
          async (tx) => {
            await byAnyPlan(tx);
            await lockStreams(tx, named);
            const loaded = await loadAggregates(tx, wanted);
            const now = await clockNow(tx);
            await commitDecisions(
              tx,
              now,
              shuffled([...loaded.values()]).map((one) => ({ loaded: one, decisions: [], events: [anEvent()] })),
            );
            await appendToStreams(
              tx,
              now,
              named.map((stream) => ({ stream, events: [anEvent()] })),
            );
          },
          { attempts: 1 },
        );
        await work.then(
          () => {
            added += wanted.length + named.length;
          },
          () => {
            failures += 1;
          },
        );
      }
    };
    await Promise.all(Array.from({ length: 10 }, writer));
    expect(failures).toBe(0);
    const { rows } = await pool.query<{ count: string }>(`SELECT count(*) FROM event WHERE type = 'note.added'`);
    expect(Number(rows[0]?.count)).toBe(added);
    expect(await verifyLog(pool)).toMatchObject({ ok: true, streams: 15 });
  });

  it('lets racing openings of the same groups end in one incident per group, repeated but never deadlocked', async () => {
    let deadlocks = 0;
    const merge =
      (groups: readonly string[]) =>
      async (tx: Tx): Promise<void> => {
        const wanted = shuffled(groups);
        const { rows } = await tx.query<{ id: string; group_key: string }>(
          `SELECT id, group_key FROM incident WHERE group_key = ANY($1) AND state IN ('open', 'acknowledged')`,
          [wanted],
        );
        const loaded = await loadAggregates(
          tx,
          rows.map(({ id }) => id),
        );
        const missing = wanted.filter((group) => !rows.some(({ group_key }) => group_key === group));
        const openings = missing.map((groupKey) => anOpening({ groupKey }).opened);
        await commitDecisions(tx, await clockNow(tx), [
          ...openings.map((opened) => ({ loaded: newLoaded(opened), decisions: [] })),
          ...[...loaded.values()].map((one) => ({
            loaded: one,
            decisions: [],
            events: [anEvent({ type: 'alert.accepted' })],
          })),
        ]);
      };
    const untilDone = async (groups: readonly string[]): Promise<void> => {
      for (;;) {
        try {
          return await transaction(pool, merge(groups), { attempts: 1 });
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
          if (error.code !== 'begin-again') deadlocks += 1;
        }
      }
    };
    const rounds = Array.from({ length: 5 }, (_, round) =>
      Array.from({ length: 300 }, (__, index) => `group-${round}-${index}`),
    );
    for (const groups of rounds) await Promise.all(Array.from({ length: 4 }, () => untilDone(groups)));
    expect(deadlocks).toBe(0);
    const { rows } = await pool.query<{ group_key: string; head_seq: string }>(
      'SELECT group_key, head_seq FROM incident WHERE group_key IS NOT NULL',
    );
    expect(rows.map(({ group_key }) => group_key).sort()).toEqual(rounds.flat().sort());
    // One event of each of the three that joined.
    expect(new Set(rows.map(({ head_seq }) => Number(head_seq)))).toEqual(new Set([3]));
  });

  it('shows that the test sees a deadlock: in the order of asking, two connections block each other', async () => {
    const lockInOrder = (order: readonly string[]): Promise<unknown> =>
      transaction(
        pool,
        async (tx) => {
          for (const id of order) {
            await tx.query('SELECT 1 FROM incident WHERE id = $1 FOR NO KEY UPDATE', [id]);
            await tx.query('SELECT pg_sleep(0.05)');
          }
        },
        { attempts: 1 },
      );
    const [one = '', two = ''] = ids;
    const both = await Promise.allSettled([lockInOrder([one, two]), lockInOrder([two, one])]);
    expect(both.filter(({ status }) => status === 'rejected')).toMatchObject([
      { reason: { code: 'store-conflict', retryable: true } },
    ]);
  });
});
