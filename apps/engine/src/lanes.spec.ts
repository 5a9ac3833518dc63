import { groupKey, type Severity } from '@tocsin/domain';
import { type Context, type HeldIncidents, heldIncidents } from '@tocsin/operations';
import { NoQueues } from '@tocsin/queue';
import {
  clockNow,
  ConfigCache,
  keyHash,
  loadAggregates,
  openPool,
  type Pool,
  secondsBehind,
  transaction,
  updateAlerts,
  verifyLog,
} from '@tocsin/store';
import { createMetrics, silentLogger } from '@tocsin/telemetry';
import { exampleConfig, makeLive, testDatabase, type TestDatabase, until } from '@tocsin/testing';
import { v7 } from 'uuid';
import { MergeLane } from './lanes.js';

let db: TestDatabase;
let pool: Pool;
let context: Context;
let lane: MergeLane | undefined;
let held: HeldIncidents | undefined;
/** Also of a test that failed: nothing closes while somebody holds. */
const holds: (() => void)[] = [];

beforeAll(async () => {
  db = await testDatabase();
  await makeLive(db.pool, exampleConfig());
  pool = openPool({ url: db.url, name: 'lane', max: 6 });
  context = { pool, config: new ConfigCache(db.pool), relay: () => {}, tick: () => {}, log: silentLogger };
});
afterEach(async () => {
  for (const letGo of holds.splice(0)) letGo();
  await lane?.close();
  await held?.settled(2_000);
  lane = undefined;
});
afterAll(async () => {
  await pool?.end();
  await db?.drop();
});

/** On sweepers alone: passes come every 25 ms. */
function openLane(over: Partial<Context> = {}): void {
  const metrics = createMetrics(`lane-${v7()}`, { processMetrics: false });
  const counters = {
    merged: metrics.counter('merged', 'merged', ['lane', 'by']),
    seconds: metrics.histogram('seconds', 'seconds', ['lane']),
  };
  held = heldIncidents({ ...context, ...over });
  lane = new MergeLane('high', { ...context, ...over }, new NoQueues(), counters, held);
}

interface Given {
  readonly category?: string;
  readonly title?: string;
  readonly severity?: Severity;
  readonly attempts?: number;
}

/** What intake would have committed. */
async function accept({
  category = `c-${v7()}`,
  title = 'Fence',
  severity = 'high',
  attempts = 0,
}: Given = {}): Promise<string> {
  const id = v7();
  const of = {
    agency: 'unit',
    site: 'north-depot',
    category,
    reality: 'actual',
    source: 'panels',
    zone: 'gate',
  } as const;
  const hash = keyHash({ agency: 'unit', principalKind: 'source', principalId: 'panels', reality: 'actual', key: id });
  await db.pool.query(
    `INSERT INTO alert (id, agency_id, principal_kind, principal_id, key, key_hash, reality, site_id, zone, category, severity, lane, title,
       status, accepted_at, last_signal_at, group_key, work_due_at, attempts)
     VALUES ($1, 'unit', 'source', 'panels', $2, $3, 'actual', 'north-depot', 'gate', $4, $5, 1, $6, 'firing', clock_timestamp(), clock_timestamp(), $7, clock_timestamp(), $8)`,
    [id, id, hash, category, severity, title, groupKey(of), attempts],
  );
  return id;
}

interface AlertState {
  readonly incident_id: string | null;
  readonly attempts: number;
  readonly parked_code: string | null;
  readonly work_due_at: number | null;
  readonly reported_count: number;
}
const row = async (id: string): Promise<AlertState> =>
  (await db.pool.query<AlertState & Record<string, unknown>>('SELECT * FROM alert WHERE id = $1', [id]))
    .rows[0] as AlertState;
const merged = async (id: string): Promise<boolean> => (await row(id)).incident_id !== null;

