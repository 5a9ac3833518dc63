import { decide, type Instant, openIncident, SECOND } from '@tocsin/domain';
import {
  clockNow,
  ConfigCache,
  loadAggregates,
  newLoaded,
  openPool,
  type Pool,
  transaction,
  verifyLog,
} from '@tocsin/store';
import { silentLogger } from '@tocsin/telemetry';
import { aSignal, exampleConfig, makeLive, testDatabase, type TestDatabase, until } from '@tocsin/testing';
import { deciding } from '../commit-throttled.js';
import { type Context, factsOf } from '../context.js';
import { TimerSweeper } from './sweep-timers.js';

let db: TestDatabase;
let pool: Pool;
let context: Context;
let sweeper: TimerSweeper;

beforeAll(async () => {
  db = await testDatabase();
  await makeLive(db.pool, exampleConfig());
  pool = openPool({ url: db.url, name: 'timers', max: 6 });
  context = { pool, config: new ConfigCache(db.pool), relay: () => {}, tick: () => {}, log: silentLogger };
});
beforeEach(() => {
  sweeper = new TimerSweeper(context);
});
afterEach(() => sweeper.settled());
afterAll(async () => {
  await pool?.end();
  await db?.drop();
});

/** An incident whose alert was accepted `agoS` seconds ago and that nobody has looked at since it was opened. */
async function open(agoS: number): Promise<string> {
  const facts = factsOf(await context.config.current());
  return deciding(db.pool, async (tx, commit) => {
    const now = await clockNow(tx);
    const signal = aSignal({ acceptedAt: now - agoS * SECOND });
    const opened = openIncident(signal, null, facts, now);
    const decision = decide(opened, { kind: 'alert', signal }, facts, now);
    if (!decision.ok) throw new Error(decision.refusal.code);
    await commit(now, [{ loaded: newLoaded(opened), decisions: [decision] }]);
    return opened.incident.id;
  });
}

const steps = async (incident: string): Promise<number[]> =>
  (
    await db.pool.query<{ step: number }>(
      `SELECT (data ->> 'step')::int AS step FROM event WHERE stream = $1 AND type = 'escalation.step' ORDER BY seq`,
      [incident],
    )
  ).rows.map(({ step }) => step);
const systemAlerts = async (key: string): Promise<{ subject: string }[]> =>
  (
    await db.pool.query<{ labels: { subject: string } }>('SELECT labels FROM alert WHERE key = $1 ORDER BY id', [key])
  ).rows.map(({ labels }) => labels);

it('an incident whose timers break their rule holds nobody up, and somebody hears of it', async () => {
  const good = [await open(1), await open(1)];
  const bad = await open(3);
  const more = [await open(1), await open(1)];
  await db.pool.query(`UPDATE run SET plan = '{}' WHERE incident_id = $1`, [bad]);
  await sweeper.pass();
  for (const id of [...good, ...more]) expect(await steps(id)).toEqual([1]);
  await until(async () => (await systemAlerts('timer-failed')).some(({ subject }) => subject === bad));
  // Left alone for a while: it does not cost every pass.
  const next = await open(1);
  await sweeper.pass();
  expect(await steps(next)).toEqual([1]);
  await db.pool.query(`DELETE FROM timer WHERE subject_id = $1`, [bad]);
});

it('an incident that somebody holds holds nobody else up, and fires as soon as it is free', async () => {
  const held = await open(1);
  const others = [await open(1), await open(1), await open(1)];
  let letGo = (): void => {};
  const holding = transaction(db.pool, async (tx) => {
    await loadAggregates(tx, [held]);
    await new Promise<void>((resolve) => (letGo = resolve));
  });
  await until(
    async () =>
      (await db.pool.query(`SELECT 1 FROM pg_locks WHERE relation = 'incident'::regclass AND mode = 'RowShareLock'`))
        .rowCount !== 0,
  );
  const began = performance.now();
  await sweeper.pass();
  expect(performance.now() - began).toBeLessThan(5_000);
  for (const id of others) expect(await steps(id)).toEqual([1]);
  expect(await steps(held)).toEqual([]);
  // The next ones do not even wait for it.
  const later = await open(1);
  const again = performance.now();
  await sweeper.pass();
  expect(await steps(later)).toEqual([1]);
  expect(performance.now() - again).toBeLessThan(2_000);
  letGo();
  await holding;
  await until(async () => (await steps(held)).length === 1);
});

it('an idle time that is over and the first page of the run that it starts are one commit', async () => {
  const id = await open(0);
  await sweeper.pass();
  const facts = factsOf(await context.config.current());
  await deciding(db.pool, async (tx, commit) => {
    const loaded = (await loadAggregates(tx, [id])).get(id);
    if (loaded === undefined) throw new Error('gone');
    const now = await clockNow(tx);
    const actor = { kind: 'person', id: '00000000-0000-7000-8000-000000000003' } as const;
    const decision = decide(loaded.aggregate, { kind: 'act', act: { act: 'take' }, actor }, facts, now);
    if (!decision.ok) throw new Error(decision.refusal.code);
    await commit(now, [{ loaded, decisions: [decision] }]);
  });
  await db.pool.query(
    `UPDATE timer SET due_at = clock_timestamp() - interval '1 second' WHERE subject_id = $1 AND kind = 'taken-idle'`,
    [id],
  );
  await sweeper.pass();
  const { rows } = await db.pool.query<{ type: string; at: Instant }>(
    `SELECT type, at FROM event WHERE stream = $1 ORDER BY seq`,
    [id],
  );
  const returned = rows.findIndex(({ type }) => type === 'incident.returned');
  expect(rows.slice(returned).map(({ type }) => type)).toEqual([
    'incident.returned',
    'escalation.started',
    'escalation.step',
    'notification.queued',
  ]);
  expect(new Set(rows.slice(returned).map(({ at }) => at)).size).toBe(1);
});

it('late timers of one commit after the other are one SYS alert in 10 s', async () => {
  for (let n = 0; n < 3; n += 1) {
    await open(30);
    await sweeper.pass();
  }
  expect((await systemAlerts('timer-late')).filter(({ subject }) => subject === 'step')).toHaveLength(1);
});

it('more due timers than one pass takes are asked for at once', async () => {
  const ids = await Promise.all(Array.from({ length: 8 }, () => open(400)));
  expect(await sweeper.pass(5)).toBe(0);
  for (let n = 0; n < 20 && (await sweeper.pass(5)) === 0; n += 1);
  for (const id of ids) expect(await steps(id)).toEqual([1, 2, 3]);
});

it('and all of it verifies', async () => {
  expect(await verifyLog(db.pool)).toMatchObject({ ok: true });
});
