import { testDatabase, type TestDatabase, until } from '@tocsin/testing';
import { isConnected, openPool } from './index.js';

describe('a service', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await testDatabase();
  });
  afterAll(() => db.drop());

  it('is known by its connections for as long as it has any', async () => {
    expect(await isConnected(db.pool, 'engine')).toBe(false);
    const own = openPool({ url: db.url, name: 'engine.timers', max: 1 });
    await own.query('SELECT 1');
    expect(await isConnected(db.pool, 'engine')).toBe(true);
    expect(await isConnected(db.pool, 'gateway')).toBe(false);
    await own.end();
    await until(async () => !(await isConnected(db.pool, 'engine')), { what: 'its connection is gone' });
  });
});
