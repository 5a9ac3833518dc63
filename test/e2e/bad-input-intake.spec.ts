import { connect } from 'node:net';
import { type ErrorBody, intakeErrors } from '@tocsin/contracts';
import type { BadCase } from './bad-input/bad-case';
import { badDoors } from './bad-input/bad-doors';
import { badFields } from './bad-input/bad-fields';
import { badJson } from './bad-input/bad-json';
import { type OpenIntake, openIntake } from './intake/open-intake.js';

const badCases: readonly BadCase[] = [...badJson, ...badFields, ...badDoors];
let intake: OpenIntake;
beforeAll(async () => {
  intake = await openIntake();
});
afterAll(() => intake.close());

const storedBad = async (): Promise<number> =>
  Number((await intake.pool.query(`SELECT count(*) FROM alert WHERE key NOT LIKE 'neighbour-%'`)).rows[0].count);

async function send({
  path = '/v1/alerts',
  method = 'POST',
  body,
  headers = {},
  as = 'unit',
}: BadCase): Promise<{ status: number; body: ErrorBody }> {
  const all = {
    'content-type': 'application/json',
    ...(as === null ? {} : { authorization: `Bearer ${intake.tokens[as]}` }),
    ...headers,
  };
  const payload =
    body === undefined || typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const given = Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const response = await fetch(intake.url + path, {
    method,
    headers: given,
    ...(payload === undefined ? {} : { body: payload as BodyInit }),
  });
  const text = await response.text();
  expect(response.headers.get('content-type')).toContain('application/json');
  return { status: response.status, body: JSON.parse(text) as ErrorBody };
}

it('knows at least 200 of them, each by a name of its own', () => {
  expect(badCases.length).toBeGreaterThanOrEqual(200);
  expect(new Set(badCases.map(({ name }) => name)).size).toBe(badCases.length);
});

it.each(badCases)('$name -> $status $code', async (bad) => {
  const { status, body } = await send(bad);
  expect([status, body.code]).toEqual([bad.status, bad.code]);
  expect(intakeErrors[bad.code as keyof typeof intakeErrors].status).toBe(status);
  expect(body.message.length).toBeGreaterThan(10);
  expect(Array.isArray(body.errors)).toBe(true);
  for (const { path, message } of body.errors ?? [])
    expect([typeof path, message.length > 3]).toEqual(['string', true]);
  if (bad.at !== undefined) expect(body.errors?.map(({ path }) => path)).toContain(bad.at);
});

it('stores nothing of any of them', async () => {
  expect(await storedBad()).toBe(0);
  expect((await intake.pool.query('SELECT count(*)::int AS kept FROM raw_signal')).rows).toEqual([{ kept: 0 }]);
});

it('fails no neighbour of the same moment', async () => {
  const mixed = badCases.flatMap((bad, index) => [
    async () => (await send(bad)).status === bad.status,
    async () =>
      (await intake.post('/v1/alerts', { key: `neighbour-${index}`, site: 'gate-1', title: 'Door' })).status === 202,
  ]);
  const answers = await Promise.all(mixed.map((ask) => ask()));
  expect(answers).toEqual(mixed.map(() => true));
  expect(await storedBad()).toBe(0);
  expect(
    (await intake.pool.query(`SELECT count(*)::int AS alerts FROM alert WHERE key LIKE 'neighbour-%'`)).rows,
  ).toEqual([{ alerts: badCases.length }]);
});

describe('what is no HTTP request at all', () => {
  const raw = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(intake.url);
      const socket = connect(Number(port), hostname, () => socket.write(text));
      let answer = '';
      socket.on('data', (bytes) => {
        answer += bytes.toString();
      });
      socket.on('close', () => resolve(answer)).on('error', reject);
    });

  it.each([
    ['noise', 'hello\r\n\r\n', 400],
    ['a wrong version', 'GET /v1/alerts HTTP/9.9\r\nhost: x\r\n\r\n', 400],
    ['two lengths', 'POST /v1/alerts HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabc', 400],
    [
      'a length and chunks',
      'POST /v1/alerts HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a header with a line break', 'GET / HTTP/1.1\r\nhost: x\r\nx: a\rb\r\n\r\n', 400],
    ['20 KB of headers', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ])('%s', async (_name, text, status) => {
    const answer = await raw(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))).toMatchObject({
      code: expect.any(String),
      message: expect.any(String),
      errors: [],
    });
  });
});
