import fc from 'fast-check';
import { DeviceCookie } from '../session/device-cookie.js';
import { readCookie } from './cookies.js';
import { Origins } from './origins.js';
import { parseJson } from './parse-json.js';

describe('origins', () => {
  const origins = new Origins('https://tocsin.example', 4100);

  it('are PUBLIC_URL and this machine with our port, as whole origins', () => {
    const allowed = ['https://tocsin.example', 'http://127.0.0.1:4100', 'http://localhost:4100'];
    expect(allowed.every((origin) => origins.allows(origin))).toBe(true);
    const foreign = [
      'https://tocsin.example:8443',
      'http://tocsin.example',
      'https://tocsin.example.evil.example',
      'https://eviltocsin.example',
      'http://127.0.0.1:4101',
      'http://localhost',
      'null',
      '',
      'https://tocsin.example/',
      'HTTPS://TOCSIN.EXAMPLE',
    ];
    expect(foreign.filter((origin) => origins.allows(origin))).toEqual([]);
  });

  it('follow the port that was opened', () => {
    const free = new Origins(null, 0);
    free.listensOn(5123);
    expect([
      free.allows('http://localhost:5123'),
      free.allows('http://localhost:0'),
      free.own,
      free.sockets[0],
    ]).toEqual([true, false, 'http://127.0.0.1:5123', 'ws://127.0.0.1:5123']);
  });
});

describe('bodies', () => {
  const parse = (text: string): unknown => parseJson(Buffer.from(text));

  it('are what JSON.parse says, unless something could surprise', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        const value: unknown = JSON.parse(text);
        if (/"(__proto__|constructor|prototype)"|\\u0000|\\ud[89a-f]/i.test(text)) return;
        expect(parse(text)).toEqual(value);
      }),
    );
    expect(parse('')).toEqual({});
  });

  it('name a field once: found wherever it stands, and not in texts that look like it', () => {
    for (const text of ['{"a":1,"a":2}', '[{"b":{"c":1,"c":1}}]', '{"a":1,"\\u0061":2}'])
      expect(() => parse(text)).toThrow('duplicate-name');
    for (const text of ['{"a":":\\":","b":"{\\"a\\":1}"}', '{"a":{"a":{"a":1}}}', '[":",":"]'])
      expect(parse(text)).toEqual(JSON.parse(text));
  });
});

describe('cookies', () => {
  it('are read by their whole name', () => {
    const read = (cookie: string) => readCookie({ headers: { cookie } }, 'tocsin_session');
    expect(read('a=b; tocsin_session=x; tocsin_session=y')).toBe('x');
    for (const cookie of ['', 'xtocsin_session=x', 'tocsin_session', 'tocsin_sessio=n=x', 'a=tocsin_session=x'])
      expect(read(cookie)).toBeUndefined();
  });
});

describe('a device cookie', () => {
  const devices = new DeviceCookie('secret');
  it('is known again for its account alone, and cannot be made up', () => {
    const cookie = devices.make('Duty', null);
    expect(devices.read(cookie, 'duty')).toBe(cookie.split('.')[0]);
    expect(devices.make('duty', devices.read(cookie, 'duty'))).toBe(cookie);
    expect([
      devices.read(cookie, 'other'),
      new DeviceCookie('another').read(cookie, 'duty'),
      devices.read(`x${cookie}`, 'duty'),
      devices.read(undefined, 'duty'),
    ]).toEqual([null, null, null, null]);
  });
});
