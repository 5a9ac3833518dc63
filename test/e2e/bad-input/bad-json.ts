import { type BadCase, good } from './bad-case';

const json = JSON.stringify(good('bad'));
const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const nested = (depth: number): string => `{"key":"bad","x":${'['.repeat(depth)}${']'.repeat(depth)}}`;

const texts: BadCase[] = [
  ['an open object', '{"key":"bad"'],
  ['an open array', '[{"key":"bad"}'],
  ['an open text', '{"key":"bad'],
  ['a trailing comma', '{"key":"bad",}'],
  ['a comma before the end of an array', `[${json},]`],
  ['two values', `${json}${json}`],
  ['something after the end', `${json} x`],
  ['single quotes', "{'key':'bad'}"],
  ['a bare name', '{key:"bad"}'],
  ['a comment', `/* hello */${json}`],
  ['NaN', '{"key":NaN}'],
  ['Infinity', '{"key":Infinity}'],
  ['undefined', '{"key":undefined}'],
  ['a leading zero', '{"key":012}'],
  ['a plus sign', '{"key":+1}'],
  ['a number without end', '{"key":1.}'],
  ['an exponent without digits', '{"key":1e}'],
  ['hexadecimal', '{"key":0x1}'],
  ['a raw line break in a text', '{"key":"a\nb"}'],
  ['a raw tab in a text', '{"key":"a\tb"}'],
  ['a raw NUL in a text', '{"key":"a\u0000b"}'],
  ['a raw NUL around', `\u0000${json}`],
  ['a half escape', '{"key":"\\u12"}'],
  ['an unknown escape', '{"key":"\\x41"}'],
  ['a byte order mark', `\ufeff${json}`],
  ['XML', '<alert key="bad"/>'],
  ['a form', 'key=bad&site=gate-1'],
  ['YAML', 'key: bad'],
  ['white space alone', '   '],
  ['a lone bracket', ']'],
  ['True as in Python', '{"key":True}'],
  ['nothing but a comma', ','],
  ['an unquoted word', 'bad'],
  ['two lines of JSON', `${json}\n${json}`],
].map(([name, body]) => ({ name: `JSON: ${name}`, body: body as string, status: 400, code: 'invalid-json' }));

const encodings: BadCase[] = [
  { name: 'a byte that is no UTF-8', body: latin1('{"key":"b\xe4d"}'), status: 400, code: 'invalid-encoding' },
  { name: 'an overlong form', body: latin1('{"key":"\xc0\xaf"}'), status: 400, code: 'invalid-encoding' },
  { name: 'a surrogate in UTF-8', body: latin1('{"key":"\xed\xa0\x80"}'), status: 400, code: 'invalid-encoding' },
  { name: 'a text cut within a character', body: latin1('{"key":"\xe4\xbd"}'), status: 400, code: 'invalid-encoding' },
  {
    name: 'UTF-16',
    body: Uint8Array.from(Buffer.from(`\ufeff${json}`, 'utf16le')),
    status: 400,
    code: 'invalid-encoding',
  },
  { name: 'no body', body: '', status: 400, code: 'empty-body' },
  {
    name: 'an escaped U+0000 in a title',
    body: '{"key":"bad","site":"gate-1","title":"a\\u0000b"}',
    status: 422,
    code: 'forbidden-text',
    at: 'title',
  },
  {
    name: 'an escaped U+0000 in a label',
    body: '{"key":"bad","labels":{"x":"\\u0000"}}',
    status: 422,
    code: 'forbidden-text',
    at: 'labels.x',
  },
  {
    name: 'an escaped U+0000 in a label’s name',
    body: '{"key":"bad","labels":{"\\u0000":"x"}}',
    status: 422,
    code: 'forbidden-text',
  },
  {
    name: 'half a surrogate pair, the first',
    body: '{"key":"bad","title":"\\ud83d"}',
    status: 422,
    code: 'forbidden-text',
    at: 'title',
  },
  {
    name: 'half a surrogate pair, the second',
    body: '{"key":"\\ude00"}',
    status: 422,
    code: 'forbidden-text',
    at: 'key',
  },
  {
    name: 'surrogates in the wrong order',
    body: '[{"key":"\\ude00\\ud83d"}]',
    status: 422,
    code: 'forbidden-text',
    at: '[0].key',
  },
];

const shapes: BadCase[] = [
  { name: 'depth 17', body: nested(16), status: 422, code: 'too-deep' },
  { name: 'depth 100,000', body: nested(100_000), status: 422, code: 'too-deep' },
  {
    name: '__proto__',
    body: '{"key":"bad","__proto__":{"isAdmin":true}}',
    status: 422,
    code: 'forbidden-name',
    at: '__proto__',
  },
  {
    name: '__proto__, escaped',
    body: '{"key":"bad","__\\u0070roto__":{}}',
    status: 422,
    code: 'forbidden-name',
    at: '__proto__',
  },
  {
    name: '__proto__ within labels',
    body: '{"key":"bad","labels":{"__proto__":{"a":"b"}}}',
    status: 422,
    code: 'forbidden-name',
    at: 'labels.__proto__',
  },
  {
    name: 'constructor.prototype',
    body: '{"key":"bad","constructor":{"prototype":{"a":1}}}',
    status: 422,
    code: 'forbidden-name',
    at: 'constructor',
  },
  { name: 'the same field twice', body: '{"key":"bad","key":"worse"}', status: 422, code: 'duplicate-name', at: 'key' },
  {
    name: 'the same field twice, once escaped',
    body: '{"key":"bad","k\\u0065y":"worse"}',
    status: 422,
    code: 'duplicate-name',
    at: 'key',
  },
  {
    name: 'the same label twice',
    body: '[{"key":"bad","labels":{"a":"1","b":"2","a":"3"}}]',
    status: 422,
    code: 'duplicate-name',
    at: '[0].labels.a',
  },
  { name: 'an empty array', body: [], status: 422, code: 'no-alerts' },
  {
    name: '1,001 alerts',
    body: Array.from({ length: 1_001 }, () => good('bad')),
    status: 422,
    code: 'too-many-alerts',
  },
  ...['null', 'true', '7', '"bad"', '1e999'].map(
    (body): BadCase => ({ name: `the value ${body}`, body, status: 422, code: 'invalid' }),
  ),
  ...[null, [], 'x', 3].map(
    (value): BadCase => ({
      name: `${JSON.stringify(value)} among alerts`,
      body: [good('bad'), value],
      status: 422,
      code: 'invalid',
      at: '[1]',
    }),
  ),
];

/** Bytes that are no JSON, no UTF-8, or JSON that must not be read. */
export const badJson: readonly BadCase[] = [...texts, ...encodings, ...shapes];
