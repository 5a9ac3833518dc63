import { createTransport } from 'nodemailer';
import { readMail } from './mail-text';
import type { SinkAnswer } from './script';
import { type MailArrival, openSmtpSink } from './smtp-sink';

const mails: MailArrival[] = [];
let answer: SinkAnswer = '200';
let sink: Awaited<ReturnType<typeof openSmtpSink>>;
const text = 'HIGH · 26-00012: 危急\n.a line that begins with a dot\n';
const send = async () => {
  const transport = createTransport({ url: sink.url, socketTimeout: 500 });
  const mail = {
    from: 'a@example.org',
    to: 'b@example.org',
    subject: 'x',
    text,
    headers: { 'X-Tocsin-Delivery': '7' },
  };
  try {
    return (await transport.sendMail(mail)).response.slice(0, 3);
  } catch (error) {
    return String(
      (error as { responseCode?: number; code?: string }).responseCode ?? (error as { code?: string }).code,
    );
  } finally {
    transport.close();
  }
};

beforeAll(async () => {
  sink = await openSmtpSink((mail) => {
    mails.push(mail);
    return answer;
  });
});
afterAll(() => new Promise((resolve) => sink.server.close(resolve)));

it.each([
  ['200', '250'],
  ['accept-then-nothing', '250'],
  ['429', '450'],
  ['500', '451'],
  ['410', '550'],
  ['200-then-cut', 'ECONNECTION'],
  ['timeout', 'ETIMEDOUT'],
] as const)('answers %s with %s', async (how, code) => {
  answer = how;
  expect(await send()).toBe(code);
});

it('keeps the text as it was written', () => {
  const { headers, text: kept } = readMail(mails[0]?.raw ?? '');
  expect([mails[0]?.to, headers.get('x-tocsin-delivery')]).toEqual(['b@example.org', '7']);
  expect(kept.replaceAll('\r\n', '\n').trimEnd()).toBe(text.trimEnd());
});
