import { until } from '@tocsin/testing';
import { openFaultProxy, type FaultProxy } from './fault-proxy.js';
import { type Answer, type OpenIntake, openIntake } from './open-intake.js';

let intake: OpenIntake;
let proxy: FaultProxy;
beforeAll(async () => {
  proxy = await openFaultProxy(process.env.TOCSIN_TEST_DATABASE_URL ?? '');
  intake = await openIntake({ through: proxy.port });
});
afterAll(async () => {
  await intake.close();
  await proxy.close();
});

const alert = (key: string, more: object = {}) => ({
  key,
  site: 'gate-1',
  title: 'Door forced',
  severity: 'high',
  ...more,
});
const stored = async (like: string): Promise<number> =>
  Number((await intake.pool.query('SELECT count(*) FROM alert WHERE key LIKE $1', [like])).rows[0].count);
async function timed(request: () => Promise<Answer>): Promise<Answer & { ms: number }> {
  const began = performance.now();
  const answer = await request();
  return { ...answer, ms: performance.now() - began };
}
const accepts = (key: string): Promise<unknown> =>
  until(async () => (await intake.post('/v1/alerts', alert(key))).status === 202, { what: 'acceptance' });

describe('503 within 2 s, with Retry-After, and acceptance again by itself', () => {
  it('while a table is locked', async () => {
    await accepts('warm');
    const locker = await intake.pool.connect();
    await locker.query('BEGIN; LOCK TABLE alert');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => timed(() => intake.post('/v1/alerts', alert(`locked-${index}`)))),
    );
    const critical = await timed(() => intake.post('/v1/alerts', alert('locked-c', { severity: 'critical' })));
    await locker.query('ROLLBACK');
    locker.release();
    for (const { status, ms, headers, body } of [...answers, critical]) {
      expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'unavailable', '1']);
      expect(ms).toBeLessThan(2_000);
    }
    await accepts('after-lock');
  });

  it('while the database answers nothing at all', async () => {
    proxy.freeze();
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, index) => timed(() => intake.post('/v1/alerts', alert(`frozen-${index}`)))),
    );
    const ready = await timed(() => intake.get('/healthz/ready'));
    const live = await intake.get('/healthz/live');
    proxy.thaw();
    for (const { status, ms } of answers) expect([status, ms < 2_100]).toEqual([503, true]);
    expect([ready.status, live.status]).toEqual([503, 200]);
    await accepts('after-frost');
  });

  it('while the database cannot be reached', async () => {
    proxy.refuse();
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, index) => timed(() => intake.post('/v1/alerts', alert(`away-${index}`)))),
    );
    proxy.thaw();
    for (const { status, ms } of answers) expect([status, ms < 2_000]).toEqual([503, true]);
    await accepts('after-absence');
    expect(await stored('away-%')).toBe(0);
  });

  it('when COMMIT’s answer is lost: unknown to us, settled by sending again', async () => {
    proxy.dropAnswerTo('COMMIT');
    const lost = await timed(() => intake.post('/v1/alerts', alert('commit-1')));
    proxy.thaw();
    expect([lost.status, lost.ms < 2_000]).toEqual([503, true]);
    const again = await intake.post('/v1/alerts', alert('commit-1'));
    await until(async () => (await stored('commit-1')) === 1);
    expect([202, 503]).toContain(again.status);
    await accepts('commit-1');
    expect(await stored('commit-1')).toBe(1);
  });
});

it('repeats a transaction that lost a deadlock, and answers as if nothing had been', async () => {
  await intake.pool.query(`CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF nextval('lost_so_far') <= 2 THEN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END IF; RETURN NEW; END $$`);
  await intake.pool.query('CREATE SEQUENCE lost_so_far');
  await intake.pool.query(
    `CREATE TRIGGER lose BEFORE INSERT ON alert FOR EACH ROW WHEN (NEW.key = 'loser') EXECUTE FUNCTION lose()`,
  );
  expect((await intake.post('/v1/alerts', alert('loser'))).status).toBe(202);
});
