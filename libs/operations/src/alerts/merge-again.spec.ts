import { groupKey, laneOf, SECOND, type Severity } from '@tocsin/domain';
import { ConfigCache, keyHash, verifyLog } from '@tocsin/store';
import { silentLogger } from '@tocsin/telemetry';
import { exampleConfig, makeLive, testDatabase, type TestDatabase } from '@tocsin/testing';
import { v7 } from 'uuid';
import type { Context } from '../context.js';
import { mergeAlerts } from './merge-alerts.js';

let db: TestDatabase;
let context: Context;
beforeAll(async () => {
  db = await testDatabase();
  await makeLive(db.pool, exampleConfig());
  context = { pool: db.pool, config: new ConfigCache(db.pool), relay: () => {}, tick: () => {}, log: silentLogger };
});
afterAll(() => db?.drop());

/** What intake would have committed. */
async function accept({
  category,
  severity = 'high',
  agoS = 0,
  startsAt = false,
}: {
  category: string;
  severity?: Severity;
  agoS?: number;
  startsAt?: boolean;
}): Promise<string> {
  const id = v7();
  const group = groupKey({
    agency: 'unit',
    site: 'north-depot',
    category,
    reality: 'actual',
    source: 'panels',
    zone: 'gate',
  });
  const hash = keyHash({ agency: 'unit', principalKind: 'source', principalId: 'panels', reality: 'actual', key: id });
  await db.pool.query(
    `INSERT INTO alert (id, agency_id, principal_kind, principal_id, key, key_hash, reality, site_id, zone, category, severity, lane, title,
       status, accepted_at, last_signal_at, group_key, work_due_at, starts_at)
     SELECT $1, 'unit', 'source', 'panels', $1::uuid::text, $2, 'actual', 'north-depot', 'gate', $3, $4, $5, 'Fence', 'firing', at, at, $6, at,
       CASE WHEN $8::boolean THEN at END
     FROM (SELECT clock_timestamp() - $7 * interval '1 s' AS at) AS t`,
    [id, hash, category, severity, laneOf(severity), group, agoS, startsAt],
  );
  return id;
}

/** What intake does on a repeat. */
const repeat = (id: string, severity: Severity): Promise<unknown> =>
  db.pool.query(
    `UPDATE alert SET count = count + 1, severity = $2, last_signal_at = clock_timestamp(), work_due_at = clock_timestamp() WHERE id = $1`,
    [id, severity],
  );
const incidentOf = async (alert: string): Promise<string> =>
  (await db.pool.query<{ incident_id: string }>('SELECT incident_id FROM alert WHERE id = $1', [alert])).rows[0]
    ?.incident_id ?? '';
const resolvedAgo = (incident: string, state: string, ago: string): Promise<unknown> =>
  db.pool.query(
    `WITH ended AS (UPDATE run SET state = 'ended' WHERE incident_id = $1), dead AS (UPDATE timer SET state = 'cancelled' WHERE subject_id = $1 AND state = 'pending')
     UPDATE incident SET state = $2, resolved_at = clock_timestamp() - $3::interval, resolved_by = 'person', closed_at = CASE WHEN $2 = 'closed' THEN clock_timestamp() END WHERE id = $1`,
    [incident, state, ago],
  );
const eventsOf = async (alert: string): Promise<{ type: string; incident: boolean }[]> =>
  (
    await db.pool.query<{ type: string; incident: boolean }>(
      `SELECT type, incident FROM event WHERE data ->> 'alertId' = $1 ORDER BY position`,
      [alert],
    )
  ).rows;

