import { type OpenIntake, openIntake } from './open-intake.js';

let intake: OpenIntake;
beforeAll(async () => {
  intake = await openIntake();
});
afterAll(() => intake.close());

const alert = (key: string, more: object = {}) => ({ key, site: 'gate-1', title: 'Door forced', severity: 'high', ...more });

describe('POST /v1/alerts', () => {
  it('stores one alert, says so after COMMIT, and shows it', async () => {
    const { status, body } = await intake.post('/v1/alerts', alert('a1'));
    expect([status, body]).toEqual([202, { alerts: [{ id: expect.any(String), key: 'a1', status: 'accepted' }] }]);
    const { rows } = await intake.pool.query('SELECT key, status, lane, work_due_at IS NOT NULL AS waits FROM alert WHERE id = $1', [body.alerts[0].id]);
    expect(rows).toEqual([{ key: 'a1', status: 'firing', lane: 1, waits: true }]);
    const seen = await intake.get(`/v1/alerts/${body.alerts[0].id}`);
    expect(seen.body).toMatchObject({ key: 'a1', site: 'gate-1', severity: 'high', status: 'firing', count: 1, incidentId: null });
  });
});
