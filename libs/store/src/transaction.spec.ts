import { Fault } from '@tocsin/domain';
import { testDatabase, type TestDatabase } from '@tocsin/testing';
import { clockNow, openPool, parseTimestamptz, together, transaction } from './index.js';

describe('transaction', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await testDatabase();
    await db.pool.query(
      'CREATE TABLE account (id int PRIMARY KEY, amount int NOT NULL); INSERT INTO account VALUES (1, 0), (2, 0)',
    );
  });
  afterAll(() => db.drop());

  const amount = async (id: number): Promise<number> =>
    (await db.pool.query<{ amount: number }>('SELECT amount FROM account WHERE id = $1', [id])).rows[0]?.amount ??
    Number.NaN;

  it('commits what the work did, and nothing of a work that threw', async () => {
    await transaction(db.pool, (tx) => tx.query('UPDATE account SET amount = 7 WHERE id = 1'));
    const failing = transaction(db.pool, async (tx) => {
      await tx.query('UPDATE account SET amount = 8 WHERE id = 1');
      throw new TypeError('a bug of the work');
    });
    await expect(failing).rejects.toThrow(TypeError);
    expect(await amount(1)).toBe(7);
  });

  it('repeats both sides of a deadlock until both are through', async () => {
    const before = [await amount(1), await amount(2)];
    const runs = { count: 0 };
    // Each holds its first row before either asks for its second: a deadlock for certain.
    let held = 0;
    let bothHold = (): void => undefined;
    const both = new Promise<void>((resolve) => {
      bothHold = resolve;
    });
    const cross = (first: number, second: number): Promise<void> =>
      transaction(db.pool, async (tx) => {
        runs.count += 1;
        await tx.query('UPDATE account SET amount = amount + 1 WHERE id = $1', [first]);
        held += 1;
        if (held === 2) bothHold();
        await both;
        await tx.query('UPDATE account SET amount = amount + 1 WHERE id = $1', [second]);
      });
    await Promise.all([cross(1, 2), cross(2, 1)]);
    expect(runs.count).toBeGreaterThan(2);
    expect([await amount(1), await amount(2)]).toEqual(before.map((value) => value + 2));
  });

  it('begins again when the work asks for it, and gives up after its attempts', async () => {
    let runs = 0;
    const result = await transaction(db.pool, async () => {
      runs += 1;
      if (runs < 3) throw new Fault('begin-again');
      return 'done';
    });
    expect([result, runs]).toEqual(['done', 3]);
    runs = 0;
    const never = transaction(
      db.pool,
      () => Promise.reject(new Fault('begin-again', { message: `run ${(runs += 1)}` })),
      { attempts: 2 },
    );
    await expect(never).rejects.toMatchObject({ code: 'begin-again', retryable: true });
    expect(runs).toBe(2);
  });

  it('calls a unique violation store-duplicate after its attempts, bad data store-refused at once', async () => {
    const twice = transaction(db.pool, (tx) => tx.query('INSERT INTO account VALUES (1, 1)'), { attempts: 2 });
    await expect(twice).rejects.toMatchObject({ code: 'store-duplicate', retryable: true });
    let runs = 0;
    const bad = transaction(db.pool, (tx) => {
      runs += 1;
      return tx.query(`SELECT 'x'::int`);
    });
    await expect(bad).rejects.toMatchObject({ code: 'store-refused', retryable: false });
    expect(runs).toBe(1);
  });

  it('does not accept a COMMIT that rolled back because an error was swallowed inside', async () => {
    const swallowed = transaction(
      db.pool,
      async (tx) => {
        await tx.query('UPDATE account SET amount = 99 WHERE id = 2');
        await tx.query('SELECT 1/0').catch(() => undefined);
      },
      { attempts: 1 },
    );
    await expect(swallowed).rejects.toMatchObject({ code: 'store-conflict' });
    expect(await amount(2)).not.toBe(99);
  });

  it('is store-unavailable when the connection is lost, and the pool goes on', async () => {
    const cut = transaction(db.pool, async (tx) => {
      const { rows } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await db.pool.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
      await tx.query('SELECT 1');
    });
    await expect(cut).rejects.toMatchObject({ code: 'store-unavailable', retryable: true });
    expect(await amount(1)).toEqual(expect.any(Number));
  });

  it('is store-unavailable where nobody listens', async () => {
    const nobody = openPool({ url: 'postgres://x:y@127.0.0.1:1/none', name: 'test' });
    await expect(transaction(nobody, () => Promise.resolve())).rejects.toMatchObject({ code: 'store-unavailable' });
    await nobody.end();
  });

  it('writes nothing behind a BEGIN that failed, although it was sent with it', async () => {
    const before = await amount(1);
    let asked = 0;
    const failing = transaction(
      db.pool,
      async (tx) => {
        asked += 1;
        await tx.query('SELECT 1');
        await tx.query('UPDATE account SET amount = amount + 1 WHERE id = 1');
      },
      { isolation: 'NONE SUCH' as 'READ COMMITTED' },
    );
    await expect(failing).rejects.toThrow();
    expect([asked, await amount(1)]).toEqual([1, before]);
  });

  it('of statements that were sent together throws what the first that failed threw, and stays usable', async () => {
    const failing = transaction(db.pool, (tx) =>
      together(
        tx.query({ name: 'ok', text: 'SELECT 1 AS one' }),
        tx.query('UPDATE account SET amount = 1 / 0'),
        tx.query({ name: 'behind', text: 'SELECT 2 AS two' }),
      ),
    );
    await expect(failing).rejects.toThrow(/division by zero/);
    const [one, two] = await transaction(db.pool, (tx) =>
      together(
        tx.query({ name: 'ok', text: 'SELECT 1 AS one' }),
        tx.query({ name: 'behind', text: 'SELECT 2 AS two' }),
      ),
    );
    expect([one.rows, two.rows]).toEqual([[{ one: 1 }], [{ two: 2 }]]);
  });

  it('reads the database clock as microseconds', async () => {
    const now = await clockNow(db.pool);
    expect(Number.isSafeInteger(now)).toBe(true);
    expect(Math.abs(now / 1_000 - Date.now())).toBeLessThan(60_000);
  });
});

describe('instants of rows', () => {
  it.each([
    ['1970-01-01 00:00:00+00', 0],
    ['1970-01-01 00:00:01.5+00', 1_500_000],
    ['2026-11-24 22:39:00.123456+00', Date.UTC(2026, 10, 24, 22, 39) * 1_000 + 123_456],
    ['2255-06-05 23:47:34.74+00', 9_007_199_254_740_000],
  ])('%s', (text, micros) => expect(parseTimestamptz(text)).toBe(micros));

  it('refuses what is not one', () => {
    for (const text of ['infinity', '2026-11-24 22:39:00+05', '0044-03-15 00:00:00+00 BC']) {
      expect(() => parseTimestamptz(text)).toThrow(RangeError);
    }
  });
});
