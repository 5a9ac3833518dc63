import { until } from '@tocsin/testing';
import { type OpenIntake, openIntake } from './open-intake.js';

let intake: OpenIntake;
let small: { token: string };
beforeAll(async () => {
  intake = await openIntake();
  small = { token: intake.tokens.small as string };
});
afterAll(() => intake.close());

const alert = (key: string, severity = 'low') => ({ key, site: 'gate-1', title: 'Door', severity });

describe('a source over its budget', () => {
  it('is refused with 429 and Retry-After; its criticals and its repeats are not', async () => {
    const firing = await intake.post('/v1/alerts', alert('fires'), small);
    expect(firing.status).toBe(202);
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => intake.post('/v1/alerts', alert(`flood-${index}`), small)),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(30);
    expect(refused[0]?.body.code).toBe('over-budget');
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await intake.post('/v1/alerts', alert('now', 'critical'), small)).status).toBe(202);
    expect((await intake.post('/v1/alerts', alert('fires'), small)).first.status).toBe('duplicate');
    expect((await intake.post('/v1/alerts', { key: 'fires', status: 'resolved' }, small)).first.status).toBe(
      'resolved',
    );
    expect((await intake.get(`/v1/alerts/${firing.first.id}`, small.token)).status).toBe(200);
    expect((await intake.post('/v1/alerts', alert('neighbour'))).status).toBe(202);
  });

  it('has a budget for criticals too', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => intake.post('/v1/alerts', alert(`panic-${index}`, 'critical'), small)),
    );
    expect(answers.filter(({ status }) => status === 202).length).toBeGreaterThanOrEqual(4);
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(30);
  });

  it('raises SYS', async () => {
    await until(
      async () =>
        (await intake.pool.query(`SELECT 1 FROM alert WHERE principal_kind = 'system' AND key = 'source-over-budget'`))
          .rowCount,
    );
  });

  it('is told 503 at Alertmanager’s doors, which would not send a 429 again', async () => {
    const message = (index: number) => ({
      version: '4',
      alerts: [{ status: 'firing', labels: { alertname: `am-${index}`, site: 'gate-1', severity: 'info' } }],
    });
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => intake.post('/v1/alertmanager', message(index), small)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202, 503]));
    expect(answers.find(({ status }) => status === 503)?.headers.get('retry-after')).toMatch(/^\d+$/);
  });
});

describe('behind by more than 10 s', () => {
  it('refuses who sends above his share, and neither criticals nor repeats', async () => {
    const known = await intake.post('/v1/alerts', alert('before'));
    await intake.pool.query(`UPDATE alert SET work_due_at = clock_timestamp() - interval '30 seconds' WHERE id = $1`, [
      known.first.id,
    ]);
    const flood = (): Promise<number[]> =>
      Promise.all(
        Array.from(
          { length: 5 },
          async (_, index) =>
            (
              await intake.post(
                '/v1/alerts',
                Array.from({ length: 900 }, (_x, n) => alert(`b-${Date.now()}-${index}-${n}`)),
              )
            ).status,
        ),
      );
    await until(async () => (await flood()).includes(429), { timeoutMs: 8_000, what: 'back-pressure' });
    expect((await intake.post('/v1/alerts', alert('b-critical', 'critical'))).status).toBe(202);
    expect((await intake.post('/v1/alerts', alert('before'))).first.status).toBe('duplicate');
  });
});
