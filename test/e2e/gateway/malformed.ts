import { v7 } from 'uuid';

/** Bodies, each wrong in one way, for bad-input-gateway.spec.ts. */

const deep = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const typed = (type: string): Record<string, string> => ({ 'content-type': type });

type Json = readonly [
  what: string,
  body: string | Uint8Array,
  status: number,
  code?: string,
  headers?: Record<string, string>,
];
export const malformedJson: readonly Json[] = [
  ['not JSON', '{text:1}', 400, 'invalid-json'],
  ['half of it', '{"text":"x"', 400, 'invalid-json'],
  ['two of it', '{"text":"x"}{"text":"y"}', 400, 'invalid-json'],
  ['single quotes', "{'text':'x'}", 400, 'invalid-json'],
  ['a trailing comma', '{"text":"x",}', 400, 'invalid-json'],
  ['NaN', '{"expectedVersion":NaN}', 400, 'invalid-json'],
  ['a comment', '{"text":"x"/*y*/}', 400, 'invalid-json'],
  ['bytes that are no UTF-8', bytes(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d), 400, 'invalid-encoding'],
  ['overlong UTF-8', bytes(0x22, 0xc0, 0xaf, 0x22), 400, 'invalid-encoding'],
  ['UTF-16', Buffer.from('{"text":"x"}', 'utf16le'), 400],
  ['a list', '[{"text":"x"}]', 422, 'invalid'],
  ['a string', '"text"', 422, 'invalid'],
  ['a number', '7', 422, 'invalid'],
  ['null', 'null', 422, 'invalid'],
  ['true', 'true', 422, 'invalid'],
  ['__proto__', '{"__proto__":{"isAdmin":true},"text":"x"}', 422, 'forbidden-name'],
  ['constructor', '{"constructor":{"prototype":{"x":1}},"text":"x"}', 422, 'forbidden-name'],
  ['U+0000', '{"text":"a\\u0000b"}', 422, 'forbidden-text'],
  ['a lone surrogate', '{"text":"a\\ud800b"}', 422, 'forbidden-text'],
  ['U+0000 in a name', '{"te\\u0000xt":"b"}', 422, 'forbidden-text'],
  ['too deep', deep(40), 422, 'too-deep'],
  ['49,000 deep', '['.repeat(49_000) + ']'.repeat(49_000), 422, 'too-deep'],
  ['the same field twice', '{"text":"x","text":"y"}', 422, 'duplicate-name'],
  ['too large', JSON.stringify({ text: 'x'.repeat(110_000) }), 413, 'body-too-large'],
  ['a form', 'text=x', 415, 'unsupported-media-type', form],
  ['XML', '<text>x</text>', 415, 'unsupported-media-type', typed('application/xml')],
  ['text, as a form of another site', '{"text":"x"}', 415, 'unsupported-media-type', typed('text/plain')],
  ['gzip', bytes(0x1f, 0x8b, 8, 0, 0), 415, 'unsupported-media-type', { 'content-encoding': 'gzip' }],
  ['UTF-16 by name', '{"text":"x"}', 415, 'unsupported-media-type', typed('application/json; charset=utf-16')],
];

/** Fields of ours that nobody may set. */
const ours = [
  'agencyId',
  'agency',
  'state',
  'seq',
  'hash',
  'acknowledgedBy',
  'actor',
  'role',
  'openedAt',
  'id',
  'act',
  'owner',
  'groupHolder',
];

