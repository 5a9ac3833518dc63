import { clockNow, loadAggregates, newLoaded, openPool, commitDecisions, transaction } from '@tocsin/store';
import { anOpening, makeLive, testDatabase, type TestDatabase } from '@tocsin/testing';
import { type FaultProxy, openFaultProxy } from '../intake/fault-proxy.js';

/** I7, I16: whoever falls silent, a database or a process, holds nobody up for longer than he is worth waiting for. */
let db: TestDatabase;
let proxy: FaultProxy;
beforeAll(async () => {
  db = await testDatabase();
  await makeLive(db.pool);
  proxy = await openFaultProxy(process.env['TOCSIN_TEST_DATABASE_URL'] ?? '');
});
afterAll(async () => {
  await proxy?.close();
  await db?.drop();
});

it('a database that does not answer at all fails what asked it, in time, and its connection goes with it', async () => {
  const url = new URL(db.url);
  url.port = String(proxy.port);
  url.hostname = '127.0.0.1';
  const pool = openPool({ url: url.href, name: 'silent', max: 1, answerWithinMs: 400, connectTimeoutMs: 400 });
  await transaction(pool, (tx) => tx.query('SELECT 1'));
  proxy.freeze();
  const began = performance.now();
  await expect(transaction(pool, (tx) => tx.query('SELECT 1'))).rejects.toMatchObject({ code: 'store-unavailable' });
  await expect(pool.query('SELECT 1')).rejects.toThrow();
  expect(performance.now() - began).toBeLessThan(8_000);
  proxy.thaw();
  await transaction(pool, (tx) => tx.query('SELECT 1'));
  await pool.end();
});

it('a process that stops within a transaction lets go of its incidents as soon as a statement would have had to end', async () => {
  const { opened, decision } = anOpening();
  const { id } = opened.incident;
  await transaction(db.pool, async (tx) =>
    commitDecisions(tx, await clockNow(tx), [{ loaded: newLoaded(opened), decisions: [decision] }]),
  );
  const stopped = openPool({ url: db.url, name: 'stopped', max: 1, statementTimeoutMs: 600 });
  let goOn = (): void => {};
  let taken = (): void => {};
  const isTaken = new Promise<void>((resolve) => (taken = resolve));
  const holding = transaction(stopped, async (tx) => {
    await loadAggregates(tx, [id]);
    taken();
    await new Promise<void>((resolve) => (goOn = resolve));
  });
  await isTaken;
  const began = performance.now();
  await transaction(db.pool, (tx) => loadAggregates(tx, [id]));
  expect(performance.now() - began).toBeLessThan(9_000);
  goOn();
  await expect(holding).rejects.toMatchObject({ code: 'store-unavailable' });
  await stopped.end();
});
