import { type BadCase, good } from './bad-case';

const json = JSON.stringify(good('bad'));

const type = (value: string | undefined): Readonly<Record<string, string | undefined>> => ({ 'content-type': value });
const http: BadCase[] = [
  ...[
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/cap+xml',
    'application/jsonx',
    'nonsense',
    'application/json; charset=utf-16',
    'application/json; charset=latin1',
  ].map(
    (value): BadCase => ({
      name: `content type ${value}`,
      body: json,
      headers: type(value),
      status: 415,
      code: 'unsupported-media-type',
    }),
  ),
  ...['gzip', 'br', 'deflate', 'x-unknown'].map(
    (value): BadCase => ({
      name: `content encoding ${value}`,
      body: json,
      headers: { 'content-encoding': value },
      status: 415,
      code: 'unsupported-media-type',
    }),
  ),
  { name: 'a body above 1 MiB', body: `{"key":"${'x'.repeat(1_048_577)}"}`, status: 413, code: 'body-too-large' },
  ...['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'GET'].map(
    (method): BadCase => ({
      name: `method ${method}`,
      method,
      body: method === 'GET' ? (undefined as never) : json,
      status: 405,
      code: 'method-not-allowed',
    }),
  ),
  ...['/v1/alert', '/v1/alerts/', '/V1/ALERTS', '/v1/alerts/../../etc/passwd', '/', '/v2/alerts'].map(
    (path): BadCase => ({
      name: `address ${path}`,
      path,
      body: json,
      status: path === '/v1/alerts/' ? 405 : 404,
      code: path === '/v1/alerts/' ? 'method-not-allowed' : 'not-found',
    }),
  ),
  {
    name: 'an address that cannot be decoded',
    path: '/v1/alerts/%zz',
    method: 'GET',
    status: 400,
    code: 'bad-request',
  },
  ...['', ' '.repeat(3), 'a b', 'ü', 'k'.repeat(257)]
    .filter((key) => key.trim() !== '')
    .map(
      (key): BadCase => ({
        name: `Idempotency-Key ${key.slice(0, 10)}`,
        body: json,
        headers: { 'idempotency-key': key },
        status: 422,
        code: 'bad-idempotency-key',
      }),
    ),
];

const rights: BadCase[] = [
  { name: 'no token', body: json, as: null, status: 401, code: 'no-token' },
  ...['Bearer', 'Bearer ', 'Token abc', 'bearer', 'Basic Zm9vOmJhcg==', 'Digest x'].map(
    (value): BadCase => ({
      name: `Authorization: ${value}`,
      body: json,
      as: null,
      headers: { authorization: value },
      status: 401,
      code: 'no-token',
    }),
  ),
  ...['Bearer wrong', 'Bearer undefined', 'Bearer null', `Bearer ${'a'.repeat(43)}`, "Bearer ' OR 1=1 --"].map(
    (value): BadCase => ({
      name: `Authorization: ${value.slice(0, 30)}`,
      body: json,
      as: null,
      headers: { authorization: value },
      status: 401,
      code: 'wrong-token',
    }),
  ),
  {
    name: 'a token in the address',
    path: '/v1/alerts?token=TOKEN',
    body: json,
    as: null,
    status: 401,
    code: 'no-token',
  },
  { name: 'garbage without a token is not parsed', body: '{"key":', as: null, status: 401, code: 'no-token' },
  {
    name: 'a site of another group',
    body: { ...good('bad'), site: 'gate-2' },
    as: 'north',
    status: 403,
    code: 'site-out-of-scope',
    at: 'site',
  },
  {
    name: 'a site that nobody knows',
    body: { ...good('bad'), site: 'moon' },
    as: 'north',
    status: 403,
    code: 'site-out-of-scope',
    at: 'site',
  },
  {
    name: 'one foreign site among own ones',
    body: [good('bad'), { ...good('bad-2'), site: 'gate-2' }],
    as: 'gate',
    status: 403,
    code: 'site-out-of-scope',
    at: '[1].site',
  },
  {
    name: 'a resolve for a foreign site',
    body: { key: 'bad', status: 'resolved', site: 'gate-2' },
    as: 'north',
    status: 403,
    code: 'site-out-of-scope',
    at: 'site',
  },
];

