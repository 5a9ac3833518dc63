import { until } from '@tocsin/testing';
import { OpenGateway, password, people } from './open-gateway.js';

let open: OpenGateway;
beforeAll(async () => {
  open = await OpenGateway.open();
});
afterAll(() => open.close());

const own = () => `http://127.0.0.1:${new URL(open.url).port}`;
const cookieOf = (headers: Headers): string =>
  headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith('tocsin_session='))
    ?.split(';')[0] ?? '';

describe('signing in', () => {
  it('gives a token and an HttpOnly, SameSite=Strict cookie, and keeps only the hash', async () => {
    const answer = await open.ask('POST', '/v1/session', { username: 'operator', password });
    expect(answer.status).toBe(201);
    expect(answer.body.user).toMatchObject({
      id: people.operator.id,
      username: 'operator',
      roles: ['operator'],
      sites: null,
    });
    const cookie = answer.headers.getSetCookie().find((one) => one.startsWith('tocsin_session='));
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain('Secure');
    const { rows } = await open.pool.query('SELECT s::text AS row FROM session s WHERE position($1 in s::text) > 0', [
      answer.body.token,
    ]);
    expect(rows).toEqual([]);
    expect(await open.ask('GET', '/v1/session', undefined, { token: answer.body.token })).toMatchObject({
      status: 200,
      body: { user: { username: 'operator' } },
    });
  });

  it('sets Secure where people come by https', async () => {
    const other = await OpenGateway.start(open.database.url, { PUBLIC_URL: 'https://tocsin.example' });
    const response = await fetch(`${other.url}/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://tocsin.example' },
      body: JSON.stringify({ username: 'operator', password }),
    });
    expect([response.status, response.headers.getSetCookie().every((one) => one.includes('; Secure'))]).toEqual([
      201,
      true,
    ]);
    await other.close();
  });

  it('takes the name in any case, and answers unknown names as wrong passwords', async () => {
    expect((await open.ask('POST', '/v1/session', { username: 'OPERATOR', password })).status).toBe(201);
    const wrong = await open.ask('POST', '/v1/session', { username: 'operator', password: 'no' });
    const unknown = await open.ask('POST', '/v1/session', { username: 'nobody-here', password: 'no' });
    expect([wrong.status, wrong.text]).toEqual([401, unknown.text]);
    expect(unknown.status).toBe(401);
  });

  it('takes the same time for unknown names', async () => {
    const timed = async (username: string): Promise<number> => {
      const startedAt = performance.now();
      await open.ask('POST', '/v1/session', { username, password: 'no' });
      return performance.now() - startedAt;
    };
    const times: { known: number[]; unknown: number[] } = { known: [], unknown: [] };
    for (let round = 0; round < 9; round += 1) {
      times.known.push(await timed('reviewer'));
      times.unknown.push(await timed(`nobody-${round}`));
    }
    // The quickest of each: what a busy machine adds is not what is compared. Without the decoy it would be a tenth.
    const ratio = Math.min(...times.unknown) / Math.min(...times.known);
    expect(ratio).toBeGreaterThan(0.3);
    expect(ratio).toBeLessThan(3.5);
  });

  it('refuses whoever is no longer active', async () => {
    await open.pool.query("UPDATE person SET active = false WHERE slug = 'stranger'");
    expect((await open.ask('POST', '/v1/session', { username: 'stranger', password })).status).toBe(401);
    await open.pool.query("UPDATE person SET active = true WHERE slug = 'stranger'");
  });
});

describe('a session', () => {
  it('ends by DELETE, at once, and its events are in the person stream', async () => {
    const second = await open.signIn('second');
    expect((await open.ask('DELETE', '/v1/session', undefined, { token: second.token })).status).toBe(204);
    expect((await second.get('/v1/session')).status).toBe(401);
    const events = await until(async () => {
      const { rows } = await open.pool.query(
        "SELECT e.type FROM event e JOIN stream_head h USING (stream) WHERE h.kind = 'session' AND h.name = $1 ORDER BY e.seq",
        [people.second.id],
      );
      return rows.length >= 2 ? rows : null;
    });
    expect(events.map(({ type }) => type)).toEqual(['session.opened', 'session.ended']);
  });

  it('records a refused password of a known person', async () => {
    await open.ask('POST', '/v1/session', { username: 'commander', password: 'guess' });
    await until(async () => {
      const { rows } = await open.pool.query(
        "SELECT 1 FROM event e JOIN stream_head h USING (stream) WHERE h.name = $1 AND e.type = 'session.refused'",
        [people.commander.id],
      );
      return rows.length === 1;
    });
  });

  it('slides with its use, at most 16 h from its start', async () => {
    const guard = await open.signIn('guard');
    const setTo = (opened: string) =>
      open.pool.query(
        `UPDATE session SET opened_at = clock_timestamp() - $2::interval, seen_at = clock_timestamp() - interval '2 minutes', expires_at = clock_timestamp() + interval '1 minute'
         WHERE person_id = $1 AND ended_at IS NULL`,
        [guard.id, opened],
      );
    const left = async (): Promise<number> => {
      const { rows } = await open.pool.query(
        'SELECT extract(epoch FROM expires_at - clock_timestamp())::float8 / 3600 AS hours FROM session WHERE person_id = $1',
        [guard.id],
      );
      return rows[0].hours;
    };
    await setTo('1 hour');
    expect((await guard.get('/v1/session')).status).toBe(200);
    expect(await left()).toBeCloseTo(12, 1);
    await setTo('15 hours');
    await guard.get('/v1/session');
    expect(await left()).toBeCloseTo(1, 1);
    await open.pool.query(
      "UPDATE session SET expires_at = clock_timestamp() - interval '1 second' WHERE person_id = $1",
      [guard.id],
    );
    expect((await guard.get('/v1/session')).status).toBe(401);
  });

  it('gives a socket ticket that works once, for 30 s', async () => {
    const reviewer = await open.signIn('reviewer');
    const ticket = (await reviewer.post('/v1/session/socket-ticket')).body.token as string;
    const attempt = async (token: string): Promise<string> => {
      const socket = reviewer.socket({ token });
      return new Promise((resolve) => {
        socket.on('connect', () => resolve('connected'));
        socket.on('connect_error', (error) => resolve(error.message));
      });
    };
    expect(await attempt(ticket)).toBe('connected');
    expect(await attempt(ticket)).toBe('no-session');
    const late = (await reviewer.post('/v1/session/socket-ticket')).body.token as string;
    await open.pool.query("UPDATE socket_ticket SET expires_at = clock_timestamp() - interval '1 second'");
    expect(await attempt(late)).toBe('no-session');
    // A ticket is for the socket alone.
    const other = (await reviewer.post('/v1/session/socket-ticket')).body.token as string;
    expect((await reviewer.get('/v1/session', { token: other })).status).toBe(401);
    reviewer.hangUp();
  });
});

describe('whoever has no rights any more', () => {
  it('may say goodbye and still be paged, and reads nothing of the unit', async () => {
    const stranger = await open.signIn('stranger');
    const lists = ['people', 'teams', 'schedules', 'policies', 'routes', 'silences', 'sources', 'sites', 'incidents'];
    for (const list of lists)
      expect([list, await stranger.get(`/v1/${list}`)]).toMatchObject([
        list,
        { status: 403, body: { code: 'forbidden' } },
      ]);
    expect((await stranger.post('/v1/explain', { alert: { site: 'gate-1' } })).status).toBe(403);
    expect((await stranger.get('/v1/session')).status).toBe(200);
    const endpoint = 'https://push.example/stranger';
    const keys = { p256dh: 'BPoint_of_65_bytes', auth: 'sixteen-bytes' };
    expect((await stranger.post('/v1/push/subscriptions', { endpoint, keys })).status).toBe(201);
    expect((await open.ask('DELETE', '/v1/session', undefined, { token: stranger.token })).status).toBe(204);
  });
});

describe('origins', () => {
  it('allow a write by cookie from our own pages alone', async () => {
    const answer = await open.ask('POST', '/v1/session', { username: 'operator', password });
    const cookie = cookieOf(answer.headers);
    const ticket = (headers: Record<string, string>) =>
      open.ask('POST', '/v1/session/socket-ticket', {}, { headers: { cookie, ...headers } });
    expect((await ticket({ origin: own() })).status).toBe(201);
    expect((await ticket({ origin: own().replace('127.0.0.1', 'localhost') })).status).toBe(201);
    expect(await ticket({})).toMatchObject({ status: 403, body: { code: 'foreign-origin' } });
    for (const origin of [
      'null',
      'http://evil.example',
      `${own()}.evil.example`,
      own().replace('http:', 'https:'),
      'http://127.0.0.1',
      `${own()}/`,
      'http://127.0.0.1:1',
    ]) {
      expect([origin, (await ticket({ origin })).status]).toEqual([origin, 403]);
    }
    // The request's own Host is no proof of anything.
    expect((await ticket({ origin: 'http://rebound.example:1', host: 'rebound.example:1' })).status).toBe(403);
    expect((await open.ask('GET', '/v1/session', undefined, { headers: { cookie } })).status).toBe(200);
  });

  it('refuse a bearer token and a sign-in from foreign pages', async () => {
    const operator = await open.signIn('operator');
    expect((await operator.get('/v1/incidents', { headers: { origin: 'http://evil.example' } })).status).toBe(403);
    expect((await operator.get('/v1/incidents', { headers: { origin: own() } })).status).toBe(200);
    expect(
      (
        await open.ask(
          'POST',
          '/v1/session',
          { username: 'operator', password },
          { headers: { origin: 'http://evil.example' } },
        )
      ).status,
    ).toBe(403);
  });

  it('do not let a bad bearer fall back to the cookie', async () => {
    const cookie = cookieOf((await open.ask('POST', '/v1/session', { username: 'operator', password })).headers);
    expect(
      (
        await open.ask('GET', '/v1/session', undefined, {
          headers: { cookie, authorization: 'Bearer nonsense-nonsense-nonsense' },
        })
      ).status,
    ).toBe(401);
  });
});
