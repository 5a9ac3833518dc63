import { connect } from 'node:net';
import { actNames, peopleRoutes } from '@tocsin/contracts';
import { v7 } from 'uuid';
import { type Json, OpenGateway, type SignedIn } from './gateway/open-gateway.js';
import {
  foreignOrigins,
  malformedActs,
  malformedJson,
  malformedOpenings,
  malformedPhones,
  malformedQueries,
  malformedQuestions,
  malformedSignIns,
} from './gateway/malformed.js';

/** Everything here is wrong in one way. Each must be refused with a code, change nothing, and leave the gateway serving. */

let open: OpenGateway;
let operator: SignedIn;
let guard: SignedIn;
let north: SignedIn;
let incident: string;
let hidden: string;
beforeAll(async () => {
  open = await OpenGateway.open();
  [operator, guard, north] = (await Promise.all(
    (['operator', 'guard', 'north'] as const).map((who) => open.signIn(who)),
  )) as [SignedIn, SignedIn, SignedIn];
  incident = await open.alert();
  hidden = await open.alert({ site: 'gate-2' });
  before = await state();
});
afterAll(async () => {
  await open.close();
});

let before: unknown;
const state = async () =>
  (
    await open.pool.query(
      'SELECT (SELECT count(*) FROM event WHERE incident) AS events, (SELECT count(*) FROM incident) AS incidents, (SELECT count(*) FROM alert) AS alerts, (SELECT count(*) FROM idempotency) AS keys, (SELECT count(*) FROM push_subscription) AS phones',
    )
  ).rows;

/** What was sent and not refused as it should be. Nothing may be left of it. */
async function expectRefused(
  tries: readonly (readonly [
    what: string,
    send: () => Promise<{ status: number; body: Json }>,
    status: number,
    code?: string,
  ])[],
): Promise<void> {
  const wrong: unknown[] = [];
  for (const [what, send, status, code] of tries) {
    const answer = await send();
    const fits =
      Object.is(answer.status, status) &&
      (code === undefined || answer.body?.code === code) &&
      typeof answer.body?.message === 'string';
    if (!fits) wrong.push([what, answer.status, answer.body]);
  }
  expect(wrong).toEqual([]);
  expect(await state()).toEqual(before);
  expect((await operator.get('/v1/session')).status).toBe(200);
  counted += tries.length;
}
let counted = 0;

it('bodies that are no JSON, or JSON with surprises', async () => {
  const send =
    (body: string | Uint8Array, headers: Record<string, string> = {}) =>
    () =>
      operator.post(`/v1/incidents/${incident}/note`, body, { headers });
  await expectRefused(
    malformedJson.map(([what, body, status, code, headers]) => [what, send(body, headers), status, code]),
  );
});

it('fields that are missing, wrong, too long or not known', async () => {
  const hand = (body: object) => () =>
    operator.post('/v1/incidents', { site: 'gate-1', category: 'intrusion', severity: 'high', title: 'x', ...body });
  const explain = (body: object) => () => operator.post('/v1/explain', body);
  await expectRefused([
    ...malformedActs.map(
      ([what, act, body]) => [what, () => operator.act(incident, act, body), 422, 'invalid'] as const,
    ),
    ...malformedOpenings.map(([what, body]) => [what, hand(body), 422, 'invalid'] as const),
    ...malformedQuestions.map(([what, body]) => [what, explain(body), 422, 'invalid'] as const),
    [
      'a future',
      () => operator.act(incident, 'note', { text: 'x', occurredAt: '2200-01-01T00:00:00Z' }),
      422,
      'not-yet',
    ],
    ['an unknown site', hand({ site: 'atlantis' }), 422, 'unknown-site'],
    ['a draft that is not there', explain({ alert: { site: 'gate-1' }, config: 'draft' }), 404, 'not-found'],
    ['what one may not see', () => north.post('/v1/explain', { alert: { site: 'gate-2' } }), 422, 'unknown-site'],
  ]);
});

