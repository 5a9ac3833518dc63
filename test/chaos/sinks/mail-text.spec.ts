import { readMail } from './mail-text';

const bytes = (text: string): string => Buffer.from(text).toString('latin1');

it('reads a folded header and a text in quoted-printable, base64 or as it is', () => {
  const head = 'X-Tocsin-Delivery: 0190\r\nSubject: a\r\n b\r\n';
  const soft = readMail(`${head}Content-Transfer-Encoding: quoted-printable\r\n\r\nHIGH =C2=B7 26-00=\r\n012\r\n`);
  expect(soft.text).toBe('HIGH · 26-00012\r\n');
  expect([soft.headers.get('x-tocsin-delivery'), soft.headers.get('subject')]).toEqual(['0190', 'a b']);
  const base64 = Buffer.from('危急 26-00012').toString('base64');
  expect(readMail(`${head}Content-Transfer-Encoding: base64\r\n\r\n${base64}\r\n`).text).toBe('危急 26-00012');
  expect(readMail(`${head}\r\n${bytes('危急')}`).text).toBe('危急');
});
