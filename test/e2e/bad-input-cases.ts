/** Requests that intake must refuse: one place to add to. `status` and `code` are what OpenAPI documents. */
export interface BadCase {
  readonly name: string;
  readonly path?: string;
  readonly method?: string;
  readonly body?: string | Uint8Array | object;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Source whose token is sent; null sends none. */
  readonly as?: string | null;
  readonly status: number;
  readonly code: string;
  /** Path that the answer must name. */
  readonly at?: string;
}

const good = (key: string) => ({ key, site: 'gate-1', title: 'Door', severity: 'low' });
const json = JSON.stringify(good('bad'));
const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const nested = (depth: number): string => `{"key":"bad","x":${'['.repeat(depth)}${']'.repeat(depth)}}`;

const texts: BadCase[] = [
  ['an open object', '{"key":"bad"'], ['an open array', '[{"key":"bad"}'], ['an open text', '{"key":"bad'], ['a trailing comma', '{"key":"bad",}'],
  ['a comma before the end of an array', `[${json},]`], ['two values', `${json}${json}`], ['something after the end', `${json} x`], ['single quotes', "{'key':'bad'}"],
  ['a bare name', '{key:"bad"}'], ['a comment', `/* hello */${json}`], ['NaN', '{"key":NaN}'], ['Infinity', '{"key":Infinity}'], ['undefined', '{"key":undefined}'],
  ['a leading zero', '{"key":012}'], ['a plus sign', '{"key":+1}'], ['a number without end', '{"key":1.}'], ['an exponent without digits', '{"key":1e}'],
  ['hexadecimal', '{"key":0x1}'], ['a raw line break in a text', '{"key":"a\nb"}'], ['a raw tab in a text', '{"key":"a\tb"}'], ['a raw NUL in a text', '{"key":"a\u0000b"}'],
  ['a raw NUL around', `\u0000${json}`], ['a half escape', '{"key":"\\u12"}'], ['an unknown escape', '{"key":"\\x41"}'], ['a byte order mark', `\ufeff${json}`],
  ['XML', '<alert key="bad"/>'], ['a form', 'key=bad&site=gate-1'], ['YAML', 'key: bad'], ['white space alone', '   '], ['a lone bracket', ']'],
  ['True as in Python', '{"key":True}'], ['nothing but a comma', ','], ['an unquoted word', 'bad'], ['two lines of JSON', `${json}\n${json}`],
].map(([name, body]) => ({ name: `JSON: ${name}`, body: body as string, status: 400, code: 'invalid-json' }));

const encodings: BadCase[] = [
  { name: 'a byte that is no UTF-8', body: latin1('{"key":"b\xe4d"}'), status: 400, code: 'invalid-encoding' },
  { name: 'an overlong form', body: latin1('{"key":"\xc0\xaf"}'), status: 400, code: 'invalid-encoding' },
  { name: 'a surrogate in UTF-8', body: latin1('{"key":"\xed\xa0\x80"}'), status: 400, code: 'invalid-encoding' },
  { name: 'a text cut within a character', body: latin1('{"key":"\xe4\xbd"}'), status: 400, code: 'invalid-encoding' },
  { name: 'UTF-16', body: Uint8Array.from(Buffer.from(`\ufeff${json}`, 'utf16le')), status: 400, code: 'invalid-encoding' },
  { name: 'no body', body: '', status: 400, code: 'empty-body' },
  { name: 'an escaped U+0000 in a title', body: '{"key":"bad","site":"gate-1","title":"a\\u0000b"}', status: 422, code: 'forbidden-text', at: 'title' },
  { name: 'an escaped U+0000 in a label', body: '{"key":"bad","labels":{"x":"\\u0000"}}', status: 422, code: 'forbidden-text', at: 'labels.x' },
  { name: 'an escaped U+0000 in a label’s name', body: '{"key":"bad","labels":{"\\u0000":"x"}}', status: 422, code: 'forbidden-text' },
  { name: 'half a surrogate pair, the first', body: '{"key":"bad","title":"\\ud83d"}', status: 422, code: 'forbidden-text', at: 'title' },
  { name: 'half a surrogate pair, the second', body: '{"key":"\\ude00"}', status: 422, code: 'forbidden-text', at: 'key' },
  { name: 'surrogates in the wrong order', body: '[{"key":"\\ude00\\ud83d"}]', status: 422, code: 'forbidden-text', at: '[0].key' },
];

