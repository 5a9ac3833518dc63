import type { SnapshotMessage } from '@tocsin/contracts';
import { until } from '@tocsin/testing';
import { io } from 'socket.io-client';
import { OpenGateway, password, people, type SignedIn, unitDocument } from './open-gateway.js';
import { Replica } from './replica.js';

let open: OpenGateway;
let operator: SignedIn;
let north: SignedIn;
beforeAll(async () => {
  open = await OpenGateway.open();
  operator = await open.signIn('operator');
  north = await open.signIn('north');
});
afterEach(() => {
  operator.hangUp();
  north.hangUp();
});
afterAll(() => open.close());

const grant = (who: keyof typeof people, grants: unknown) =>
  open.pool.query('UPDATE person SET grants = $2 WHERE id = $1', [people[who].id, JSON.stringify(grants)]);

describe('a console', () => {
  it('gets a snapshot, then events with the rows they touched', async () => {
    const before = await open.alert();
    const replica = new Replica(operator.socket());
    const answer = (await replica.subscribe()) as SnapshotMessage;
    expect(answer.snapshot.incidents.find(({ id }) => id === before)).toMatchObject({ state: 'open', seq: 6 });
    expect(answer.snapshot.sites.map(({ id }) => id)).toEqual(['gate-1', 'gate-2']);
    expect(answer.snapshot.teams[0]).toMatchObject({ id: 'guards', members: [{ id: people.guard.id, onDuty: true }] });
    const id = await open.alert();
    await operator.act(id, 'acknowledge');
    await until(() => replica.incidents.get(id)?.state === 'acknowledged');
    expect(replica.types.slice(0, 2)).toEqual(['incident.opened', 'alert.accepted']);
    expect(replica.incidents.get(id)).toEqual((await operator.get(`/v1/incidents/${id}`)).body);
    expect(replica.complaints).toEqual([]);
  });

  it('hears an act of its own gateway at once, of others within half a second', async () => {
    const replica = new Replica(operator.socket());
    await replica.subscribe();
    const id = await open.alert();
    await until(() => replica.incidents.has(id), { timeoutMs: 2_000 });
    const startedAt = performance.now();
    await operator.act(id, 'acknowledge');
    const answered = performance.now() - startedAt;
    await until(() => replica.incidents.get(id)?.state === 'acknowledged', { everyMs: 2 });
    expect(performance.now() - startedAt - answered).toBeLessThan(2_000);
  });

  it('catches up from its cursor, and gets a snapshot for a cursor that proves nothing', async () => {
    const first = new Replica(operator.socket());
    await first.subscribe();
    await until(() => first.heartbeats > 0);
    first.socket.disconnect();
    const id = await open.alert();
    const again = new Replica(operator.socket());
    const answer = await again.subscribe({ after: first.cursor as string });
    expect(answer).toMatchObject({ events: expect.any(Array), incidents: [{ id }] });
    expect(
      'events' in answer && answer.events.filter(({ incidentId }) => incidentId === id).map(({ seq }) => seq),
    ).toEqual([1, 2, 3, 4, 5, 6]);
    const cursor = again.cursor as string;
    for (const after of [
      '',
      'x',
      cursor.replace(/^\d+/, '999'),
      cursor.slice(0, cursor.lastIndexOf('@')),
      `${cursor}x`,
      "1.1.1:1:1:'; DROP TABLE event; --@a:b",
    ]) {
      const other = new Replica(operator.socket());
      expect([after, 'snapshot' in (await other.subscribe({ after }))]).toEqual([after, true]);
    }
    // Another filter is another audience.
    const narrowed = new Replica(operator.socket());
    expect('snapshot' in (await narrowed.subscribe({ after: cursor, filter: { sites: ['gate-1'] } }))).toBe(true);
  });

  it('gets a heartbeat every 2 s whose cursor can be subscribed with', async () => {
    const replica = new Replica(operator.socket());
    await replica.subscribe();
    await until(() => replica.heartbeats >= 2, { timeoutMs: 6_000 });
    const again = new Replica(operator.socket());
    expect(await again.subscribe({ after: replica.cursor as string })).toMatchObject({ events: [] });
  });
});

