import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { testDatabase, type TestDatabase, until } from '@tocsin/testing';
import { openPool, type Pool } from './pool.js';

let db: TestDatabase;
let server: Server;
let pool: Pool;
let knocks = 0;
let isAway = false;

beforeAll(async () => {
  db = await testDatabase();
  const port = Number(new URL(db.url).port);
  // Before a server that is away: connections are taken and end at once, as by PostgreSQL while it recovers.
  server = createServer((client) => {
    knocks += 1;
    client.on('error', () => undefined);
    if (isAway) return void client.destroy();
    const onward = connect(port, '127.0.0.1').on('error', () => undefined);
    client.pipe(onward).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(db.url);
  url.port = String((server.address() as AddressInfo).port);
  pool = openPool({ url: url.href, name: 'patient', max: 3 });
});
afterAll(async () => {
  await pool?.end();
  server?.close();
  await db?.drop();
});

it('while the server is away one asks for all who wait, and all of them go on when it is back', async () => {
  isAway = true;
  const ask = (): Promise<unknown> => pool.query('SELECT 1').catch((error: unknown) => error);
  expect(await ask()).toBeInstanceOf(Error);
  const before = knocks;
  const answers = await Promise.all(Array.from({ length: 60 }, ask));
  expect(answers.every((answer) => answer instanceof Error)).toBe(true);
  expect(knocks - before).toBeLessThan(40);
  isAway = false;
  await until(async () => !((await ask()) instanceof Error));
  const back = await Promise.all(Array.from({ length: 60 }, ask));
  expect(back.filter((answer) => answer instanceof Error)).toEqual([]);
});
