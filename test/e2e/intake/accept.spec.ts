import { type OpenIntake, openIntake } from './open-intake.js';

let intake: OpenIntake;
beforeAll(async () => {
  intake = await openIntake();
});
afterAll(() => intake.close());

const alert = (key: string, more: object = {}) => ({
  key,
  site: 'gate-1',
  title: 'Door forced',
  severity: 'high',
  ...more,
});
const one = async (body: object, options = {}) => (await intake.post('/v1/alerts', body, options)).first;
const row = async (id: string) => (await intake.pool.query('SELECT * FROM alert WHERE id = $1', [id])).rows[0];

describe('an alert', () => {
  it('is stored before it is answered, waits for the engine, and can be read by its source', async () => {
    const { status, body, first } = await intake.post(
      '/v1/alerts',
      alert('a1', { labels: { door: '7' }, occurredAt: '2026-11-24T22:39:00.123456789+05:00' }),
    );
    expect([status, body]).toEqual([202, { alerts: [{ id: expect.any(String), key: 'a1', status: 'accepted' }] }]);
    const { id } = first;
    expect(await row(id)).toMatchObject({
      key: 'a1',
      status: 'firing',
      lane: 1,
      labels: { door: '7' },
      group_key: '["unit-1","gate-1","other","actual"]',
    });
    expect((await row(id)).work_due_at).toBe((await row(id)).accepted_at);
    const seen = await intake.get(`/v1/alerts/${id}`);
    expect([seen.status, seen.body]).toMatchObject([
      200,
      {
        id,
        key: 'a1',
        site: 'gate-1',
        severity: 'high',
        status: 'firing',
        count: 1,
        incidentId: null,
        occurredAt: '2026-11-24T17:39:00.123456Z',
      },
    ]);
  });

  it('is nobody else’s to read', async () => {
    const { id } = await one(alert('a2'));
    expect((await intake.get(`/v1/alerts/${id}`, intake.tokens.north)).status).toBe(404);
    expect((await intake.get('/v1/alerts/019ab000-0000-7000-8000-000000000000')).status).toBe(404);
    expect((await intake.get('/v1/alerts/no-id')).body).toMatchObject({ code: 'not-found' });
  });

  it('gets its severity by its category, and travels on that lane', async () => {
    const panic = await one({ key: 'sev-1', site: 'gate-1', title: 'Panic', category: 'panic' });
    const tamper = await one({ key: 'sev-2', site: 'gate-1', title: 'Tamper', category: 'tamper' });
    const other = await one({ key: 'sev-3', site: 'gate-1', title: 'Other' });
    const rows = await Promise.all([panic, tamper, other].map(({ id }) => row(id)));
    expect(rows.map(({ severity, lane }) => [severity, lane])).toEqual([
      ['critical', 0],
      ['medium', 2],
      ['high', 1],
    ]);
  });

  it('of a site that the unit does not know is taken from a source of the whole unit, and refused from another', async () => {
    expect((await one(alert('far-1', { site: 'nowhere' }))).status).toBe('accepted');
    const refused = await intake.post('/v1/alerts', alert('far-2', { site: 'nowhere' }), {
      token: intake.tokens.north,
    });
    expect([refused.status, refused.body]).toMatchObject([
      403,
      { code: 'site-out-of-scope', errors: [{ path: 'site' }] },
    ]);
    expect(
      (await intake.post('/v1/alerts', alert('far-3', { site: 'gate-1' }), { token: intake.tokens.north })).status,
    ).toBe(202);
  });
});

