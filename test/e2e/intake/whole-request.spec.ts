import { type OpenIntake, openIntake } from './open-intake.js';

let intake: OpenIntake;
beforeAll(async () => {
  intake = await openIntake();
  // Data that only the database refuses: what no validation foresees is bisected out.
  await intake.pool.query(
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'poison' USING ERRCODE = '22000'; END $$`,
  );
  await intake.pool.query(
    `CREATE TRIGGER poison BEFORE INSERT ON alert FOR EACH ROW WHEN (NEW.key LIKE 'poison%') EXECUTE FUNCTION refuse()`,
  );
});
afterAll(() => intake.close());

const alert = (key: string, more: object = {}) => ({
  key,
  site: 'gate-1',
  title: 'Door forced',
  severity: 'high',
  ...more,
});
const stored = async (like: string): Promise<number> =>
  Number((await intake.pool.query('SELECT count(*) FROM alert WHERE key LIKE $1', [like])).rows[0].count);
const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });

describe('Idempotency-Key', () => {
  it('gives the stored answer verbatim, and counts nothing a second time', async () => {
    const first = await intake.post('/v1/alerts', [alert('i1'), alert('i2')], keyed('k-1'));
    const again = await intake.post('/v1/alerts', [alert('i1'), alert('i2')], keyed('k-1'));
    expect([again.status, again.text]).toEqual([202, first.text]);
    expect((await intake.pool.query(`SELECT count FROM alert WHERE key = 'i1'`)).rows).toEqual([{ count: 1 }]);
  });

  it('is 422 for another body, and that body is not stored', async () => {
    await intake.post('/v1/alerts', alert('i3'), keyed('k-2'));
    const other = await intake.post('/v1/alerts', alert('i4'), keyed('k-2'));
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
    expect(await stored('i4')).toBe(0);
  });

  it('belongs to one source and one door', async () => {
    await intake.post('/v1/alerts', alert('i5'), keyed('k-3'));
    expect(
      (await intake.post('/v1/alerts', alert('i6'), { token: intake.tokens.north as string, ...keyed('k-3') })).status,
    ).toBe(202);
    const am = { version: '4', alerts: [{ status: 'firing', labels: { alertname: 'A', site: 'gate-1' } }] };
    expect((await intake.post('/v1/alertmanager', am, keyed('k-3'))).status).toBe(202);
  });

  it('answers twenty at once as one', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => intake.post('/v1/alerts', alert('i7'), keyed('k-4'))),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect((await intake.pool.query(`SELECT count FROM alert WHERE key = 'i7'`)).rows).toEqual([{ count: 1 }]);
  });

  it('is kept with what was stored only: after a refusal the key is free', async () => {
    expect((await intake.post('/v1/alerts', { key: '' }, keyed('k-5'))).status).toBe(422);
    expect((await intake.post('/v1/alerts', alert('i8'), keyed('k-5'))).status).toBe(202);
  });

  it('begins anew after 24 hours', async () => {
    await intake.post('/v1/alerts', alert('i9'), keyed('k-6'));
    await intake.pool.query(`UPDATE idempotency SET made_at = made_at - interval '25 hours' WHERE key = 'k-6'`);
    expect((await intake.post('/v1/alerts', alert('i10'), keyed('k-6'))).status).toBe(202);
    expect((await intake.post('/v1/alerts', alert('i9'), keyed('k-6'))).status).toBe(422);
  });
});

describe('an array', () => {
  const mixed = [alert('p1'), { ...alert('p2'), severity: 'urgent' }, alert('p3', { site: 'gate-2' }), alert('p4')];

  it('is refused whole without Prefer: partial', async () => {
    const { status, body } = await intake.post('/v1/alerts', mixed, { token: intake.tokens.north as string });
    expect([status, body.code, body.errors[0]?.path]).toEqual([422, 'invalid', '[1].severity']);
    expect(await stored('p_')).toBe(0);
  });

  it('is taken item by item with it: 207, refused ones in their places', async () => {
    const { status, body } = await intake.post('/v1/alerts', mixed, {
      token: intake.tokens.north as string,
      headers: { prefer: 'partial' },
    });
    expect(status).toBe(207);
    expect(body.alerts).toMatchObject([
      { key: 'p1', status: 'accepted' },
      { key: 'p2', status: 'refused', code: 'invalid', errors: [{ path: '[1].severity' }] },
      { key: 'p3', status: 'refused', code: 'site-out-of-scope', errors: [{ path: '[2].site' }] },
      { key: 'p4', status: 'accepted' },
    ]);
    expect(await stored('p_')).toBe(2);
  });

  it('of 1,000 is taken, of 1,001 not', async () => {
    const many = Array.from({ length: 1_000 }, (_, index) => alert(`many-${index}`));
    expect((await intake.post('/v1/alerts', many)).status).toBe(202);
    expect(await stored('many-%')).toBe(1_000);
    expect((await intake.post('/v1/alerts', [...many, alert('one-more')])).body.code).toBe('too-many-alerts');
  });

  it('answers in the order of the request', async () => {
    const { body } = await intake.post(
      '/v1/alerts',
      ['z', 'a', 'm'].map((key) => alert(`order-${key}`)),
    );
    expect(body.alerts.map(({ key }: { key: string }) => key)).toEqual(['order-z', 'order-a', 'order-m']);
    const { rows } = await intake.pool.query(`SELECT id FROM alert WHERE key LIKE 'order-%' ORDER BY raw_index`);
    expect(body.alerts.map(({ id }: { id: string }) => id)).toEqual(rows.map(({ id }) => id));
  });
});

describe('data that only the database refuses', () => {
  it('fails its own request and no neighbour of the batch', async () => {
    const bodies = Array.from({ length: 60 }, (_, index) =>
      index % 10 === 3 ? [alert(`good-${index}`), alert(`poison-${index}`)] : alert(`near-${index}`),
    );
    const answers = await Promise.all(bodies.map((body) => intake.post('/v1/alerts', body)));
    expect(answers.map(({ status }) => status)).toEqual(bodies.map((body) => (Array.isArray(body) ? 422 : 202)));
    expect(answers[3]?.body.code).toBe('unstorable');
    expect([await stored('near-%'), await stored('good-%'), await stored('poison-%')]).toEqual([54, 0, 0]);
  });

  it('is refused alone under Prefer: partial', async () => {
    const body = [alert('with-1'), alert('poison-x'), alert('with-2')];
    const { status, body: answer } = await intake.post('/v1/alerts', body, { headers: { prefer: 'partial' } });
    expect(status).toBe(207);
    expect(answer.alerts).toMatchObject([
      { status: 'accepted' },
      { key: 'poison-x', status: 'refused', code: 'unstorable' },
      { status: 'accepted' },
    ]);
    expect(await stored('with-%')).toBe(2);
  });
});
