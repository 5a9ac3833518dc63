import type { Socket } from 'node:net';
import { until } from '@tocsin/testing';
import { OpenGateway, type SignedIn } from './open-gateway.js';
import { ConsoleGateway } from '../../../apps/gateway/src/live/console.gateway.js';
import { Replica } from './replica.js';

let open: OpenGateway;
let operator: SignedIn;
let north: SignedIn;
beforeAll(async () => {
  open = await OpenGateway.open();
  operator = await open.signIn('operator');
  north = await open.signIn('north');
});
afterAll(() => open.close());

/** Every replica equals the database for what its reader sees, and complained about nothing (I13, I14). */
async function expectEqual(replicas: readonly Replica[], site: string | null): Promise<void> {
  const { rows } = await open.pool.query(
    "SELECT id, head_seq::int AS seq FROM incident WHERE state <> 'closed' AND ($1::text IS NULL OR site_id = $1)",
    [site],
  );
  const wanted = rows.map(({ id, seq }) => `${id} ${seq}`).sort();
  for (const replica of replicas) {
    await until(
      () =>
        [...replica.held].length === wanted.length &&
        [...replica.held].every(([id, seq]) => wanted.includes(`${id} ${seq}`)),
      { what: 'the replica to equal the database' },
    );
    expect([...replica.incidents.values()].map(({ id, seq }) => `${id} ${seq}`).sort()).toEqual(wanted);
    expect(replica.complaints).toEqual([]);
  }
}

describe('consoles that come and go while many write', () => {
  it('hold no hole and invent nothing', async () => {
    const ids = await Promise.all(
      Array.from({ length: 8 }, (_, index) => open.alert({ site: index % 2 ? 'gate-1' : 'gate-2' })),
    );
    const writing = new AbortController();
    const write = async (id: string, index: number): Promise<void> => {
      for (let n = 0; !writing.signal.aborted; n += 1) {
        const act = ['acknowledge', 'take', 'note', 'release'][(n + index) % 4] as string;
        await operator.act(id, act, act === 'note' ? { text: `note ${n}` } : {});
      }
    };
    const writers = ids.map(write);
    const replicas: { all: Replica[]; some: Replica[] } = { all: [], some: [] };
    let left: string | null = null;
    for (let round = 0; round < 25; round += 1) {
      const who = round % 2 ? operator : north;
      const replica = new Replica(who.socket());
      const answer = await replica.subscribe(round % 2 && left !== null ? { after: left } : {});
      // A client that catches up keeps what it held; this one held nothing, so only those with a snapshot are compared.
      if ('snapshot' in answer) replicas[round % 2 ? 'all' : 'some'].push(replica);
      else {
        left = replica.cursor;
        replica.socket.disconnect();
      }
      left ??= replica.cursor;
      if (round % 6 === 1) left = null;
    }
    writing.abort();
    await Promise.all(writers);
    await expectEqual(replicas.all, null);
    await expectEqual(replicas.some, 'gate-1');
    expect(replicas.all.length).toBeGreaterThan(3);
    operator.hangUp();
    north.hangUp();
  }, 60_000);

  it('catch up without a hole after any pause', async () => {
    const id = await open.alert();
    const replica = new Replica(operator.socket());
    await replica.subscribe();
    // Its snapshot may be some seconds old: then it has what came on top as well.
    await until(() => replica.incidents.has(id));
    for (let round = 0; round < 6; round += 1) {
      const cursor = replica.cursor as string;
      replica.socket.disconnect();
      await Promise.all(
        Array.from({ length: 5 }, (_, n) => operator.act(id, 'note', { text: `while away ${round}.${n}` })),
      );
      const again = new Replica(operator.socket());
      // It holds what the former one held.
      for (const [stream, seq] of replica.held) again.held.set(stream, seq);
      for (const [key, row] of replica.incidents) again.incidents.set(key, row);
      expect(await again.subscribe({ after: cursor })).toHaveProperty('events');
      Object.assign(replica, {
        cursor: again.cursor,
        held: again.held,
        incidents: again.incidents,
        complaints: again.complaints,
        socket: again.socket,
      });
    }
    await expectEqual([replica], null);
    operator.hangUp();
  });

  it('hold no hole when they join by a snapshot that was read for another, who has gone', async () => {
    const first = new Replica(operator.socket());
    await first.subscribe();
    first.socket.disconnect();
    const id = await open.alert();
    for (let n = 0; n < 5; n += 1) await operator.act(id, 'note', { text: `nobody is connected ${n}` });
    const second = new Replica(operator.socket());
    await second.subscribe();
    await operator.act(id, 'note', { text: 'now somebody is' });
    await expectEqual([second], null);
    operator.hangUp();
  });

  it('begin anew in another life of the database', async () => {
    const replica = new Replica(operator.socket());
    await replica.subscribe();
    const cursor = replica.cursor as string;
    await open.pool.query('UPDATE cluster SET generation = generation + 1');
    await until(() => replica.snapshots === 2);
    const id = await open.alert();
    await until(() => replica.incidents.has(id));
    const old = new Replica(operator.socket());
    expect(await old.subscribe({ after: cursor })).toHaveProperty('snapshot');
    await expectEqual([replica], null);
    await expectEqual([old], null);
    operator.hangUp();
  });

  it('get a snapshot when they are too far behind', async () => {
    const replica = new Replica(operator.socket());
    await replica.subscribe();
    const cursor = replica.cursor as string;
    replica.socket.disconnect();
    const { rows } = await open.pool.query(
      'SELECT stream, max(seq)::int AS seq FROM event WHERE incident GROUP BY stream LIMIT 1',
    );
    // 5,001 rows of a stream of its own: what they say does not matter here.
    await open.pool.query(
      `INSERT INTO event (stream, seq, type, at, actor_kind, actor_id, body_hash, hash, reality, agency_id, site_id, incident)
       SELECT gen_random_uuid(), 1, 'note.added', clock_timestamp(), 'system', 'test', '\\x00', '\\x00', 'actual', 'unit', 'gate-1', false FROM generate_series(1, 5001)`,
    );
    expect(rows).toHaveLength(1);
    const again = new Replica(operator.socket());
    expect(await again.subscribe({ after: cursor })).toHaveProperty('snapshot');
    operator.hangUp();
  });

  it('share snapshots in a rush, and all get one', async () => {
    const replicas = Array.from({ length: 60 }, () => new Replica(operator.socket()));
    await Promise.all(replicas.map((replica) => replica.subscribe()));
    const id = await open.alert();
    await until(() => replicas.every((replica) => replica.incidents.has(id)));
    expect(replicas.every(({ complaints }) => complaints.length === 0)).toBe(true);
    operator.hangUp();
  });
});

