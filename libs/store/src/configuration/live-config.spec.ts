import { testDatabase, type TestDatabase } from '@tocsin/testing';
import { ConfigCache, liveConfig, openPool } from '../index.js';

describe('live configuration', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await testDatabase();
    await db.pool.query(`INSERT INTO agency VALUES ('unit', '{"en": "Unit"}', 'Asia/Karachi')`);
  });
  afterAll(() => db.drop());

  const apply = async (name: string, state = 'effective'): Promise<string | undefined> => {
    const { rows } = await db.pool.query<{ id: string }>(
      `INSERT INTO config_version (agency_id, document, hash, state, applied_by) VALUES ('unit', $1, 'x', $2, 'test') RETURNING id`,
      [JSON.stringify({ agency: { name } }), state],
    );
    return rows[0]?.id;
  };

  it('says when there is none yet, then gives the newest effective one, never a draft', async () => {
    const cache = new ConfigCache(db.pool, 0);
    await expect(cache.current()).rejects.toMatchObject({ code: 'no-configuration' });
    const first = await apply('first');
    await apply('draft', 'draft');
    expect(await liveConfig(db.pool)).toEqual({ version: first, document: { agency: { name: 'first' } } });
    const known = await cache.current();
    expect(known.version).toBe(first);
    expect(await cache.current()).toBe(known);
    const second = await apply('second');
    expect(await cache.current()).toMatchObject({ version: second, document: { agency: { name: 'second' } } });
  });

  it('asks at most once in its interval, and once for all who ask together', async () => {
    let queries = 0;
    const counting = openPool({ url: db.url, name: 'count' });
    const query = counting.query.bind(counting) as (...args: unknown[]) => unknown;
    counting.query = ((...args: unknown[]) => {
      queries += 1;
      return query(...args);
    }) as typeof counting.query;
    const cache = new ConfigCache(counting, 60_000);
    await Promise.all([cache.current(), cache.current(), cache.current()]);
    await cache.current();
    expect(queries).toBe(1);
    await counting.end();
  });

  it('keeps the last known one while the database cannot be asked', async () => {
    const going = openPool({ url: db.url, name: 'going' });
    const cache = new ConfigCache(going, 0);
    const known = await cache.current();
    await going.end();
    expect(await cache.current()).toBe(known);
    await expect(new ConfigCache(going, 0).current()).rejects.toThrow();
  });
});
