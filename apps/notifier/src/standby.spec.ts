import { join } from 'node:path';
import { laneOf } from '@tocsin/domain';
import { applyFolder, type Context } from '@tocsin/operations';
import { ConfigCache } from '@tocsin/store';
import { silentLogger } from '@tocsin/telemetry';
import { type TestDatabase, testDatabase, until } from '@tocsin/testing';
import { v7 } from 'uuid';
import { Standby } from './standby.js';

let db: TestDatabase;
let standby: Standby;
let isEngineMissing = false;

beforeAll(async () => {
  db = await testDatabase();
  await applyFolder({ databaseUrl: db.url, dir: join(__dirname, '../../../test/system/config'), by: 'test' });
  const context: Context = {
    pool: db.pool,
    config: new ConfigCache(db.pool),
    relay: () => {},
    tick: () => {},
    log: silentLogger,
  };
  standby = new Standby(context, () => isEngineMissing);
});
afterAll(async () => {
  await standby?.close();
  await db?.drop();
});

it('merges what no engine has merged, and fires the steps that no engine fires', async () => {
  const id = v7();
  await db.pool.query(
    `INSERT INTO alert (id, agency_id, principal_kind, principal_id, key, key_hash, reality, site_id, category, severity, lane, title, status,
       accepted_at, last_signal_at, group_key, work_due_at)
     VALUES ($1, 'testland', 'source', 'panels', 'standby', sha256('standby'), 'actual', 'site-1', 'intrusion', 'high', $2, 'Standby', 'firing',
       clock_timestamp(), clock_timestamp(), 'standby', clock_timestamp() - interval '5 seconds')`,
    [id, laneOf('high')],
  );
  const steps = async (): Promise<number[]> =>
    (
      await db.pool.query<{ step: number }>(
        `SELECT (data ->> 'step')::int AS step FROM event WHERE type = 'escalation.step' ORDER BY position`,
      )
    ).rows.map(({ step }) => step);
  await until(async () => (await steps()).includes(1), { what: 'the alert is merged and its first step fired' });
  await until(async () => (await steps()).includes(2), { what: 'the second step fires, 3 s after the first' });
  expect(await steps()).toEqual([1, 2]);
});

it('says aloud that the engine is missing, whose own watch went with it, and pages for it', async () => {
  isEngineMissing = true;
  await until(
    async () =>
      (
        await db.pool.query(
          `SELECT 1 FROM alert a JOIN notification n ON n.incident_id = a.incident_id WHERE a.key = 'service-missing'`,
        )
      ).rowCount !== 0,
    { what: 'somebody is paged', timeoutMs: 28_000 },
  );
}, 40_000);