const shapes: BadCase[] = [
  { name: 'depth 17', body: nested(16), status: 422, code: 'too-deep' },
  { name: 'depth 100,000', body: nested(100_000), status: 422, code: 'too-deep' },
  { name: '__proto__', body: '{"key":"bad","__proto__":{"isAdmin":true}}', status: 422, code: 'forbidden-name', at: '__proto__' },
  { name: '__proto__, escaped', body: '{"key":"bad","__\\u0070roto__":{}}', status: 422, code: 'forbidden-name', at: '__proto__' },
  { name: '__proto__ within labels', body: '{"key":"bad","labels":{"__proto__":{"a":"b"}}}', status: 422, code: 'forbidden-name', at: 'labels.__proto__' },
  { name: 'constructor.prototype', body: '{"key":"bad","constructor":{"prototype":{"a":1}}}', status: 422, code: 'forbidden-name', at: 'constructor' },
  { name: 'the same field twice', body: '{"key":"bad","key":"worse"}', status: 422, code: 'duplicate-name', at: 'key' },
  { name: 'the same field twice, once escaped', body: '{"key":"bad","k\\u0065y":"worse"}', status: 422, code: 'duplicate-name', at: 'key' },
  { name: 'the same label twice', body: '[{"key":"bad","labels":{"a":"1","b":"2","a":"3"}}]', status: 422, code: 'duplicate-name', at: '[0].labels.a' },
  { name: 'an empty array', body: [], status: 422, code: 'no-alerts' },
  { name: '1,001 alerts', body: Array.from({ length: 1_001 }, () => good('bad')), status: 422, code: 'too-many-alerts' },
  ...[null, true, 7, 'bad', 1e999].map((value): BadCase => ({ name: `the value ${value}`, body: value === 1e999 ? '1e999' : JSON.stringify(value), status: 422, code: 'invalid' })),
  ...[null, [], 'x', 3].map((value): BadCase => ({ name: `${JSON.stringify(value)} among alerts`, body: [good('bad'), value], status: 422, code: 'invalid', at: '[1]' })),
];

const wrong = (field: string, value: unknown, at = field): BadCase => ({ name: `${field}: ${JSON.stringify(value)?.slice(0, 40)}`, body: { ...good('bad'), [field]: value }, status: 422, code: 'invalid', at });
const fields: BadCase[] = [
  ...[7, null, '', '   ', {}, [], 'k'.repeat(257), true].map((value) => wrong('key', value)),
  ...[7, '', ' ', {}, 's'.repeat(129), false].map((value) => wrong('site', value)),
  ...[9, {}, '', 'z'.repeat(129)].map((value) => wrong('zone', value)),
  ...[1, '', 'Fire', 'a b', '-x', 'c'.repeat(65), [], '../etc'].map((value) => wrong('category', value)),
  ...[1, 'urgent', 'CRITICAL', '', {}, ['high']].map((value) => wrong('severity', value)),
  ...[1, 'open', 'Firing', {}].map((value) => wrong('status', value)),
  ...[1, '', ' \n ', {}, 't'.repeat(513)].map((value) => wrong('title', value)),
  ...[1, {}, 'd'.repeat(8_193)].map((value) => wrong('description', value)),
  ...[1, 'yesterday', '2026-11-24', '2026-13-01T00:00:00Z', '2026-02-30T00:00:00Z', '2026-11-24T22:39:00', '9999-12-31T23:59:59Z', '1969-12-31T23:59:59Z', ''].map((value) => wrong('occurredAt', value)),
  ...['here', [], 5].map((value) => wrong('location', value)),
  wrong('location', { lat: 91, lon: 0 }, 'location.lat'), wrong('location', { lat: '33', lon: 0 }, 'location.lat'), wrong('location', { lat: 1 }, 'location.lon'),
  wrong('location', { lat: 1, lon: 181 }, 'location.lon'), wrong('location', { lat: 1, lon: 1, accuracyM: -1 }, 'location.accuracyM'), wrong('location', { lat: 1, lon: 1, alt: 3 }, 'location.alt'),
  ...['x', [], 3, { a: 1 }, { a: null }, { '': 'x' }, { ['n'.repeat(65)]: 'x' }, { a: 'v'.repeat(1_025) }, Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`l${i}`, 'x']))].map((value) => wrong('labels', value)),
  ...['http://x', {}, Array.from({ length: 33 }, () => ({ href: 'https://x.example' }))].map((value) => wrong('links', value)),
  wrong('links', [{ href: 'javascript:alert(1)' }], 'links[0].href'), wrong('links', [{ href: 'https://ok.example' }, { text: 'no href' }], 'links[1].href'), wrong('links', [{ href: 'https://x.example', onclick: 'x' }], 'links[0].onclick'), wrong('links', [null], 'links[0]'),
  ...[1, 'drill', 'Actual', {}].map((value) => wrong('reality', value)),
  ...['severty', 'agencyId', 'id', 'openedAt', 'seq', 'hash', 'acknowledgedBy', 'role', 'lane', 'incident_id', 'toString', 'hasOwnProperty', 'constructor', 'prototype', 'valueOf'].map((field) => wrong(field, 'x')),
  { name: 'no key', body: { site: 'gate-1', title: 'x' }, status: 422, code: 'invalid', at: 'key' },
  { name: 'no site', body: { key: 'bad', title: 'x' }, status: 422, code: 'invalid', at: 'site' },
  { name: 'no title', body: { key: 'bad', site: 'gate-1' }, status: 422, code: 'invalid', at: 'title' },
  { name: 'a number too large', body: '{"key":"bad","site":"gate-1","title":"x","location":{"lat":1e999,"lon":0}}', status: 422, code: 'invalid', at: 'location.lat' },
  { name: 'a resolve with a wrong type', body: { key: 'bad', status: 'resolved', title: 5 }, status: 422, code: 'invalid', at: 'title' },
  { name: 'one bad alert among good ones', body: [good('bad-1'), { ...good('bad-2'), severity: 'x' }, good('bad-3')], status: 422, code: 'invalid', at: '[1].severity' },
];