describe('a repeat that turns out to have come after the end of its incident', () => {
  it('joins the other incident that its group has by now, in whatever order the two arrive', async () => {
    for (const category of ['first', 'last']) {
      const old = await accept({ category, agoS: 1_000 });
      await mergeAlerts(context, [old]);
      const resolved = await incidentOf(old);
      await resolvedAgo(resolved, 'resolved', '11 minutes');
      const fresh = category === 'last' ? await accept({ category }) : '';
      await repeat(old, 'high');
      const other = category === 'first' ? await accept({ category }) : fresh;
      // Both in one batch, the old one first (ids rise with time): one reopens or opens, the other joins it.
      expect(await mergeAlerts(context, [old, other])).toBe(2);
      expect(await incidentOf(old)).toBe(await incidentOf(other));
    }
  });

  it('joins one that was opened before', async () => {
    const category = 'before';
    const old = await accept({ category, agoS: 1_000 });
    await mergeAlerts(context, [old]);
    await resolvedAgo(await incidentOf(old), 'resolved', '11 minutes');
    const other = await accept({ category });
    await mergeAlerts(context, [other]);
    await repeat(old, 'high');
    expect(await mergeAlerts(context, [old])).toBe(1);
    expect(await incidentOf(old)).toBe(await incidentOf(other));
  });

  it('of a closed one begins anew; with the same start it is no news for 1 h', async () => {
    for (const startsAt of [false, true]) {
      const old = await accept({ category: `closed-${startsAt}`, agoS: 600, startsAt });
      await mergeAlerts(context, [old]);
      const closed = await incidentOf(old);
      await resolvedAgo(closed, 'closed', '5 minutes');
      await repeat(old, 'high');
      await mergeAlerts(context, [old]);
      expect((await incidentOf(old)) === closed).toBe(startsAt);
    }
  });
});

describe('information', () => {
  it('that is graded up an hour later pages from then on, not as if an hour had been missed', async () => {
    const id = await accept({ category: 'info-up', severity: 'info', agoS: 3_600 });
    await mergeAlerts(context, [id]);
    await repeat(id, 'critical');
    await mergeAlerts(context, [id]);
    const incident = await incidentOf(id);
    const { rows } = await db.pool.query<{ step: number; late: boolean | null; age: number }>(
      `SELECT (e.data ->> 'step')::int AS step, (e.data ->> 'late')::boolean AS late, micros(e.at - (r.started_at - 'epoch'::timestamptz))::float8 AS age
       FROM event e JOIN run r ON r.incident_id = e.stream WHERE e.stream = $1 AND e.type = 'escalation.step'`,
      [incident],
    );
    expect(rows).toEqual([{ step: 1, late: null, age: expect.any(Number) }]);
    expect(rows[0]?.age).toBeLessThan(5 * SECOND);
  });

  it('that is recorded was accepted once, however often it is repeated', async () => {
    const id = await accept({ category: 'info-again', severity: 'info' });
    await mergeAlerts(context, [id]);
    for (let n = 0; n < 5; n += 1) {
      await repeat(id, 'info');
      await mergeAlerts(context, [id]);
    }
    await db.pool.query(
      `UPDATE alert SET status = 'resolved', ended_at = clock_timestamp(), ended_by = 'source', work_due_at = clock_timestamp() WHERE id = $1`,
      [id],
    );
    await mergeAlerts(context, [id]);
    expect(await eventsOf(id)).toEqual([
      { type: 'alert.accepted', incident: false },
      { type: 'alert.duplicate', incident: false },
      { type: 'alert.duplicate', incident: false },
      { type: 'alert.resolved', incident: false },
    ]);
  });

  it('that was recorded stays so, also when its group opens an incident later', async () => {
    const id = await accept({ category: 'info-stays', severity: 'info' });
    await mergeAlerts(context, [id]);
    const alarm = await accept({ category: 'info-stays' });
    await mergeAlerts(context, [alarm]);
    await repeat(id, 'info');
    await mergeAlerts(context, [id]);
    expect((await eventsOf(id)).map(({ incident }) => incident)).toEqual([false, false]);
    const joins = await accept({ category: 'info-stays', severity: 'info' });
    await mergeAlerts(context, [joins]);
    expect(await incidentOf(joins)).toBe(await incidentOf(alarm));
  });

  it('that an incident took is still its own when it is repeated after the end', async () => {
    const alarm = await accept({ category: 'info-outlives' });
    await mergeAlerts(context, [alarm]);
    const id = await accept({ category: 'info-outlives', severity: 'info' });
    await mergeAlerts(context, [id]);
    const incident = await incidentOf(alarm);
    expect(await incidentOf(id)).toBe(incident);
    await resolvedAgo(incident, 'closed', '5 minutes');
    await repeat(id, 'info');
    await mergeAlerts(context, [id]);
    expect(await incidentOf(id)).toBe(incident);
    expect(await eventsOf(id)).toEqual([
      { type: 'alert.accepted', incident: true },
      { type: 'alert.duplicate', incident: false },
    ]);
  });
});

it('and all of it verifies', async () => {
  expect(await verifyLog(db.pool)).toMatchObject({ ok: true });
});