/** Holds locks of `take` on a connection of its own until `letGo`. */
async function hold(
  take: (tx: Parameters<Parameters<typeof transaction>[1]>[0]) => Promise<unknown>,
): Promise<() => Promise<void>> {
  let letGo = (): void => {};
  let taken = (): void => {};
  const isTaken = new Promise<void>((resolve) => (taken = resolve));
  const holding = transaction(db.pool, async (tx) => {
    await take(tx);
    taken();
    await new Promise<void>((resolve) => (letGo = resolve));
  });
  await isTaken;
  holds.push(() => letGo());
  return async () => {
    letGo();
    await holding;
  };
}

it('an incident that somebody holds holds up its own alerts only, and none is parked for it', async () => {
  const first = await accept({ category: 'held' });
  openLane();
  await until(() => merged(first));
  const { incident_id: incident } = await row(first);
  const letGo = await hold((tx) => loadAggregates(tx, [incident as string]));
  const stuck = [await accept({ category: 'held' }), await accept({ category: 'held' })];
  const free = await Promise.all(Array.from({ length: 20 }, () => accept()));
  await until(async () => (await Promise.all(free.map(merged))).every(Boolean), { timeoutMs: 1_500 });
  const later = await accept();
  await until(() => merged(later), { timeoutMs: 1_000 });
  // Long enough for more than five attempts.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  for (const id of stuck) expect(await row(id)).toMatchObject({ incident_id: null, parked_code: null });
  // Intake counts their repeats meanwhile: nobody waits for the incident with their rows in hand.
  await transaction(db.pool, (tx) => tx.query('UPDATE alert SET count = count + 1 WHERE id = ANY($1)', [stuck]), {
    lockWaitMs: 700,
  });
  await letGo();
  await until(async () => (await Promise.all(stuck.map(merged))).every(Boolean));
  for (const id of stuck)
    expect(await row(id)).toMatchObject({ incident_id: incident, attempts: 0, parked_code: null });
});

it('who waits in line for an incident merges in his turn, whoever stands behind him', async () => {
  const first = await accept({ category: 'hot' });
  openLane();
  await until(() => merged(first));
  const { incident_id: incident } = await row(first);
  const take = (tx: Parameters<typeof loadAggregates>[0]) => loadAggregates(tx, [incident as string]);
  const inLine = async (): Promise<number> =>
    (
      await db.pool.query(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      )
    ).rowCount ?? 0;
  const letGo = await hold(take);
  const late = await accept({ category: 'hot' });
  await until(async () => (await inLine()) === 1);
  const behind = hold(take);
  await until(async () => (await inLine()) === 2);
  await letGo();
  await until(() => merged(late));
  await (await behind)();
  expect(await row(late)).toMatchObject({ incident_id: incident });
});

it('what the store does to everybody parks nobody', async () => {
  let troubles = 12;
  const config = {
    current: async () => {
      if (troubles > 0) {
        troubles -= 1;
        throw Object.assign(new Error('no space left'), { severity: 'ERROR', code: '53100' });
      }
      return context.config.current();
    },
  } as unknown as ConfigCache;
  const ids = [await accept(), await accept()];
  openLane({ config });
  await until(async () => (await Promise.all(ids.map(merged))).every(Boolean));
  for (const id of ids) expect(await row(id)).toMatchObject({ attempts: 0, parked_code: null });
});

it('an alert that intake holds at almost every moment is merged soon, and not parked', async () => {
  const id = await accept();
  const stop = new AbortController();
  const intakes = Array.from({ length: 2 }, async () => {
    while (!stop.signal.aborted) {
      await transaction(db.pool, async (tx) => {
        await tx.query('SELECT 1 FROM alert WHERE id = $1 FOR NO KEY UPDATE', [id]);
        await tx.query('UPDATE alert SET count = count + 1, last_signal_at = clock_timestamp() WHERE id = $1', [id]);
        await tx.query('SELECT pg_sleep(0.02)');
      });
    }
  });
  openLane();
  const until3s = until(() => merged(id), { timeoutMs: 6_000 });
  await until3s.finally(async () => {
    stop.abort();
    await Promise.all(intakes);
  });
  expect(await row(id)).toMatchObject({ parked_code: null });
});