it('addresses and queries that lead nowhere', async () => {
  const get = (path: string) => () => operator.get(path);
  const bad = (query: string) => [`?${query}`, get(`/v1/incidents?${query}`), 400, 'invalid-query'] as const;
  await expectRefused([
    ['no such door', get('/v1/nothing'), 404, 'not-found'],
    ['no such version', get('/v2/incidents'), 404, 'not-found'],
    ['an id that is none', get('/v1/incidents/7'), 404, 'not-found'],
    ['an id by SQL', get(`/v1/incidents/${encodeURIComponent("' OR ''='")}`), 404, 'not-found'],
    ['an id by path', get('/v1/incidents/..%2f..%2fsession'), 404, 'not-found'],
    ['an id of 3,000 characters', get(`/v1/incidents/${'a'.repeat(3_000)}`), 404, 'not-found'],
    ['percent signs', get('/v1/incidents/%zz'), 400, 'bad-request'],
    ['an unknown id', get(`/v1/incidents/${v7()}`), 404, 'not-found'],
    ['events of an unknown id', get(`/v1/incidents/${v7()}/events`), 404, 'not-found'],
    ['deliveries of an unknown id', get(`/v1/incidents/${v7()}/deliveries`), 404, 'not-found'],
    ['an act that is none', () => operator.act(incident, 'explode'), 404, 'not-found'],
    ['an act by prototype', () => operator.act(incident, 'constructor'), 404, 'not-found'],
    ['an act by __proto__', () => operator.act(incident, '__proto__'), 404, 'not-found'],
    ['an act in capitals', () => operator.act(incident, 'ACKNOWLEDGE'), 404, 'not-found'],
    ['an act on nothing', () => operator.act(v7(), 'acknowledge'), 404, 'not-found'],
    ['an act by GET', get(`/v1/incidents/${incident}/acknowledge`), 404, 'not-found'],
    [
      'an act by PUT',
      () => open.ask('PUT', `/v1/incidents/${incident}/acknowledge`, {}, { token: operator.token }),
      404,
      'not-found',
    ],
    [
      'an incident deleted',
      () => open.ask('DELETE', `/v1/incidents/${incident}`, undefined, { token: operator.token }),
      404,
      'not-found',
    ],
    ['a site added', () => operator.post('/v1/sites', { id: 'x' }), 404, 'not-found'],
    ['acknowledging a page by a link', get('/v1/push/acknowledge?code=x'), 404, 'not-found'],
    ...malformedQueries.map(bad),
    ['events after words', get(`/v1/incidents/${incident}/events?afterSeq=first`), 400, 'invalid-query'],
    ['events after -1', get(`/v1/incidents/${incident}/events?afterSeq=-1`), 400, 'invalid-query'],
    ['events after 2^80', get(`/v1/incidents/${incident}/events?afterSeq=${2n ** 80n}`), 400, 'invalid-query'],
    ['a schedule at noon', get('/v1/schedules?at=noon'), 400, 'invalid-query'],
    ['sites with a filter', get('/v1/sites?name=gate'), 400, 'invalid-query'],
  ]);
});

