import { groupKey, laneOf, type Severity } from '@tocsin/domain';
import { ConfigCache, findSilentIncidents, verifyLog } from '@tocsin/store';
import { silentLogger } from '@tocsin/telemetry';
import { type TestDatabase, testDatabase, until } from '@tocsin/testing';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { applyFolder } from '../configuration/apply-config.js';
import type { Context } from '../context.js';
import { TimerSweeper } from '../timers/sweep-timers.js';
import { isolatePoison } from './isolate-poison.js';
import { mergeAlerts } from './merge-alerts.js';
import { parkPoisonedAlert } from './park-alert.js';

let db: TestDatabase;
let context: Context;
const relayed: { queue: string; ids: readonly string[] }[] = [];

beforeAll(async () => {
  db = await testDatabase();
  await applyFolder({ databaseUrl: db.url, dir: join(__dirname, '../../../../test/system/config'), by: 'test' });
  context = {
    pool: db.pool,
    config: new ConfigCache(db.pool),
    relay: (queue, ids) => relayed.push({ queue, ids }),
    tick: () => {},
    log: silentLogger,
  };
});

afterAll(() => db?.drop());

interface Given {
  key?: string;
  site?: string;
  zone?: string;
  category?: string;
  severity?: Severity;
  title?: string;
}

/** What intake would have committed. */
async function accept({
  key = v7(),
  site = 'site-1',
  zone = 'gate',
  category = 'intrusion',
  severity = 'high',
  title = 'Fence',
}: Given = {}): Promise<string> {
  const id = v7();
  const group = groupKey({ agency: 'testland', site, category, reality: 'actual', source: 'panels', zone });
  await db.pool.query(
    `INSERT INTO alert (id, agency_id, principal_kind, principal_id, key, key_hash, reality, site_id, zone, category, severity, lane, title,
       status, accepted_at, last_signal_at, group_key, work_due_at)
     VALUES ($1, 'testland', 'source', 'panels', $2::text, sha256(convert_to($2::text, 'UTF8')), 'actual', $3, $4, $5, $6, $7, $8, 'firing',
       clock_timestamp(), clock_timestamp(), $9, clock_timestamp())`,
    [id, key, site, zone, category, severity, laneOf(severity), title, group],
  );
  return id;
}

const alertRow = async (id: string) => (await db.pool.query('SELECT * FROM alert WHERE id = $1', [id])).rows[0];
const incidentRow = async (id: string) => (await db.pool.query('SELECT * FROM incident WHERE id = $1', [id])).rows[0];
const typesOf = async (stream: string): Promise<string[]> =>
  (await db.pool.query<{ type: string }>('SELECT type FROM event WHERE stream = $1 ORDER BY seq', [stream])).rows.map(
    (row) => row.type,
  );

/** What intake does on a repeat, or on the source's word that it is over. */
const repeat = (id: string, extra = ''): Promise<unknown> =>
  db.pool.query(
    `UPDATE alert SET count = count + 1, last_signal_at = clock_timestamp(), work_due_at = clock_timestamp() ${extra} WHERE id = $1`,
    [id],
  );

it('opens an incident, routes it, starts its ladder and pages step one in the same transaction', async () => {
  const id = await accept({ site: 'site-2' });
  await mergeAlerts(context, [id]);
  const alert = await alertRow(id);
  expect(alert).toMatchObject({ work_due_at: null, merged_severity: 'high', reported_count: 1 });
  const incident = await incidentRow(alert.incident_id);
  expect(incident).toMatchObject({
    state: 'open',
    condition: 'active',
    severity: 'high',
    site_id: 'site-2',
    team_id: 'guards',
    route_id: 'all',
    alert_count: 1,
  });
  const types = await typesOf(incident.id);
  expect(types.slice(0, 4)).toEqual(['incident.opened', 'alert.accepted', 'incident.routed', 'escalation.started']);
  expect(types.filter((type) => type === 'notification.queued')).toHaveLength(2);
  const timers = (
    await db.pool.query('SELECT kind, ordinal, state FROM timer WHERE subject_id = $1 ORDER BY due_at', [incident.id])
  ).rows;
  expect(timers).toEqual([
    { kind: 'step', ordinal: 1, state: 'fired' },
    { kind: 'step', ordinal: 2, state: 'pending' },
    { kind: 'step', ordinal: 3, state: 'pending' },
    { kind: 'exhaustion', ordinal: expect.any(Number), state: 'pending' },
  ]);
  expect(relayed.at(-1)).toMatchObject({ queue: 'page.email.high' });
  expect(relayed.at(-1)?.ids).toHaveLength(2);
});

it('a second merge of the same alert changes nothing', async () => {
  const id = await accept({ site: 'site-3' });
  await mergeAlerts(context, [id]);
  const before = await typesOf((await alertRow(id)).incident_id);
  expect(await mergeAlerts(context, [id])).toBe(0);
  expect(await typesOf((await alertRow(id)).incident_id)).toEqual(before);
});

it('50 firsts of each of 20 groups at once make 20 incidents', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 1_000; n += 1) ids.push(await accept({ site: `site-${(n % 4) + 1}`, category: `race-${n % 5}` }));
  const parts = Array.from({ length: 20 }, (_, part) => ids.filter((_id, index) => index % 20 === part));
  await Promise.all(parts.map((part) => mergeAlerts(context, part)));
  await until(async () => {
    const left = await db.pool.query<{ id: string }>('SELECT id FROM alert WHERE work_due_at IS NOT NULL');
    await mergeAlerts(
      context,
      left.rows.map((row) => row.id),
    );
    return left.rows.length === 0;
  });
  const { rows } = await db.pool.query("SELECT alert_count FROM incident WHERE category LIKE 'race-%'");
  expect(rows).toHaveLength(20);
  expect(rows.every((row) => row.alert_count === 50)).toBe(true);
  expect(await findSilentIncidents(db.pool)).toEqual([]);
});

