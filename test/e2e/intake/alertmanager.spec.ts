import { type OpenIntake, openIntake } from './open-intake.js';

let intake: OpenIntake;
beforeAll(async () => {
  intake = await openIntake();
});
afterAll(() => intake.close());

const gate = (instance: string, more: object = {}) => ({
  status: 'firing',
  labels: { alertname: 'GateControllerDown', severity: 'critical', site: 'gate-1', instance },
  annotations: { summary: 'Gate controller not answering', description: 'No answer for 2 minutes' },
  startsAt: '2026-11-24T08:00:10.123456789Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prom.example:9090/graph?g0.expr=up',
  fingerprint: 'a1b2c3d4e5f60718',
  ...more,
});
const message = (alerts: object[], more: object = {}) => ({
  version: '4',
  groupKey: '{}',
  truncatedAlerts: 0,
  status: 'firing',
  receiver: 'guard',
  alerts,
  ...more,
});
const rows = async (instance: string) =>
  (
    await intake.pool.query(
      `SELECT id, status, severity, site_id, title, count, starts_at, ends_at FROM alert WHERE labels->>'instance' = $1 ORDER BY id`,
      [instance],
    )
  ).rows;

describe('POST /v1/alertmanager', () => {
  it('opens each alert by its own status, never by the group’s', async () => {
    await intake.post('/v1/alertmanager', message([gate('a')]));
    const { status, body } = await intake.post(
      '/v1/alertmanager',
      message([gate('a', { status: 'resolved', endsAt: '2026-11-24T08:06:40Z' }), gate('b')]),
    );
    expect([status, body.alerts.map(({ status: one }: { status: string }) => one)]).toEqual([
      202,
      ['resolved', 'accepted'],
    ]);
    expect(await rows('a')).toMatchObject([
      { status: 'resolved', severity: 'critical', site_id: 'gate-1', title: 'Gate controller not answering' },
    ]);
    expect(await rows('b')).toMatchObject([{ status: 'firing', ends_at: null, starts_at: 1_795_507_210_123_456 }]);
  });

  it('takes the same start as a repeat and a later start as a new episode', async () => {
    await intake.post('/v1/alertmanager', message([gate('c')]));
    await intake.post('/v1/alertmanager', message([gate('c')]));
    await intake.post('/v1/alertmanager', message([gate('c', { startsAt: '2026-11-24T09:00:00Z' })]));
    expect(await rows('c')).toMatchObject([
      { status: 'resolved', count: 2 },
      { status: 'firing', count: 1 },
    ]);
  });

  it('takes a late repeat of an ended start as what it is', async () => {
    await intake.post('/v1/alertmanager', message([gate('late')]));
    await intake.post('/v1/alertmanager', message([gate('late', { status: 'resolved' })]));
    const { first } = await intake.post('/v1/alertmanager', message([gate('late')]));
    expect(first).toMatchObject({ status: 'duplicate', id: (await rows('late'))[0].id });
    expect(await rows('late')).toMatchObject([{ status: 'resolved', count: 1 }]);
  });

  it('knows an alert by its labels in any order, at both doors', async () => {
    const labels = gate('d').labels;
    await intake.post('/v1/alertmanager', message([gate('d')]));
    const reversed = Object.fromEntries(Object.entries(labels).reverse());
    const soon = new Date(Date.now() + 300_000).toISOString();
    await intake.post('/api/v2/alerts', [{ ...gate('d'), labels: reversed, endsAt: soon }]);
    expect(await rows('d')).toMatchObject([{ status: 'firing', count: 2 }]);
  });

  it('tolerates what it does not know and cuts what is too long', async () => {
    const long = gate('e', { annotations: { summary: 'x'.repeat(2_000) }, values: { A: 1 } });
    expect(
      (await intake.post('/v1/alertmanager', message([long], { notification_reason: 'new', routeLabels: {} }))).status,
    ).toBe(202);
    expect((await rows('e'))[0].title).toHaveLength(512);
  });

  it('says how many alerts a cut message does not show, and closes none of them', async () => {
    await intake.post('/v1/alertmanager', message([gate('cut')]));
    const { status, text } = await intake.post('/v1/alertmanager', message([gate('shown')], { truncatedAlerts: 37 }));
    expect([status, JSON.parse(text).warnings]).toEqual([202, ['37 alerts not shown']]);
    expect(await rows('cut')).toMatchObject([{ status: 'firing' }]);
  });

  it('refuses a message that is no version 4, with the reason', async () => {
    const { status, body } = await intake.post('/v1/alertmanager', { custom: 'payload', alerts: [] });
    expect([status, body.code]).toEqual([422, 'invalid']);
    expect(body.errors[0]).toMatchObject({
      path: 'version',
      message: expect.stringContaining('not a webhook message of Alertmanager'),
    });
  });

  it('takes the token as a basic password, and the source’s site where the alert names none', async () => {
    const labels = { alertname: 'NoSite', instance: 'f' };
    const basic = `Basic ${Buffer.from(`prometheus:${intake.tokens.gate}`).toString('base64')}`;
    const { status } = await intake.post('/v1/alertmanager', message([gate('f', { labels })]), {
      token: null,
      headers: { authorization: basic },
    });
    expect(status).toBe(202);
    expect(await rows('f')).toMatchObject([{ site_id: 'gate-1', severity: 'high' }]);
    expect(
      (
        await intake.post(
          '/v1/alerts',
          { key: 'x', site: 'gate-1', title: 't' },
          { token: null, headers: { authorization: basic } },
        )
      ).status,
    ).toBe(401);
  });

  it('refuses a foreign site with 403', async () => {
    const foreign = gate('g', { labels: { ...gate('g').labels, site: 'gate-2' } });
    const { status, body } = await intake.post('/v1/alertmanager', message([foreign]), {
      token: intake.tokens.gate as string,
    });
    expect([status, body.errors[0]?.path]).toEqual([403, 'alerts[0].labels.site']);
  });
});

describe('POST /api/v2/alerts', () => {
  it('answers 200 with an empty body, after COMMIT', async () => {
    const soon = new Date(Date.now() + 300_000).toISOString();
    const { status, text } = await intake.post('/api/v2/alerts', [{ ...gate('h'), endsAt: soon }]);
    expect([status, text]).toEqual([200, '']);
    expect(await rows('h')).toMatchObject([{ status: 'firing', ends_at: Math.floor(Date.parse(soon)) * 1_000 }]);
  });

  it('takes an empty array: Prometheus may have nothing to say', async () => {
    expect((await intake.post('/api/v2/alerts', [])).status).toBe(200);
  });

  it('never lets an alert vanish for a clock that is behind: one whose end has passed is taken, and never resolved by it', async () => {
    const past = '2026-11-01T00:00:00Z';
    await intake.post('/api/v2/alerts', [{ ...gate('i'), startsAt: '2026-10-31T23:00:00Z', endsAt: past }]);
    expect(await rows('i')).toMatchObject([{ status: 'firing' }]);
  });
});