it('whoever is not signed in, or not so', async () => {
  const doors = [
    ['GET', '/v1/session'],
    ['DELETE', '/v1/session'],
    ['POST', '/v1/session/socket-ticket'],
    ['GET', '/v1/incidents'],
    ['POST', '/v1/incidents'],
    ['GET', `/v1/incidents/${incident}`],
    ['GET', `/v1/incidents/${incident}/events`],
    ['GET', `/v1/incidents/${incident}/deliveries`],
    ['POST', '/v1/explain'],
    ['GET', '/v1/sites'],
    ['GET', '/v1/teams'],
    ['GET', '/v1/people'],
    ['GET', '/v1/schedules'],
    ['GET', '/v1/routes'],
    ['GET', '/v1/policies'],
    ['GET', '/v1/silences'],
    ['GET', '/v1/sources'],
    ['GET', '/v1/push/key'],
    ['POST', '/v1/push/subscriptions'],
    ['DELETE', '/v1/push/subscriptions'],
    ...actNames.map((act) => ['POST', `/v1/incidents/${incident}/${act}`]),
  ] as [string, string][];
  const body = (method: string) => (method === 'GET' ? undefined : {});
  const authorizations = [
    'Bearer',
    'Bearer ',
    'Bearer x',
    `Bearer ${operator.token}x`,
    `Bearer ${operator.token.slice(1)}`,
    `Basic ${Buffer.from(`operator:${operator.token}`).toString('base64')}`,
    operator.token,
    `Bearer  ${operator.token}`,
    `Bearer ${operator.token}, Bearer x`,
  ];
  await expectRefused([
    ...doors.map(
      ([method, path]) =>
        [`${method} ${path} without a session`, () => open.ask(method, path, body(method)), 401, 'no-session'] as const,
    ),
    ...authorizations.map(
      (authorization) =>
        [
          `Authorization: ${authorization}`,
          () => open.ask('GET', '/v1/incidents', undefined, { headers: { authorization } }),
          401,
          'no-session',
        ] as const,
    ),
    ['a token in the address', () => open.ask('GET', `/v1/session?token=${operator.token}`), 401, 'no-session'],
    [
      'another cookie',
      () =>
        open.ask('GET', '/v1/session', undefined, {
          headers: { cookie: `session=${operator.token}; tocsin_session=x` },
        }),
      401,
      'no-session',
    ],
    ...malformedSignIns.map(
      (given) =>
        [
          `sign-in ${JSON.stringify(given).slice(0, 60)}`,
          () => open.ask('POST', '/v1/session', given),
          422,
          'invalid',
        ] as const,
    ),
    [
      'sign-in by SQL',
      () => open.ask('POST', '/v1/session', { username: "operator' --", password: 'x' }),
      401,
      'wrong-credentials',
    ],
    [
      'sign-in as everybody',
      () => open.ask('POST', '/v1/session', { username: '%', password: 'x' }),
      401,
      'wrong-credentials',
    ],
  ]);
});

it('foreign pages', async () => {
  const port = new URL(open.url).port;
  const origins = foreignOrigins(port);
  await expectRefused(
    origins.flatMap((origin) => [
      [
        `read from ${origin}`,
        () => operator.get('/v1/incidents', { headers: { origin } }),
        403,
        'foreign-origin',
      ] as const,
      [
        `act from ${origin}`,
        () => operator.act(incident, 'acknowledge', {}, { headers: { origin } }),
        403,
        'foreign-origin',
      ] as const,
      [
        `receipt from ${origin}`,
        () => open.ask('POST', '/v1/push/receipts', { deliveryId: v7(), code: 'x' }, { headers: { origin } }),
        403,
        'foreign-origin',
      ] as const,
    ]),
  );
});

it('illegal moves, foreign sites, other people', async () => {
  await expectRefused([
    ...['close', 'en-route', 'on-scene', 'clear', 'decline'].map(
      (act) =>
        [
          act,
          () => guard.act(incident, act),
          act === 'close' ? 403 : 409,
          act === 'close' ? 'forbidden' : 'illegal-move',
        ] as const,
    ),
    ['close before resolve', () => operator.act(incident, 'close'), 409, 'illegal-move'],
    ['a stale version', () => operator.act(incident, 'take', { expectedVersion: 7 }), 409, 'stale-version'],
    ['a team without anybody', () => operator.act(incident, 'dispatch', { teams: ['nobody'] }), 409, 'nobody-on-duty'],
    ['a team that is none', () => operator.act(incident, 'dispatch', { teams: ['atlantis'] }), 422, 'unknown-team'],
    ['a person that is none', () => operator.act(incident, 'dispatch', { people: [v7()] }), 422, 'unknown-person'],
    ['transfer to nobody', () => operator.act(incident, 'transfer', { to: v7() }), 422, 'unknown-person'],
    ['on behalf of nobody', () => operator.act(incident, 'acknowledge', { onBehalfOf: v7() }), 422, 'unknown-person'],
    [
      'a responder speaking for another',
      () => guard.act(incident, 'acknowledge', { onBehalfOf: operator.id }),
      403,
      'forbidden',
    ],
    ...['take', 'dispatch', 'escalate', 'resolve', 'reopen', 'stand-down', 'recall', 'release'].map(
      (act) => [`a responder: ${act}`, () => guard.act(incident, act), 403, 'forbidden'] as const,
    ),
    ...(['acknowledge', 'take', 'resolve'] as const).map(
      (act) => [`another site: ${act}`, () => north.act(hidden, act), 404, 'not-found'] as const,
    ),
    ['another site: read', () => north.get(`/v1/incidents/${hidden}`), 404, 'not-found'],
    ['another site: events', () => north.get(`/v1/incidents/${hidden}/events`), 404, 'not-found'],
    ['another site: deliveries', () => north.get(`/v1/incidents/${hidden}/deliveries`), 404, 'not-found'],
    [
      'another site: by hand',
      () => north.post('/v1/incidents', { site: 'gate-2', category: 'fire', severity: 'high', title: 'x' }),
      422,
      'unknown-site',
    ],
    ...['', ' ', 'x'.repeat(257), 'ключ', 'a b'].map(
      (key) => [`Idempotency-Key "${key.slice(0, 9)}"`, () => rawAct(key), 422, 'bad-idempotency-key'] as const,
    ),
    [
      'a code that is none',
      () => open.ask('POST', '/v1/push/acknowledge', { code: 'AAAAAAAAAAAAAAAAAAAAAA' }),
      404,
      'unknown-code',
    ],
    [
      'a receipt for nothing',
      () => open.ask('POST', '/v1/push/receipts', { deliveryId: v7(), code: 'x' }),
      404,
      'unknown-code',
    ],
    ['a receipt without proof', () => open.ask('POST', '/v1/push/receipts', { deliveryId: v7() }), 422, 'invalid'],
    ...malformedPhones.map(
      (given) =>
        [
          `phone ${JSON.stringify(given).slice(0, 50)}`,
          () => operator.post('/v1/push/subscriptions', given),
          422,
          'invalid',
        ] as const,
    ),
    [
      'a phone that is not mine',
      () =>
        open.ask('DELETE', '/v1/push/subscriptions', { endpoint: 'https://push.example/x' }, { token: operator.token }),
      404,
      'not-found',
    ],
  ]);
});

