import { until } from '@tocsin/testing';
import { ConsoleGateway } from '../../../apps/gateway/src/live/console.gateway.js';
import type { RunningGateway } from '../../../apps/gateway/src/start-gateway.js';
import { OpenGateway, type SignedIn } from './open-gateway.js';
import { Replica } from './replica.js';

const REDIS_URL = process.env.TOCSIN_TEST_REDIS_URL as string;
let open: OpenGateway;
let other: RunningGateway;
let operator: SignedIn;
beforeAll(async () => {
  open = await OpenGateway.open({ REDIS_URL });
  other = await OpenGateway.start(open.database.url, { REDIS_URL });
  operator = await open.signIn('operator');
});
afterAll(async () => {
  operator.hangUp();
  await other.close();
  await open.close();
});

const actAt = async (url: string, incidentId: string, act: string): Promise<number> =>
  (
    await fetch(`${url}/v1/incidents/${incidentId}/${act}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${operator.token}`, 'content-type': 'application/json' },
      body: '{}',
    })
  ).status;

it('tells its consoles at once what another gateway committed', async () => {
  const id = await open.alert();
  const replica = new Replica(operator.socket());
  await replica.subscribe();
  const times: number[] = [];
  for (const act of ['acknowledge', 'take', 'release', 'take']) {
    const before = replica.held.get(id) ?? 0;
    expect(await actAt(other.url, id, act)).toBe(200);
    const startedAt = performance.now();
    await until(() => (replica.held.get(id) ?? 0) > before, { everyMs: 1 });
    times.push(performance.now() - startedAt);
  }
  // Without the tick over Redis it would be 250 ms in the mean.
  expect(Math.min(...times)).toBeLessThan(100);
  expect(replica.complaints).toEqual([]);
});

it('ends a session everywhere within 5 s, whichever gateway was told', async () => {
  const second = await open.signIn('second');
  const replica = new Replica(second.socket());
  await replica.subscribe();
  const headers = { authorization: `Bearer ${second.token}` };
  expect((await fetch(`${other.url}/v1/session`, { method: 'DELETE', headers })).status).toBe(204);
  expect((await second.get('/v1/session')).status).toBe(401);
  await until(() => replica.socket.disconnected, { timeoutMs: 5_000 });
  expect(replica.revoked).toBe('session-ended');
});

it('heals when its connections to the database are cut, and its consoles miss nothing', async () => {
  const id = await open.alert();
  const replica = new Replica(operator.socket());
  await replica.subscribe();
  for (let round = 0; round < 5; round += 1) {
    await open.pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'tocsin gateway%'",
    );
    // A connection that was cut while it was in use is 503, never 500; asked again it works.
    const statuses: number[] = [];
    await until(async () => {
      const { status } = await operator.act(id, 'note', { text: `round ${round}` });
      statuses.push(status);
      return status === 200;
    });
    expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
  }
  const { rows } = await open.pool.query('SELECT head_seq::int AS seq FROM incident WHERE id = $1', [id]);
  await until(() => replica.held.get(id) === rows[0].seq);
  expect([replica.complaints, replica.socket.connected]).toEqual([[], true]);
});

it('does not claim to be up to date while it cannot read', async () => {
  const replica = new Replica(operator.socket());
  await replica.subscribe();
  await until(() => replica.heartbeats > 0, { timeoutMs: 5_000 });
  await open.pool.query('ALTER TABLE cluster RENAME TO cluster_away');
  try {
    const { follower } = open.gateway.app.get(ConsoleGateway).hub;
    const unread = (ms: number) => until(() => performance.now() - follower.lookedAt > ms);
    // The last heartbeat may still come within 3 s of the last look.
    await unread(3_500);
    const before = replica.heartbeats;
    await unread(6_500);
    expect(replica.heartbeats).toBe(before);
  } finally {
    await open.pool.query('ALTER TABLE cluster_away RENAME TO cluster');
  }
  const before = replica.heartbeats;
  await until(() => replica.heartbeats > before, { timeoutMs: 5_000 });
  const id = await open.alert();
  await until(() => replica.incidents.has(id));
});