it('one that fails and cannot even be parked keeps nobody waiting', async () => {
  await db.pool.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.title LIKE 'unstorable%' OR EXISTS (SELECT 1 FROM alert WHERE key = NEW.title AND title = 'unstorable') THEN RAISE EXCEPTION 'no' USING ERRCODE = '22000'; END IF;
    RETURN NEW; END $$`);
  await db.pool.query('CREATE TRIGGER refuse BEFORE INSERT ON incident FOR EACH ROW EXECUTE FUNCTION refuse()');
  const before = await accept();
  const bad = await accept({ title: 'unstorable' });
  const after = await accept();
  openLane();
  await until(async () => (await merged(before)) && (await merged(after)), { timeoutMs: 2_000 });
  await until(async () => (await db.pool.query("SELECT 1 FROM alert WHERE key = 'alert-unparkable'")).rowCount === 1);
  const later = await accept();
  await until(() => merged(later), { timeoutMs: 2_000 });
  expect(await row(bad)).toMatchObject({ incident_id: null, parked_code: null });
  await lane?.close();
  await db.pool.query('DROP TRIGGER refuse ON incident');
  openLane();
  await until(() => merged(bad));
});

it('a conflict that no repetition ends keeps its neighbours from nothing', async () => {
  await db.pool.query(`CREATE FUNCTION conflict() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.title = 'always' THEN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END IF; RETURN NEW; END $$`);
  await db.pool.query('CREATE TRIGGER conflict BEFORE INSERT ON incident FOR EACH ROW EXECUTE FUNCTION conflict()');
  const bad = await accept({ title: 'always' });
  const good = await Promise.all(Array.from({ length: 5 }, () => accept()));
  openLane();
  await until(async () => (await Promise.all(good.map(merged))).every(Boolean), { timeoutMs: 4_000 });
  for (const id of good) expect(await row(id)).toMatchObject({ parked_code: null });
  // Its own incident is none of the group's: it is titled by the key, and somebody is paged.
  await until(async () => (await row(bad)).parked_code !== null);
  await db.pool.query('DROP TRIGGER conflict ON incident');
});

it('rows that a killed process had begun are worked one by one, and healthy ones are not parked with the killer', async () => {
  const ids = await Promise.all(Array.from({ length: 6 }, () => accept({ attempts: 5 - 1 })));
  openLane();
  await until(async () => (await Promise.all(ids.map(merged))).every(Boolean));
  const { rows } = await db.pool.query<{ xids: number }>(
    `SELECT count(DISTINCT e.xid)::int AS xids FROM event e JOIN alert a ON a.incident_id = e.stream WHERE a.id = ANY($1) AND e.type = 'incident.opened'`,
    [ids],
  );
  expect(rows).toEqual([{ xids: 6 }]);
  for (const id of ids) expect(await row(id)).toMatchObject({ attempts: 0, parked_code: null });
});

it('repeats and the end of a parked alert wait for nobody, so that nobody is refused for a backlog', async () => {
  const id = await accept({ attempts: 5 });
  openLane();
  await until(async () => (await row(id)).parked_code !== null);
  const at = await clockNow(db.pool);
  const update = {
    id,
    count: 2,
    severity: 'high',
    startsAt: null,
    endsAt: at - 1,
    lastSignalAt: at,
    reportAt: at,
  } as const;
  expect(await transaction(db.pool, (tx) => updateAlerts(tx, [update]))).toEqual([]);
  expect(await row(id)).toMatchObject({ work_due_at: null, count: 2 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await secondsBehind(db.pool)).toBe(0);
});

it('and all of it verifies', async () => {
  expect(await verifyLog(db.pool)).toMatchObject({ ok: true });
});