it('reports the first repeat at once and further ones with their count after 10 s', async () => {
  const id = await accept({ site: 'site-5' });
  await mergeAlerts(context, [id]);
  await repeat(id);
  await mergeAlerts(context, [id]);
  const { incident_id } = await alertRow(id);
  expect((await typesOf(incident_id)).filter((type) => type === 'alert.duplicate')).toHaveLength(1);
  await repeat(id);
  await repeat(id);
  await mergeAlerts(context, [id]);
  expect((await typesOf(incident_id)).filter((type) => type === 'alert.duplicate')).toHaveLength(1);
  const waiting = await alertRow(id);
  expect(waiting.reported_count).toBe(2);
  expect(waiting.work_due_at).toBe(waiting.reported_at + 10_000_000);
  await db.pool.query("UPDATE alert SET reported_at = reported_at - interval '11 seconds' WHERE id = $1", [id]);
  await mergeAlerts(context, [id]);
  expect(await alertRow(id)).toMatchObject({ reported_count: 4, work_due_at: null });
});

it('a repeat of higher severity re-grades at once', async () => {
  const id = await accept({ site: 'site-6', severity: 'medium' });
  await mergeAlerts(context, [id]);
  await repeat(id, ", severity = 'critical'");
  await mergeAlerts(context, [id]);
  const { incident_id } = await alertRow(id);
  expect((await incidentRow(incident_id)).severity).toBe('critical');
  expect(await typesOf(incident_id)).toContain('incident.regraded');
});

it('one that was over before the merge still opens and pages, as returned to normal', async () => {
  const id = await accept({ site: 'site-6', category: 'door' });
  await db.pool.query(
    "UPDATE alert SET status = 'resolved', ended_at = clock_timestamp(), ended_by = 'source' WHERE id = $1",
    [id],
  );
  await mergeAlerts(context, [id]);
  const { incident_id } = await alertRow(id);
  expect(await incidentRow(incident_id)).toMatchObject({ state: 'open', condition: 'normal', firing_count: 0 });
  expect((await db.pool.query('SELECT 1 FROM notification WHERE incident_id = $1', [incident_id])).rowCount).toBe(2);
});

it('lone information is recorded in the stream of its source and opens nothing', async () => {
  const id = await accept({ site: 'site-6', category: 'chatter', severity: 'info', title: 'Heartbeat' });
  await mergeAlerts(context, [id]);
  expect(await alertRow(id)).toMatchObject({ incident_id: null, work_due_at: null });
  const { rows } = await db.pool.query(
    "SELECT reason ->> 'code' AS code FROM event WHERE data ->> 'alertId' = $1 AND NOT incident",
    [id],
  );
  expect(rows).toEqual([{ code: 'recorded' }]);
});

it('a poisoned alert is bisected out, parked and paged for; its neighbours merge', async () => {
  const good = [await accept({ site: 'site-1', category: 'a' }), await accept({ site: 'site-1', category: 'b' })];
  const bad = await accept({ site: 'site-1', category: 'c' });
  // A severity outside the dictionary passes no rule: a bug in a door, caught here by the table itself.
  const all = [good[0] as string, bad, good[1] as string];
  const work = async (ids: readonly string[]): Promise<void> => {
    if (ids.includes(bad)) throw Object.assign(new Error('poison'), { severity: 'ERROR', code: '22P02' });
    await mergeAlerts(context, ids);
  };
  await isolatePoison(all, { work, park: (id, code) => parkPoisonedAlert(context, id, code) });
  for (const id of good) expect((await alertRow(id)).incident_id).not.toBeNull();
  const parked = await alertRow(bad);
  expect(parked).toMatchObject({ parked_code: 'store-refused', work_due_at: null });
  expect(await incidentRow(parked.incident_id)).toMatchObject({ state: 'open', title: parked.key, group_key: null });
  expect(
    (await db.pool.query("SELECT 1 FROM alert WHERE principal_kind = 'system' AND key = 'alert-parked'")).rowCount,
  ).toBe(1);
});

it('due steps fire once, whoever else fires them at the same moment', async () => {
  const id = await accept({ site: 'site-4', category: 'ladder' });
  await mergeAlerts(context, [id]);
  const { incident_id } = await alertRow(id);
  await db.pool.query("UPDATE run SET started_at = started_at - interval '3.5 seconds' WHERE incident_id = $1", [
    incident_id,
  ]);
  await db.pool.query(
    "UPDATE timer SET due_at = due_at - interval '3.5 seconds' WHERE subject_id = $1 AND state = 'pending'",
    [incident_id],
  );
  const sweepers = [new TimerSweeper(context), new TimerSweeper(context), new TimerSweeper(context)];
  await Promise.all(sweepers.map((sweeper) => sweeper.pass()));
  await Promise.all(sweepers.map((sweeper) => sweeper.settled()));
  const steps = await db.pool.query(
    "SELECT (data ->> 'step')::int AS step FROM event WHERE stream = $1 AND type = 'escalation.step' ORDER BY seq",
    [incident_id],
  );
  expect(steps.rows).toEqual([{ step: 1 }, { step: 2 }]);
});

it('and all of it verifies', async () => {
  expect(await verifyLog(db.pool)).toMatchObject({ ok: true });
});
