import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { randomOf } from '../history/random';
import { type FaultProxy, openProxy } from './proxy';

const databaseUrl = process.env['TOCSIN_TEST_DATABASE_URL'] ?? '';

describe('before PostgreSQL', () => {
  const table = `chaos_${process.pid}`;
  let proxy: FaultProxy;
  let direct: Client;

  beforeAll(async () => {
    proxy = await openProxy(Number(new URL(databaseUrl).port));
    direct = new Client({ connectionString: databaseUrl });
    await direct.connect();
    await direct.query(`CREATE TABLE ${table} (n int PRIMARY KEY)`);
  });
  afterAll(async () => {
    await direct?.query(`DROP TABLE ${table}`);
    await direct?.end();
    await proxy?.close();
  });

  /** One transaction on a connection of its own, its statements pipelined; whether its COMMIT was answered. */
  async function insert(n: number): Promise<boolean> {
    const url = new URL(databaseUrl);
    url.port = String(proxy.port);
    const client = new Client({ connectionString: url.href });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const all = ['BEGIN', `INSERT INTO ${table} VALUES (${n})`, 'COMMIT'].map((sql) => client.query(sql));
      const [, , answer] = await Promise.all(all);
      return answer?.command === 'COMMIT';
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  const stored = async (from: number): Promise<number> => {
    const { rows } = await direct.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE n >= ${from}`);
    return rows[0]?.n ?? 0;
  };

  it('drops the answers of a share of commits, which have all been executed', async () => {
    const heal = proxy.dropCommitAnswers(0.3, randomOf(1));
    const answered: boolean[] = [];
    for (let n = 0; n < 60; n += 1) answered.push(await insert(n));
    heal();
    const lost = answered.filter((one) => !one).length;
    expect(lost).toBe(proxy.droppedCommits);
    expect(lost).toBeGreaterThan(5);
    expect(lost).toBeLessThan(40);
    expect(await stored(0)).toBe(60);
    expect(await insert(60)).toBe(true);
  });

  it('keeps a connection through a black hole, and passes nothing meanwhile', async () => {
    const heal = proxy.blackHole();
    const inserting = insert(100);
    await wait(300);
    expect(await stored(100)).toBe(0);
    heal();
    expect(await inserting).toBe(true);
    expect(await stored(100)).toBe(1);
  });
});

describe('before an echo', () => {
  let server: Server;
  let proxy: FaultProxy;

  beforeAll(async () => {
    server = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy = await openProxy((server.address() as AddressInfo).port);
  });
  afterAll(async () => {
    await proxy.close();
    await new Promise((resolve) => server.close(resolve));
  });

  /** What comes back of `text`, until the connection ends or all of it is there, and after how long. */
  function echo(text: string): Promise<{ back: string; ms: number }> {
    const startedAt = performance.now();
    return new Promise((resolve) => {
      const socket = connect(proxy.port, '127.0.0.1', () => socket.write(text));
      let back = '';
      const done = (): void => {
        socket.destroy();
        resolve({ back, ms: performance.now() - startedAt });
      };
      socket.on('error', () => undefined).on('close', done);
      socket.on('data', (bytes) => {
        back += bytes.toString();
        if (back.length === text.length) done();
      });
    });
  }

  it.each([0, 1, 5, 9])('cuts either direction after %i bytes', async (byte) => {
    for (const direction of ['to-server', 'to-client'] as const) {
      const heal = proxy.cutAt({ direction, byte });
      const { back } = await echo('0123456789');
      expect(back.length).toBeLessThanOrEqual(byte);
      if (direction === 'to-client') expect(back).toBe('0123456789'.slice(0, byte));
      heal();
    }
    expect((await echo('0123456789')).back).toBe('0123456789');
  });

  it('cuts once where only the first is meant', async () => {
    proxy.cutAt({ direction: 'to-client', byte: 3, once: true });
    expect((await echo('abcdef')).back).toBe('abc');
    expect((await echo('abcdef')).back).toBe('abcdef');
  });

  it('delays each way, keeps the order when the delay ends, and is gone without a trace', async () => {
    const heal = proxy.delay(100);
    expect((await echo('slow')).ms).toBeGreaterThan(180);
    const socket = connect(proxy.port, '127.0.0.1');
    let back = '';
    socket.on('data', (bytes) => (back += bytes.toString()));
    for (let n = 0; n < 10; n += 1) {
      socket.write(`${n},`);
      if (n === 4) heal();
      await wait(10);
    }
    for (let n = 0; n < 100 && back.length < 20; n += 1) await wait(20);
    expect(back).toBe('0,1,2,3,4,5,6,7,8,9,');
    socket.destroy();
    expect((await echo('fast')).ms).toBeLessThan(90);
  });
});