describe('rights', () => {
  it('bound what a socket is sent: rows, events and snapshots', async () => {
    const hidden = await open.alert({ site: 'gate-2' });
    const [all, some] = [new Replica(operator.socket()), new Replica(north.socket())];
    await all.subscribe();
    const answer = (await some.subscribe()) as SnapshotMessage;
    expect(answer.snapshot.incidents.every(({ site }) => site === 'gate-1')).toBe(true);
    expect(answer.snapshot.sites.map(({ id }) => id)).toEqual(['gate-1']);
    const [secret, known] = [await open.alert({ site: 'gate-2' }), await open.alert({ site: 'gate-1' })];
    await operator.act(hidden, 'dispatch');
    const unknown = await open.alert({ site: 'atlantis' });
    await until(() => all.incidents.has(secret) && all.incidents.has(unknown) && some.incidents.has(known));
    await until(() => some.heartbeats > 0);
    expect([some.incidents.has(secret), some.incidents.has(hidden), some.incidents.has(unknown)]).toEqual([
      false,
      false,
      false,
    ]);
    expect(some.complaints).toEqual([]);
    // Where the guard is committed is not told to whom the incident is not shown.
    const { body } = await north.get('/v1/teams');
    expect(body.items[0].members[0]).not.toHaveProperty('assignment');
  });

  it('narrow by filter, never widen', async () => {
    const [filtered, sly] = [new Replica(operator.socket()), new Replica(north.socket())];
    await filtered.subscribe({ filter: { sites: ['gate-2'], reality: ['exercise'] } });
    await sly.subscribe({ filter: { sites: ['gate-1', 'gate-2'] } });
    const drill = await open.alert({ site: 'gate-2', reality: 'exercise' });
    const real = await open.alert({ site: 'gate-2' });
    await until(() => filtered.incidents.has(drill));
    await until(() => sly.heartbeats > 0);
    expect([filtered.incidents.has(real), sly.incidents.has(real), sly.incidents.has(drill)]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('show who signed in to administrators alone', async () => {
    const admin = await open.signIn('admin');
    const [watcher, other] = [new Replica(admin.socket()), new Replica(operator.socket())];
    await watcher.subscribe();
    await other.subscribe();
    await open.signIn('reviewer');
    await until(() => watcher.types.includes('session.opened'));
    await until(() => other.heartbeats > 0);
    expect(other.types.filter((type) => type.startsWith('session.'))).toEqual([]);
    admin.hangUp();
  });

  it('that change move a socket: wider or narrower, a snapshot replaces what it holds', async () => {
    const elsewhere = await open.alert({ site: 'gate-2' });
    const replica = new Replica(north.socket());
    await replica.subscribe();
    await grant('north', [{ role: 'operator', scope: { kind: 'unit' } }]);
    await until(() => replica.incidents.has(elsewhere), { timeoutMs: 5_000 });
    expect(replica.snapshots).toBe(2);
    await grant('north', people.north.grants);
    await until(() => replica.snapshots === 3, { timeoutMs: 5_000 });
    expect(replica.incidents.has(elsewhere)).toBe(false);
    // The cursor of the wider view does not let the narrower one catch up, nor the other way round.
    expect(replica.complaints).toEqual([]);
  });

  it.each([
    [
      'signing out',
      'session-ended',
      (who: SignedIn) => open.ask('DELETE', '/v1/session', undefined, { token: who.token }),
    ],
    ['deactivation', 'person-inactive', () => open.pool.query("UPDATE person SET active = false WHERE slug = 'scout'")],
    ['loss of every grant', 'no-rights', () => grant('scout', [])],
    [
      'expiry',
      'session-expired',
      () =>
        open.pool.query("UPDATE session SET expires_at = clock_timestamp() - interval '1 s' WHERE person_id = $1", [
          people.scout.id,
        ]),
    ],
  ])('that end close the socket: %s', async (_, code, end) => {
    const scout = await open.signIn('scout');
    const replica = new Replica(scout.socket());
    await replica.subscribe();
    const startedAt = performance.now();
    await end(scout);
    await until(() => replica.socket.disconnected, { timeoutMs: 5_000 });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(replica.revoked).toBe(code);
    await open.pool.query("UPDATE person SET active = true WHERE slug = 'scout'");
    await grant('scout', people.scout.grants);
  });

  it('follow the configuration: a site that leaves the group is no longer shown', async () => {
    const replica = new Replica(north.socket());
    await replica.subscribe();
    expect(replica.incidents.size).toBeGreaterThan(0);
    const moved = { ...unitDocument, sites: unitDocument.sites.map((site) => ({ ...site, groups: ['south'] })) };
    const put = (document: unknown) =>
      open.pool.query(
        `INSERT INTO config_version (agency_id, document, hash, state, applied_by) VALUES ('unit', $1, '\\x00', 'effective', 'test')`,
        [document],
      );
    await put(moved);
    await until(() => replica.revoked === 'no-rights', { timeoutMs: 5_000 });
    await put(unitDocument);
  });
});

describe('the door of the socket', () => {
  const connect = (options: {
    auth?: Record<string, unknown>;
    headers?: Record<string, string>;
    transports?: string[];
  }): Promise<string> => {
    const socket = io(`${open.url}/console`, {
      auth: options.auth ?? {},
      extraHeaders: options.headers ?? {},
      transports: (options.transports ?? ['websocket']) as ['websocket'],
      reconnection: false,
      forceNew: true,
    });
    return new Promise<string>((resolve) => {
      socket.on('connect', () => resolve('connected'));
      socket.on('connect_error', (error) => resolve(error.message));
    }).finally(() => socket.disconnect());
  };

  it('takes a token, from no origin or our own', async () => {
    const port = new URL(open.url).port;
    expect(await connect({ auth: { token: operator.token } })).toBe('connected');
    expect(await connect({ auth: { token: operator.token }, headers: { origin: `http://localhost:${port}` } })).toBe(
      'connected',
    );
    for (const origin of [
      'null',
      'http://evil.example',
      `http://127.0.0.1:${port}.evil.example`,
      `https://127.0.0.1:${port}`,
      'http://127.0.0.1',
    ]) {
      expect([origin, await connect({ auth: { token: operator.token }, headers: { origin } })]).toEqual([
        origin,
        'websocket error',
      ]);
    }
  });

  it('never takes the cookie', async () => {
    const answer = await open.ask('POST', '/v1/session', { username: 'operator', password });
    const cookie = answer.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    expect(await connect({ headers: { cookie } })).toBe('no-session');
  });

  it('refuses wrong tokens and other transports', async () => {
    for (const token of [
      undefined,
      null,
      '',
      'x',
      7,
      {},
      [operator.token],
      `${operator.token}x`,
      operator.token.toLowerCase(),
      'a'.repeat(5_000),
    ]) {
      expect([token, await connect({ auth: { token } })]).toEqual([token, 'no-session']);
    }
    expect(await connect({ auth: { token: operator.token }, transports: ['polling'] })).not.toBe('connected');
  });

  it('answers a subscribe that is not as documented, and knows no other message', async () => {
    const socket = operator.socket();
    await new Promise<void>((resolve) => socket.on('connect', () => resolve()));
    for (const body of [
      7,
      'x',
      [],
      { after: 7 },
      { filter: [] },
      { filter: { sites: 'gate-1' } },
      { filter: { reality: ['dream'] } },
      { room: 'a:x' },
      { filter: { sites: ['../..'] } },
    ]) {
      expect([body, await socket.timeout(2_000).emitWithAck('subscribe', body)]).toEqual([
        body,
        { code: 'invalid', message: expect.any(String) },
      ]);
    }
    socket.emit('events', { cursor: 'x', events: [] });
    socket.emit('join', 'a:everything');
    expect(await socket.timeout(2_000).emitWithAck('subscribe', {})).toMatchObject({ snapshot: {} });
    for (let n = 0; n < 60; n += 1) socket.emit('noise', n);
    await until(() => socket.disconnected);
  });
});
