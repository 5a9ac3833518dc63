import type { Aggregate } from '@tocsin/domain';
import {
  aDecision,
  anAssignment,
  anEvent,
  anIncident,
  aNotification,
  anOpening,
  aReason,
  aRun,
  aTimer,
  testDatabase,
  type TestDatabase,
  testNow,
} from '@tocsin/testing';
import {
  type Change,
  clockNow,
  type Committed,
  commitDecisions,
  loadAggregates,
  newLoaded,
  readAggregates,
  transaction,
  verifyLog,
} from '../index.js';

describe('commitDecisions', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await testDatabase();
    await db.pool.query(`INSERT INTO agency VALUES ('unit', '{"en": "Unit"}', 'Asia/Karachi')`);
  });
  afterAll(async () => {
    expect(await verifyLog(db.pool)).toMatchObject({ ok: true });
    await db.drop();
  });

  const commit = (changes: readonly Change[], now?: number): Promise<Committed> =>
    transaction(db.pool, async (tx) => commitDecisions(tx, now ?? (await clockNow(tx)), changes));
  const open = async (over: Parameters<typeof anOpening>[0] = {}): Promise<Aggregate> => {
    const { opened, decision } = anOpening(over);
    await commit([{ loaded: newLoaded(opened), decisions: [decision] }]);
    return decision.next;
  };
  /** Locks, decides by `decide`, commits. */
  const change = (id: string, decide: (aggregate: Aggregate) => Omit<Change, 'loaded'>): Promise<Committed> =>
    transaction(db.pool, async (tx) => {
      const loaded = (await loadAggregates(tx, [id])).get(id);
      if (loaded === undefined) throw new Error('not there');
      return commitDecisions(tx, await clockNow(tx), [{ loaded, ...decide(loaded.aggregate) }]);
    });
  const read = async (id: string): Promise<Aggregate | undefined> =>
    (await readAggregates(db.pool, [id])).get(id)?.aggregate;
  const types = async (id: string): Promise<string[]> =>
    (await db.pool.query<{ type: string }>('SELECT type FROM event WHERE stream = $1 ORDER BY seq', [id])).rows.map(
      ({ type }) => type,
    );
  const states = async (table: 'timer' | 'run', ids: readonly string[]): Promise<string[]> =>
    (
      await db.pool.query<{ state: string }>(`SELECT state FROM ${table} WHERE id = ANY($1::uuid[]) ORDER BY id`, [ids])
    ).rows.map(({ state }) => state);

  it('opens incidents that load as they were decided, with number, events and a waiting page', async () => {
    const { opened, decision } = anOpening({
      labels: { 'a "b"': '\\' },
      zones: ['gate', 'a,b "c"'],
      description: 'تار',
    });
    const committed = await commit([{ loaded: newLoaded(opened), decisions: [decision] }]);
    const { id } = opened.incident;
    expect(await read(id)).toEqual(decision.next);
    expect(committed).toMatchObject({
      events: 5,
      streams: [{ incidentId: id, seq: 5 }],
      notifications: [{ incidentId: id, channel: 'push' }],
    });
    expect(committed.numbers.get(id)).toMatch(/^26-0\d{4}$/);
    expect(await types(id)).toEqual(decision.events.map(({ type }) => type));
    const { rows } = await db.pool.query(
      'SELECT state, wait_until >= due_at AS waits FROM notification WHERE incident_id = $1',
      [id],
    );
    expect(rows).toEqual([{ state: 'waiting', waits: true }]);
    const [first] = decision.ended.timers;
    expect(await states('timer', [first?.id ?? ''])).toEqual(['fired']);
  });

  it('gives each incident of a batch a number of its own', async () => {
    const openings = Array.from({ length: 5 }, () => anOpening());
    const { numbers } = await commit(
      openings.map(({ opened, decision }) => ({ loaded: newLoaded(opened), decisions: [decision] })),
    );
    expect(new Set(numbers.values()).size).toBe(5);
  });

  it("numbers by the year of the unit's own zone, also beyond five digits", async () => {
    const newYear = Date.UTC(2026, 11, 31, 19, 0, 1) * 1_000; // 2027 in Karachi
    await db.pool.query(`SELECT setval('incident_number', 123456)`);
    const { opened, decision } = anOpening({ openedAt: newYear });
    const { numbers } = await commit([{ loaded: newLoaded(opened), decisions: [decision] }]);
    expect(numbers.get(opened.incident.id)).toBe('27-123457');
  });

  it('folds decisions in order: the last state, all events, what began and ended within', async () => {
    const { incident, runs, timers } = await open();
    const held = { ...(runs[0] ?? aRun()), state: 'held' as const };
    const idle = aTimer({ runId: held.id, kind: 'taken-idle' });
    const response = aRun({ kind: 'response' });
    const assignment = anAssignment({ runId: response.id });
    const acknowledged = {
      ...incident,
      state: 'acknowledged' as const,
      owner: assignment.person,
      version: 2,
      acknowledgedAt: testNow,
      lastDispatch: [assignment.id],
    };
    const cancelled = timers.map((timer) => ({ ...timer, state: 'cancelled' as const }));
    await change(incident.id, () => {
      const first = aDecision(
        { incident: acknowledged, runs: [held], timers: [idle], assignments: [] },
        {
          events: [anEvent({ type: 'incident.acknowledged' })],
          ended: { runs: [], timers: cancelled, assignments: [] },
        },
      );
      const second = aDecision(
        { incident: acknowledged, runs: [held, response], timers: [], assignments: [assignment] },
        {
          events: [anEvent({ type: 'assignment.dispatched' })],
          ended: { runs: [], timers: [{ ...idle, state: 'cancelled' }], assignments: [] },
        },
      );
      return { decisions: [first, second], events: [anEvent()] };
    });
    const after = await read(incident.id);
    expect(after).toMatchObject({ incident: acknowledged, timers: [], assignments: [assignment] });
    expect(after?.runs).toEqual(expect.arrayContaining([held, { ...response, repeats: [] }]));
    expect((await types(incident.id)).slice(5)).toEqual([
      'incident.acknowledged',
      'assignment.dispatched',
      'note.added',
    ]);
    expect(await states('timer', [idle.id, ...timers.map(({ id }) => id)])).toEqual([
      'cancelled',
      'cancelled',
      'cancelled',
      'cancelled',
    ]);
    await change(incident.id, () => ({
      decisions: [
        aDecision(
          {
            incident: { ...acknowledged, state: 'open', epoch: 2 },
            runs: [aRun({ epoch: 1 })],
            timers: [],
            assignments: [],
          },
          {
            ended: {
              runs: [
                { ...held, state: 'ended', endedAt: testNow, endedBy: 'returned' },
                { ...response, state: 'ended', endedAt: testNow, endedBy: 'declined' },
              ],
              timers: [],
              assignments: [{ ...assignment, state: 'declined' }],
            },
          },
        ),
      ],
    }));
    expect(await read(incident.id)).toMatchObject({
      incident: { state: 'open', epoch: 2 },
      runs: [{ epoch: 1 }],
      assignments: [],
    });
    expect(await states('run', [held.id, response.id])).toEqual(['ended', 'ended']);
  });

  it('takes waiting pages of an ended run back, with an event each, and leaves what was claimed', async () => {
    const { incident, runs } = await open();
    const run = runs[0] ?? aRun();
    const [second, third] = [aNotification({ runId: run.id, step: 2 }), aNotification({ runId: run.id, step: 3 })];
    await change(incident.id, (aggregate) => ({
      decisions: [
        aDecision(aggregate, { effects: [second, third].map((notification) => ({ kind: 'notify', notification })) }),
      ],
    }));
    await db.pool.query(`UPDATE notification SET state = 'sent' WHERE id = $1`, [third.id]);
    const late = aNotification({ runId: run.id, step: 4 });
    const notice = aNotification({ runId: null, kind: 'notice', notice: 'recalled' });
    const reason = aReason('acknowledged', 'Somebody has seen it.');
    const committed = await change(incident.id, (aggregate) => ({
      decisions: [
        aDecision(aggregate, { effects: [{ kind: 'notify', notification: late }] }),
        aDecision(
          { ...aggregate, runs: [{ ...run, state: 'held' }] },
          {
            events: [anEvent({ actor: { kind: 'person', id: 'p' } })],
            effects: [
              { kind: 'suppress', runId: run.id, reason },
              { kind: 'notify', notification: notice },
            ],
          },
        ),
      ],
    }));
    const { rows } = await db.pool.query(
      'SELECT step, state, reason FROM notification WHERE incident_id = $1 AND run_id = $2 ORDER BY step',
      [incident.id, run.id],
    );
    expect(rows).toEqual([
      { step: 1, state: 'suppressed', reason },
      { step: 2, state: 'suppressed', reason },
      { step: 3, state: 'sent', reason: null },
      { step: 4, state: 'suppressed', reason },
    ]);
    expect(committed.notifications.map(({ id, suppressed }) => [id, suppressed?.code])).toEqual([
      [late.id, 'acknowledged'],
      [notice.id, undefined],
    ]);
    const events = await db.pool.query(
      'SELECT data, reason, actor_kind FROM event WHERE stream = $1 AND type = $2 ORDER BY seq',
      [incident.id, 'notification.suppressed'],
    );
    expect(events.rows.map(({ data }: { data: { step: number } }) => data.step)).toEqual([1, 2, 4]);
    expect(events.rows[0]).toMatchObject({
      reason,
      actor_kind: 'person',
      data: { channel: 'push', person: expect.any(String), notificationId: expect.any(String) },
    });
  });

  it('takes back a page whose run ends in the same decision, whichever stands first', async () => {
    const { incident, runs } = await open();
    const run = runs[0] ?? aRun();
    const page = aNotification({ runId: run.id, step: 7 });
    await change(incident.id, (aggregate) => ({
      decisions: [
        aDecision(
          { ...aggregate, runs: [{ ...run, state: 'held' }] },
          {
            effects: [
              { kind: 'suppress', runId: run.id, reason: aReason('run-held') },
              { kind: 'notify', notification: page },
            ],
          },
        ),
      ],
    }));
    const { rows } = await db.pool.query('SELECT DISTINCT state FROM notification WHERE incident_id = $1', [
      incident.id,
    ]);
    expect(rows).toEqual([{ state: 'suppressed' }]);
  });

  it('turns sys effects into alerts of the system that wait and have already ended', async () => {
    const { incident } = await open();
    const sys = { kind: 'sys', cause: 'escalation-exhausted', subject: incident.id, params: { step: 4 } } as const;
    const { systemAlerts } = await change(incident.id, (aggregate) => ({
      decisions: [aDecision(aggregate, { effects: [sys] })],
    }));
    const { rows } = await db.pool.query('SELECT * FROM alert WHERE id = ANY($1::uuid[])', [systemAlerts]);
    expect(rows).toMatchObject([
      {
        agency_id: 'unit',
        principal_kind: 'system',
        key: 'escalation-exhausted',
        severity: 'high',
        lane: 1,
        status: 'resolved',
        resolve_reported: true,
        group_key: '["unit","system","escalation-exhausted"]',
        labels: { subject: incident.id, step: '4' },
        work_due_at: expect.any(Number),
      },
    ]);
  });

  it('begins again when the group has got an incident meanwhile, and then finds it', async () => {
    await open({ groupKey: 'group-1' });
    let attempts = 0;
    const second = anOpening({ groupKey: 'group-1' });
    const racing = transaction(
      db.pool,
      async (tx) => {
        attempts += 1;
        return commitDecisions(tx, await clockNow(tx), [
          { loaded: newLoaded(second.opened), decisions: [second.decision] },
        ]);
      },
      { attempts: 2 },
    );
    await expect(racing).rejects.toMatchObject({ code: 'begin-again' });
    expect(attempts).toBe(2);
    expect(await read(second.opened.incident.id)).toBeUndefined();
  });

  it('fails for good, not as a race, when a rule numbers something twice, loses something, or writes what was not loaded', async () => {
    const { incident, runs } = await open();
    const run = runs[0] ?? aRun();
    const twice = [1, 2].map(() => ({
      kind: 'notify' as const,
      notification: aNotification({ runId: run.id, step: 9, target: { kind: 'channel', id: 'room' } }),
    }));
    await expect(
      change(incident.id, (aggregate) => ({ decisions: [aDecision(aggregate, { effects: twice })] })),
    ).rejects.toMatchObject({
      code: 'store-refused',
      retryable: false,
    });
    await expect(
      change(incident.id, (aggregate) => ({ decisions: [aDecision({ ...aggregate, runs: [] })] })),
    ).rejects.toThrow(`dropped ${run.id}`);
    const ghost = newLoaded({ incident: anIncident(), runs: [], timers: [], assignments: [] });
    const written = commit([{ loaded: { ...ghost, isNew: false }, decisions: [], events: [anEvent()] }]);
    await expect(written).rejects.toThrow('1 incidents are gone');
  });

  it('writes nothing for a decision that changes nothing', async () => {
    const { incident } = await open();
    const before = await db.pool.query('SELECT xmin FROM incident WHERE id = $1', [incident.id]);
    const committed = await change(incident.id, (aggregate) => ({ decisions: [aDecision(aggregate)] }));
    expect(committed).toMatchObject({ events: 0, notifications: [] });
    expect((await db.pool.query('SELECT xmin FROM incident WHERE id = $1', [incident.id])).rows).toEqual(before.rows);
  });

  it('never lets the time of a stream go back', async () => {
    const { incident } = await open();
    await transaction(db.pool, async (tx) => {
      const loaded = (await loadAggregates(tx, [incident.id])).get(incident.id);
      if (loaded !== undefined) await commitDecisions(tx, testNow, [{ loaded, decisions: [], events: [anEvent()] }]);
    });
    const { rows } = await db.pool.query<{ at: number }>('SELECT at FROM event WHERE stream = $1 ORDER BY seq', [
      incident.id,
    ]);
    expect(rows.map(({ at }) => at)).toEqual(rows.map(({ at }) => at).sort((a, b) => a - b));
  });
});