describe('a console that does not read', () => {
  it('is taken out of the stream, gets a snapshot when it reads again, and costs no memory', async () => {
    const slow = new Replica(operator.socket());
    await slow.subscribe();
    const id = await open.alert();
    await until(() => slow.incidents.has(id));
    const transport = (slow.socket.io.engine as unknown as { transport: { ws: { _socket: Socket } } }).transport;
    const tcp = transport.ws._socket;
    const { resume } = tcp;
    // The websocket library resumes it by itself.
    tcp.resume = () => tcp;
    tcp.pause();
    // 12 MB: more than the kernel's buffers take on loopback.
    await open.pool.query(
      `INSERT INTO event (stream, seq, type, at, actor_kind, actor_id, data, body_hash, hash, reality, agency_id, site_id, incident)
       SELECT gen_random_uuid(), 1, 'alert.accepted', clock_timestamp(), 'source', 'panels', jsonb_build_object('title', repeat('x', 4000)),
         '\\x00', '\\x00', 'actual', 'unit', 'gate-1', false FROM generate_series(1, 3000)`,
    );
    const hub = open.gateway.app.get(ConsoleGateway).hub;
    const behind = await until(() => [...hub.subscribers.values()].find(({ mode }) => mode === 'behind'));
    const bytes = behind.outgoingBytes;
    for (let n = 0; n < 10; n += 1) await operator.act(id, 'note', { text: 'x'.repeat(7_900) });
    expect(behind.outgoingBytes).toBe(bytes);
    const watcher = new Replica(operator.socket());
    await watcher.subscribe();
    tcp.resume = resume;
    tcp.resume();
    await until(() => slow.snapshots >= 2, { timeoutMs: 20_000, what: 'a snapshot' });
    await until(() => slow.held.get(id) === watcher.held.get(id));
    expect(slow.complaints).toEqual([]);
    operator.hangUp();
  });
});