/** fetch refuses to send some headers: bytes by hand. */
function rawAct(key: string): Promise<{ status: number; body: Json }> {
  return sendRaw(
    `POST /v1/incidents/${incident}/acknowledge HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${operator.token}\r\nIdempotency-Key: ${key}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`,
  );
}

function sendRaw(text: string | Buffer, withinMs = 10_000): Promise<{ status: number; body: Json }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(open.url);
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.setTimeout(withinMs, () => socket.destroy(new Error('no answer')));
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => {
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      resolve({
        status: Number(head.split(' ')[1]),
        body: body.startsWith('{') ? JSON.parse(body) : { message: body },
      });
    });
  });
}

/** No answer at all. */
const hungUp = Number.NaN;

it('what is hardly HTTP', async () => {
  const head = 'Host: x\r\nConnection: close\r\n';
  await expectRefused([
    ['noise', () => sendRaw('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n'), 400],
    ['no host', () => sendRaw('GET /v1/session HTTP/1.1\r\nConnection: close\r\n\r\n'), 400],
    [
      'two lengths',
      () => sendRaw(`POST /v1/session HTTP/1.1\r\n${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`),
      400,
    ],
    [
      'a length and chunks',
      () =>
        sendRaw(`POST /v1/session HTTP/1.1\r\n${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
      400,
    ],
    ['a length of words', () => sendRaw(`POST /v1/session HTTP/1.1\r\n${head}Content-Length: two\r\n\r\n{}`), 400],
    ['a header of 20 kB', () => sendRaw(`GET /v1/session HTTP/1.1\r\n${head}X: ${'x'.repeat(20_000)}\r\n\r\n`), 431],
    ['a header with a line feed', () => sendRaw(`GET /v1/session HTTP/1.1\r\n${head}X: a\nb\r\n\r\n`), 400],
    ['CONNECT', () => sendRaw(`CONNECT evil.example:80 HTTP/1.1\r\n${head}\r\n`), hungUp],
    [
      'an upgrade to nothing',
      () => sendRaw(`GET /v1/session HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`),
      hungUp,
    ],
  ]);
});

it('whoever does not come to an end', async () => {
  await expectRefused([['half a head', () => sendRaw('GET /v1/session HTTP/1.1\r\nHost: x\r\n', 20_000), 408]]);
});

it('is more than a hundred of them, at every door of the table', () => {
  expect(counted).toBeGreaterThan(250);
  expect(peopleRoutes.length).toBeGreaterThan(20);
});