const am = (alert: object): object => ({
  version: '4',
  alerts: [{ status: 'firing', labels: { alertname: 'bad', site: 'gate-1' }, ...alert }],
});
const foreign: BadCase[] = [
  ...[{}, { version: 4, alerts: [] }, { version: '3', alerts: [] }, [], 'x', { alerts: [] }].map(
    (body, index): BadCase => ({
      name: `alertmanager: no version 4 (${index})`,
      path: '/v1/alertmanager',
      body: JSON.stringify(body),
      status: 422,
      code: 'invalid',
    }),
  ),
  ...[
    { version: '4' },
    { version: '4', alerts: {} },
    { version: '4', alerts: [null] },
    { version: '4', alerts: ['x'] },
  ].map(
    (body, index): BadCase => ({
      name: `alertmanager: alerts missing or wrong (${index})`,
      path: '/v1/alertmanager',
      body,
      status: 422,
      code: 'invalid',
    }),
  ),
  {
    name: 'alertmanager: labels are no texts',
    path: '/v1/alertmanager',
    body: am({ labels: { a: 1 } }),
    status: 422,
    code: 'invalid',
    at: 'alerts[0].labels',
  },
  {
    name: 'alertmanager: no labels',
    path: '/v1/alertmanager',
    body: am({ labels: undefined }),
    status: 422,
    code: 'invalid',
    at: 'alerts[0].labels',
  },
  {
    name: 'alertmanager: an unknown status',
    path: '/v1/alertmanager',
    body: am({ status: 'pending' }),
    status: 422,
    code: 'invalid',
    at: 'alerts[0].status',
  },
  {
    name: 'alertmanager: a foreign site',
    path: '/v1/alertmanager',
    body: am({ labels: { alertname: 'bad', site: 'gate-2' } }),
    as: 'gate',
    status: 403,
    code: 'site-out-of-scope',
  },
  {
    name: 'alertmanager: a wrong basic password',
    path: '/v1/alertmanager',
    body: am({}),
    as: null,
    headers: { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` },
    status: 401,
    code: 'wrong-token',
  },
  {
    name: 'alertmanager: basic without a password',
    path: '/v1/alertmanager',
    body: am({}),
    as: null,
    headers: { authorization: `Basic ${Buffer.from('a:').toString('base64')}` },
    status: 401,
    code: 'no-token',
  },
  { name: 'alertmanager: GET', path: '/v1/alertmanager', method: 'GET', status: 405, code: 'method-not-allowed' },
  ...[{}, { labels: {} }, 'x'].map(
    (body, index): BadCase => ({
      name: `api/v2: no array (${index})`,
      path: '/api/v2/alerts',
      body: JSON.stringify(body),
      status: 422,
      code: 'invalid',
    }),
  ),
  {
    name: 'api/v2: an alert without labels',
    path: '/api/v2/alerts',
    body: [{ annotations: {} }],
    status: 422,
    code: 'invalid',
    at: '[0].labels',
  },
  {
    name: 'api/v2: annotations that are no texts',
    path: '/api/v2/alerts',
    body: [{ labels: { a: 'b' }, annotations: { s: {} } }],
    status: 422,
    code: 'invalid',
    at: '[0].annotations',
  },
  {
    name: 'api/v2: too many',
    path: '/api/v2/alerts',
    body: Array.from({ length: 1_001 }, () => ({ labels: { alertname: 'bad' } })),
    status: 422,
    code: 'too-many-alerts',
  },
];

/** HTTP, rights and the doors of Alertmanager. */
export const badDoors: readonly BadCase[] = [...http, ...rights, ...foreign];
