import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { testDatabase, type TestDatabase, until } from '@tocsin/testing';
import { openPool, type Pool } from './pool.js';

let db: TestDatabase;
let server: Server;
let pool: Pool;
let knocks = 0;
let isAway = false;
let isSilent = false;
const unanswered = new Set<Socket>();

beforeAll(async () => {
  db = await testDatabase();
  const port = Number(new URL(db.url).port);
  // Before a server that is away: connections are taken and end at once, as by PostgreSQL while it recovers.
  server = createServer((client) => {
    knocks += 1;
    client.on('error', () => undefined);
    if (isSilent) return void unanswered.add(client);
    if (isAway) return void client.destroy();
    const onward = connect(port, '127.0.0.1').on('error', () => undefined);
    client.pipe(onward).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  const url = new URL(db.url);
  url.port = String((server.address() as AddressInfo).port);
  pool = openPool({ url: url.href, name: 'patient', max: 3 });
});
afterEach(() => pool.end());
afterAll(async () => {
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

it('a question that gets no answer at all keeps the others waiting for half a second only', async () => {
  isAway = true;
  const ask = (): Promise<unknown> => pool.query('SELECT 1').catch((error: unknown) => error);
  expect(await ask()).toBeInstanceOf(Error);
  isSilent = true;
  const asked = [ask(), ask(), ask()];
  const first = Promise.race(asked).then(() => 'answered');
  await until(() => unanswered.size === asked.length);
  expect(await Promise.race([first, Promise.resolve('all of them ask')])).toBe('all of them ask');
  isSilent = isAway = false;
  for (const client of unanswered) client.destroy();
  await Promise.all(asked);
});