const type = (value: string | undefined): Readonly<Record<string, string | undefined>> => ({ 'content-type': value });
const http: BadCase[] = [
  ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml', 'application/cap+xml', 'application/jsonx', 'nonsense', 'application/json; charset=utf-16', 'application/json; charset=latin1'].map(
    (value): BadCase => ({ name: `content type ${value}`, body: json, headers: type(value), status: 415, code: 'unsupported-media-type' }),
  ),
  ...['gzip', 'br', 'deflate', 'x-unknown'].map((value): BadCase => ({ name: `content encoding ${value}`, body: json, headers: { 'content-encoding': value }, status: 415, code: 'unsupported-media-type' })),
  { name: 'a body above 1 MiB', body: `{"key":"${'x'.repeat(1_048_577)}"}`, status: 413, code: 'body-too-large' },
  ...['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'GET'].map((method): BadCase => ({ name: `method ${method}`, method, body: method === 'GET' ? undefined as never : json, status: 405, code: 'method-not-allowed' })),
  ...['/v1/alert', '/v1/alerts/', '/V1/ALERTS', '/v1/alerts/../../etc/passwd', '/', '/v2/alerts'].map((path): BadCase => ({ name: `address ${path}`, path, body: json, status: path === '/v1/alerts/' ? 405 : 404, code: path === '/v1/alerts/' ? 'method-not-allowed' : 'not-found' })),
  { name: 'an address that cannot be decoded', path: '/v1/alerts/%zz', method: 'GET', status: 400, code: 'bad-request' },
  ...['', ' '.repeat(3), 'a b', 'ü', 'k'.repeat(257)].filter((key) => key.trim() !== '').map((key): BadCase => ({ name: `Idempotency-Key ${key.slice(0, 10)}`, body: json, headers: { 'idempotency-key': key }, status: 422, code: 'bad-idempotency-key' })),
];