describe('an episode', () => {
  it('counts repeats under the same id, ends with its resolve, and begins anew afterwards', async () => {
    const first = await one(alert('e1'));
    expect(await one(alert('e1'))).toEqual({ id: first.id, key: 'e1', status: 'duplicate' });
    expect(await one({ key: 'e1', status: 'resolved' })).toEqual({ id: first.id, key: 'e1', status: 'resolved' });
    expect(await row(first.id)).toMatchObject({ status: 'resolved', count: 2, ended_by: 'source' });
    expect(await one({ key: 'e1', status: 'resolved' })).toEqual({ id: null, key: 'e1', status: 'ignored' });
    const again = await one(alert('e1'));
    expect(again.status).toBe('accepted');
    expect(again.id).not.toBe(first.id);
  });

  it('is told apart by reality: a drill never swallows a real alarm', async () => {
    const drill = await one(alert('e2', { reality: 'exercise' }));
    const real = await one(alert('e2'));
    expect(real.status).toBe('accepted');
    expect(real.id).not.toBe(drill.id);
  });

  it('is told apart by source', async () => {
    const ours = await one(alert('e3'));
    const theirs = await one(alert('e3'), { token: intake.tokens.north });
    expect([theirs.status, theirs.id === ours.id]).toEqual(['accepted', false]);
  });

  it('is raised by a repeat of higher severity, lane and all, and never lowered', async () => {
    const { id } = await one(alert('e4', { severity: 'low' }));
    await one(alert('e4', { severity: 'critical' }));
    await one(alert('e4', { severity: 'info' }));
    expect(await row(id)).toMatchObject({ severity: 'critical', lane: 0, count: 3 });
  });

  it('folds in arrival order within one array: begun, repeated, ended, begun anew', async () => {
    const { body } = await intake.post('/v1/alerts', [
      alert('e5'),
      alert('e5'),
      { key: 'e5', status: 'resolved' },
      alert('e5'),
      alert('e6'),
    ]);
    expect(body.alerts.map(({ status }) => status)).toEqual([
      'accepted',
      'duplicate',
      'resolved',
      'accepted',
      'accepted',
    ]);
    const [begun, repeated, ended, anew = ''] = body.alerts.map(({ id }) => id);
    expect([repeated, ended]).toEqual([begun, begun]);
    expect(anew).not.toBe(begun);
    expect(await row(begun ?? '')).toMatchObject({ status: 'resolved', count: 2 });
    expect(await row(anew)).toMatchObject({ status: 'firing', count: 1, raw_index: 3 });
  });

  it.each(['resolved', 'closed'])(
    'ends when its incident was %s by a person: the next signal is a new alert',
    async (state) => {
      const first = await one(alert(`e7-${state}`));
      await attachIncident(first.id, { state, by: 'person' });
      const next = await one(alert(`e7-${state}`));
      expect([next.status, next.id === first.id]).toEqual(['accepted', false]);
      expect(await row(first.id)).toMatchObject({ status: 'resolved', ended_by: 'superseded' });
    },
  );

  it('goes on while its incident is open', async () => {
    const first = await one(alert('e8'));
    await attachIncident(first.id, { state: 'acknowledged', by: null });
    expect(await one(alert('e8'))).toEqual({ id: first.id, key: 'e8', status: 'duplicate' });
  });

  it('wakes the engine for its first repeat at once, for later ones 10 s after the last report', async () => {
    const { id } = await one(alert('e9'));
    const report = (count: number) =>
      intake.pool.query(
        'UPDATE alert SET merged_at = clock_timestamp(), work_due_at = NULL, reported_count = $2, reported_at = clock_timestamp() WHERE id = $1',
        [id, count],
      );
    const waits = async (): Promise<number> =>
      Number(
        (
          await intake.pool.query(
            'SELECT extract(epoch FROM work_due_at - clock_timestamp())::float8 AS s FROM alert WHERE id = $1',
            [id],
          )
        ).rows[0].s,
      );
    await report(1);
    await one(alert('e9'));
    expect(await waits()).toBeLessThan(0.1);
    await report(2);
    await one(alert('e9'));
    expect(await waits()).toBeGreaterThan(8);
    await one(alert('e9', { severity: 'critical' }));
    expect(await waits()).toBeLessThan(0.1);
  });
});

describe('many at once', () => {
  it('are one episode a key, every signal counted, whichever request was first', async () => {
    const requests = Array.from({ length: 400 }, (_, index) => intake.post('/v1/alerts', alert(`race-${index % 20}`)));
    const answers = (await Promise.all(requests)).map(({ first }) => first);
    expect(answers.filter(({ status }) => status === 'accepted')).toHaveLength(20);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(20);
    const { rows } = await intake.pool.query(
      `SELECT sum(count)::int AS signals, count(*)::int AS alerts FROM alert WHERE key LIKE 'race-%'`,
    );
    expect(rows).toEqual([{ signals: 400, alerts: 20 }]);
  });

  it('from two copies of intake: one firing episode a key, and nobody is refused', async () => {
    const other = await openOther();
    const bodies = Array.from({ length: 300 }, (_, index) => [
      alert(`two-${index % 7}`),
      alert(`two-${(index * 3) % 11}`),
      alert(`own-${index}`),
    ]);
    const answers = await Promise.all(
      bodies.map((body, index) => (index % 2 === 0 ? intake : other).post('/v1/alerts', body)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const { rows } = await intake.pool.query(`SELECT sum(count)::int AS signals FROM alert WHERE key ~ '^(two|own)-'`);
    expect(rows).toEqual([{ signals: 900 }]);
    const accepted = answers.flatMap(({ body }) => body.alerts).filter(({ status }) => status === 'accepted');
    expect(accepted).toHaveLength(300 + 11);
    await other.close();
  });
});

describe('raw bytes', () => {
  it('are kept as they came when the request made or ended an episode, and only then', async () => {
    const text = '{ "key": "raw-1",\n "site": "gate-1", "title": "\\u00dcber" }';
    const made = await intake.post('/v1/alerts', text);
    const { rows } = await intake.pool.query(
      'SELECT r.body, r.door, r.content_type FROM raw_signal r JOIN alert a ON a.raw_id = r.id WHERE a.id = $1',
      [made.first.id],
    );
    expect(rows.map(({ body, door }) => [body.toString(), door])).toEqual([[text, 'POST /v1/alerts']]);
    const before = await rawCount();
    await one({ key: 'raw-1', site: 'gate-1', title: 'Über' });
    expect(await rawCount()).toBe(before);
    await one({ key: 'raw-1', status: 'resolved' });
    expect(await rawCount()).toBe(before + 1);
    await one({ key: 'raw-1', status: 'resolved' });
    expect(await rawCount()).toBe(before + 1);
  });
});

async function rawCount(): Promise<number> {
  return Number((await intake.pool.query('SELECT count(*) FROM raw_signal')).rows[0].count);
}

async function attachIncident(alertId: string, { state, by }: { state: string; by: string | null }): Promise<void> {
  await intake.pool.query(
    `WITH made AS (INSERT INTO incident (id, agency_id, number, class, category, reality, state, condition, severity, title, opened_at, last_signal_at, resolved_at, resolved_by)
       VALUES (gen_random_uuid(), 'unit-1', '26-00001', 'alarm', 'other', 'actual', $2, 'active', 'high', 't', clock_timestamp(), clock_timestamp(), clock_timestamp(), $3) RETURNING id)
     UPDATE alert SET incident_id = (SELECT id FROM made), merged_at = clock_timestamp() WHERE id = $1`,
    [alertId, state, by],
  );
}

async function openOther(): Promise<OpenIntake> {
  return await openIntake({ beside: intake });
}
