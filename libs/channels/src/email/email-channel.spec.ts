import { describeChannel } from '../../test/conformance.js';
import { incident, message } from '../../test/messages.js';
import { type SmtpPeer, startSmtpPeer } from '../../test/smtp-peer.js';
import { emailChannel } from './email-channel.js';
import { smtpOutcome } from './smtp-outcome.js';

let peer: SmtpPeer;
const never = new AbortController().signal;
const to = { kind: 'email' as const, address: 'officer@unit.test' };
const open = (deadlineMs?: number, smtpUrl = peer.url) =>
  emailChannel({ smtpUrl, from: 'Tocsin <tocsin@unit.test>', ...(deadlineMs ? { deadlineMs } : {}) });

beforeEach(async () => {
  peer = await startSmtpPeer();
});
afterEach(() => peer.close());

describeChannel('email', () => ({
  open,
  openUnconfigured: () => emailChannel({ smtpUrl: null, from: 'tocsin@unit.test' }),
  to,
  toNobody: { open: (deadlineMs) => open(deadlineMs, 'smtp://127.0.0.1:9'), to },
  behave: (behaviour) =>
    peer.behave(
      {
        accept: 'accept' as const,
        refuse: { onRecipient: 550 },
        busy: { onRecipient: 451 },
        fault: { onText: 452 },
        hang: 'hang' as const,
        cut: 'cut' as const,
      }[behaviour],
    ),
  keys: () => peer.mails.map(({ headers }) => String(headers.get('x-tocsin-delivery'))),
  proofAtOnce: false,
}));

describe('email', () => {
  it('begins its subject with the severity, and is text alone', async () => {
    const channel = open();
    const page = message(to);
    await channel.send(page, never);
    const [mail] = peer.mails;
    expect(mail?.subject).toBe('CRITICAL · 07 Blue Area · Panic button at gate 3');
    expect(mail?.messageId).toBe(`<${page.deliveryId}@unit.test>`);
    expect(mail?.html).toBe(false);
    expect(mail?.text).toContain('26-00123');
    expect(mail?.text).toContain('https://tocsin.test/incidents/1');
    expect(mail?.text).not.toContain('c0de');
    await channel.close();
  });

  it('heads a drill with DRILL, a test with TEST, in the reader’s language', async () => {
    const channel = open();
    for (const [reality, language] of [
      ['exercise', 'en'],
      ['test', 'en'],
      ['exercise', 'ur'],
      ['exercise', 'zh'],
    ] as const) {
      await channel.send(message(to, { language, incidents: [incident({ reality })] }), never);
    }
    expect(peer.mails.map(({ subject }) => subject?.split(' · ')[0])).toEqual(['DRILL', 'TEST', 'مشق', '演练']);
    await channel.close();
  });

  it('cannot be made to write to others or to add headers by a title', async () => {
    const channel = open();
    await channel.send(
      message(to, { incidents: [incident({ title: 'x\r\nBcc: all@example.org\r\nX-Evil: 1\r\n\r\nboo' })] }),
      never,
    );
    const [headers] = (peer.raw[0] ?? '').split('\r\n\r\n');
    expect(headers).toContain('Subject:');
    expect(headers).not.toMatch(/^(Bcc|X-Evil):/im);
    expect(peer.mails[0]?.to).toMatchObject({ value: [{ address: 'officer@unit.test' }] });
    await channel.close();
  });

  it('refuses an address that is a list', async () => {
    const channel = open();
    const outcome = await channel.send(message({ kind: 'email', address: 'a@unit.test, b@unit.test' }), never);
    expect(outcome.kind).toBe('refused-for-good');
    expect(peer.mails).toHaveLength(0);
    await channel.close();
  });

  it('takes its sender from the URL', async () => {
    const channel = open(undefined, `${peer.url}?from=watch@other.test`);
    await channel.send(message(to), never);
    expect(peer.mails[0]?.from).toMatchObject({ value: [{ address: 'watch@other.test' }] });
    await channel.close();
  });

  it('keeps its connection', async () => {
    const channel = open();
    for (let i = 0; i < 5; i++) await channel.send(message(to), never);
    expect(peer.connections).toBe(1);
    await channel.close();
  });
});

describe('smtpOutcome', () => {
  it.each([
    [{ responseCode: 535, code: 'EAUTH' }, false, { kind: 'refused-for-good', code: 'smtp-535' }],
    [{ responseCode: 421 }, true, { kind: 'try-later', code: 'smtp-421' }],
    [{ code: 'ECONNECTION' }, false, { kind: 'try-later', code: 'ECONNECTION' }],
    [{ code: 'ECONNECTION' }, true, { kind: 'unknown', code: 'ECONNECTION' }],
    [{ code: 'EENVELOPE' }, false, { kind: 'refused-for-good', code: 'bad-address' }],
  ])('%j with the text sent: %s', (error, bodySent, outcome) => {
    expect(smtpOutcome(error, bodySent, false)).toEqual(outcome);
  });
});