const rights: BadCase[] = [
  { name: 'no token', body: json, as: null, status: 401, code: 'no-token' },
  ...['Bearer', 'Bearer ', 'Token abc', 'bearer', 'Basic Zm9vOmJhcg==', 'Digest x'].map((value): BadCase => ({ name: `Authorization: ${value}`, body: json, as: null, headers: { authorization: value }, status: 401, code: 'no-token' })),
  ...['Bearer wrong', 'Bearer undefined', 'Bearer null', `Bearer ${'a'.repeat(43)}`, 'Bearer \' OR 1=1 --'].map((value): BadCase => ({ name: `Authorization: ${value.slice(0, 30)}`, body: json, as: null, headers: { authorization: value }, status: 401, code: 'wrong-token' })),
  { name: 'a token in the address', path: '/v1/alerts?token=TOKEN', body: json, as: null, status: 401, code: 'no-token' },
  { name: 'garbage without a token is not parsed', body: '{"key":', as: null, status: 401, code: 'no-token' },
  { name: 'a site of another group', body: { ...good('bad'), site: 'gate-2' }, as: 'north', status: 403, code: 'site-out-of-scope', at: 'site' },
  { name: 'a site that nobody knows', body: { ...good('bad'), site: 'moon' }, as: 'north', status: 403, code: 'site-out-of-scope', at: 'site' },
  { name: 'one foreign site among own ones', body: [good('bad'), { ...good('bad-2'), site: 'gate-2' }], as: 'gate', status: 403, code: 'site-out-of-scope', at: '[1].site' },
  { name: 'a resolve for a foreign site', body: { key: 'bad', status: 'resolved', site: 'gate-2' }, as: 'north', status: 403, code: 'site-out-of-scope', at: 'site' },
];

const am = (alert: object): object => ({ version: '4', alerts: [{ status: 'firing', labels: { alertname: 'bad', site: 'gate-1' }, ...alert }] });
const foreign: BadCase[] = [
  ...[{}, { version: 4, alerts: [] }, { version: '3', alerts: [] }, [], 'x', { alerts: [] }].map((body, index): BadCase => ({ name: `alertmanager: no version 4 (${index})`, path: '/v1/alertmanager', body: JSON.stringify(body), status: 422, code: 'invalid' })),
  ...[{ version: '4' }, { version: '4', alerts: {} }, { version: '4', alerts: [null] }, { version: '4', alerts: ['x'] }].map((body, index): BadCase => ({ name: `alertmanager: alerts missing or wrong (${index})`, path: '/v1/alertmanager', body, status: 422, code: 'invalid' })),
  { name: 'alertmanager: labels are no texts', path: '/v1/alertmanager', body: am({ labels: { a: 1 } }), status: 422, code: 'invalid', at: 'alerts[0].labels' },
  { name: 'alertmanager: no labels', path: '/v1/alertmanager', body: am({ labels: undefined }), status: 422, code: 'invalid', at: 'alerts[0].labels' },
  { name: 'alertmanager: an unknown status', path: '/v1/alertmanager', body: am({ status: 'pending' }), status: 422, code: 'invalid', at: 'alerts[0].status' },
  { name: 'alertmanager: a foreign site', path: '/v1/alertmanager', body: am({ labels: { alertname: 'bad', site: 'gate-2' } }), as: 'gate', status: 403, code: 'site-out-of-scope' },
  { name: 'alertmanager: a wrong basic password', path: '/v1/alertmanager', body: am({}), as: null, headers: { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` }, status: 401, code: 'wrong-token' },
  { name: 'alertmanager: basic without a password', path: '/v1/alertmanager', body: am({}), as: null, headers: { authorization: `Basic ${Buffer.from('a:').toString('base64')}` }, status: 401, code: 'no-token' },
  { name: 'alertmanager: GET', path: '/v1/alertmanager', method: 'GET', status: 405, code: 'method-not-allowed' },
  ...[{}, { labels: {} }, 'x'].map((body, index): BadCase => ({ name: `api/v2: no array (${index})`, path: '/api/v2/alerts', body: JSON.stringify(body), status: 422, code: 'invalid' })),
  { name: 'api/v2: an alert without labels', path: '/api/v2/alerts', body: [{ annotations: {} }], status: 422, code: 'invalid', at: '[0].labels' },
  { name: 'api/v2: annotations that are no texts', path: '/api/v2/alerts', body: [{ labels: { a: 'b' }, annotations: { s: {} } }], status: 422, code: 'invalid', at: '[0].annotations' },
  { name: 'api/v2: too many', path: '/api/v2/alerts', body: Array.from({ length: 1_001 }, () => ({ labels: { alertname: 'bad' } })), status: 422, code: 'too-many-alerts' },
];

export const badCases: readonly BadCase[] = [...texts, ...encodings, ...shapes, ...fields, ...http, ...rights, ...foreign];