export const malformedActs: readonly (readonly [what: string, act: string, body: object])[] = [
  ['note without text', 'note', {}],
  ['blank note', 'note', { text: ' \n\t' }],
  ['empty note', 'note', { text: '' }],
  ['note of a number', 'note', { text: 7 }],
  ['note of a list', 'note', { text: ['x'] }],
  ['note that is too long', 'note', { text: 'x'.repeat(8_001) }],
  ['null text', 'note', { text: null }],
  ['transfer to nobody', 'transfer', {}],
  ['transfer to a name', 'transfer', { to: 'guard' }],
  ['transfer by SQL', 'transfer', { to: "' OR 1=1 --" }],
  ['regrade to a number', 'regrade', { severity: 1 }],
  ['regrade to info', 'regrade', { severity: 'info' }],
  ['regrade to a word', 'regrade', { severity: 'catastrophic' }],
  ['regrade in capitals', 'regrade', { severity: 'HIGH' }],
  ['disposition of our own making', 'resolve', { disposition: 'maybe' }],
  ['teams that are no list', 'dispatch', { teams: 'guards' }],
  ['no team at all', 'dispatch', { teams: [] }],
  ['teams that are no ids', 'dispatch', { teams: ['../../etc/passwd'] }],
  ['people that are no ids', 'dispatch', { people: ['guard'] }],
  ['1,000 people', 'dispatch', { people: Array.from({ length: 1_000 }, () => v7()) }],
  ['people in people', 'dispatch', { people: [[v7()]] }],
  ['version 0', 'acknowledge', { expectedVersion: 0 }],
  ['version -1', 'acknowledge', { expectedVersion: -1 }],
  ['version 1.5', 'acknowledge', { expectedVersion: 1.5 }],
  ['version "1"', 'acknowledge', { expectedVersion: '1' }],
  ['version 2^53', 'acknowledge', { expectedVersion: 2 ** 53 }],
  ['on behalf of a name', 'accept', { onBehalfOf: 'guard' }],
  ['on behalf of a person object', 'accept', { onBehalfOf: { id: v7() } }],
  ['occurred in words', 'note', { text: 'x', occurredAt: 'at noon' }],
  ['occurred without a zone', 'note', { text: 'x', occurredAt: '2026-11-24T14:02:00' }],
  ['occurred on 31 February', 'note', { text: 'x', occurredAt: '2026-02-31T00:00:00Z' }],
  ['occurred in the year 30000', 'note', { text: 'x', occurredAt: '+030000-01-01T00:00:00Z' }],
  ['occurred as milliseconds', 'note', { text: 'x', occurredAt: 1_795_560_000_000 }],
  ['a field of another act', 'acknowledge', { severity: 'low' }],
  ...ours.map((field) => [`a field of ours: ${field}`, 'acknowledge', { [field]: 'x' }] as const),
];

/** Laid over a body that is right. */
export const malformedOpenings: readonly (readonly [what: string, body: object])[] = [
  ['no title', { title: undefined }],
  ['a title of blanks', { title: '   ' }],
  ['a title of 600 characters', { title: 'x'.repeat(600) }],
  ['a title in an object', { title: { en: 'x' } }],
  ['no site', { site: undefined }],
  ['a site of null', { site: null }],
  ['a site by path', { site: '../gate-1' }],
  ['a site by SQL', { site: "gate-1'; DROP TABLE incident; --" }],
  ['no severity', { severity: undefined }],
  ['severity info', { severity: 'info' }],
  ['reality of dreams', { reality: 'dream' }],
  ['a category that is no word', { category: '<script>' }],
  ['a state', { state: 'closed' }],
  ['a class', { class: 'system' }],
  ['an id', { id: v7() }],
];

export const malformedQuestions: readonly (readonly [what: string, body: object])[] = [
  ['explain nothing', {}],
  ['explain a word', { alert: 'fire' }],
  ['explain an unknown field', { alert: { site: 'gate-1', colour: 'red' } }],
  ['explain a severity', { alert: { site: 'gate-1', severity: 9 } }],
  ['explain by a configuration of our own', { alert: { site: 'gate-1' }, config: { routes: [] } }],
];

/** Of GET /v1/incidents. */
export const malformedQueries: readonly string[] = [
  'state=asleep',
  'state=',
  'state=open,asleep',
  'state=open&state=closed',
  'severity=9',
  'limit=0',
  'limit=-1',
  'limit=1e3',
  'limit=100000',
  'after=!',
  'after=AAAA',
  `after=${'A'.repeat(200)}`,
  "site='",
  'owner=me',
  'reality=dream',
  'class=upper',
  'order=asc',
  'number=%27',
  '__proto__=x',
  'site[$ne]=x',
];

export const malformedSignIns: readonly object[] = [
  {},
  { username: 'operator' },
  { password: 'x' },
  { username: ['operator'], password: 'x' },
  { username: 'operator', password: '' },
  { username: 'operator', password: 'x'.repeat(2_000) },
  { username: 'x'.repeat(200), password: 'x' },
  { username: 'operator', password: { $ne: '' } },
  { username: 'operator', password: 'x', role: 'admin' },
];

export const malformedPhones: readonly object[] = [
  {},
  { endpoint: 'ftp://x', keys: { p256dh: 'a', auth: 'a' } },
  { endpoint: 'https://push.example/x', keys: 'a' },
  { endpoint: 'https://push.example/x', keys: { p256dh: '!', auth: 'a' } },
  { endpoint: `https://push.example/${'x'.repeat(3_000)}`, keys: { p256dh: 'a', auth: 'a' } },
];

/** Pages that are not ours, some of which look like it. */
export const foreignOrigins = (port: string): readonly string[] => [
  'null',
  'http://evil.example',
  `http://127.0.0.1.evil.example:${port}`,
  `http://evil.example:${port}`,
  `http://127.0.0.1:${port}@evil.example`,
  `https://localhost:${port}`,
  `http://LOCALHOST.:${port}`,
  'file://',
  'chrome-extension://abc',
  `http://[::1]:${port}`,
  '*',
  '',
];
