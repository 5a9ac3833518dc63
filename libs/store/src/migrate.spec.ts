import { testDatabase, type TestDatabase } from '@tocsin/testing';
import { migrate, type Pool, readMigrations, schemaVersion, waitForSchema } from './index.js';

describe('migrate', () => {
  let db: TestDatabase;
  beforeEach(async () => {
    db = await testDatabase();
  });
  afterEach(() => db.drop());

  const empty = (): Promise<unknown> => db.pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');

  it('applies every file once, also when two start at the same time', async () => {
    await empty();
    expect(await schemaVersion(db.pool)).toEqual({ version: 0, breaking: 0 });
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    const both = await Promise.all([migrate(db.url, { log }), migrate(db.url, { log })]);
    const all = readMigrations();
    expect(lines).toEqual(all.map(({ name }) => `migration ${name}`));
    expect(both.map(({ version }) => version)).toEqual([all.length, all.length]);
    expect((await migrate(db.url)).applied).toEqual([]);
    await waitForSchema(db.pool);
  });

  it('refuses a file that is no longer what was applied', async () => {
    await db.pool.query(`UPDATE schema_migration SET sha256 = 'other' WHERE number = 1`);
    await expect(migrate(db.url)).rejects.toMatchObject({ code: 'migration-changed' });
  });

  it('refuses a newer breaking schema with advice, works with a newer one that is not breaking', async () => {
    const next = readMigrations().length + 1;
    await db.pool.query(`INSERT INTO schema_migration VALUES ($1, 'later.sql', 'x', false)`, [next]);
    await waitForSchema(db.pool);
    expect((await migrate(db.url)).applied).toEqual([]);
    await db.pool.query('UPDATE schema_migration SET breaking = true WHERE number = $1', [next]);
    await expect(waitForSchema(db.pool)).rejects.toMatchObject({
      code: 'schema-too-new',
      message: expect.stringContaining('newer build'),
    });
    await expect(migrate(db.url)).rejects.toMatchObject({ code: 'schema-too-new' });
  });

  it('asks again a database that cannot be asked just now, and no other', async () => {
    const failing = (times: number, code: string): Pool => {
      let left = times;
      const query = (...args: Parameters<Pool['query']>): unknown =>
        left-- > 0 ? Promise.reject(Object.assign(new Error(code), { code })) : db.pool.query(...args);
      return { query } as unknown as Pool;
    };
    await waitForSchema(failing(2, 'ECONNREFUSED'));
    await expect(waitForSchema(failing(1, '28P01'))).rejects.toThrow('28P01');
    await expect(waitForSchema(failing(1_000, 'ECONNREFUSED'), { timeoutMs: 50 })).rejects.toThrow('ECONNREFUSED');
  });

  it('says how old the schema is when nobody migrates in time', async () => {
    await empty();
    await expect(waitForSchema(db.pool, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'schema-too-old' });
  });
});
