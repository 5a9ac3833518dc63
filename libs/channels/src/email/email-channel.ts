import { createTransport } from 'nodemailer';
import { PassThrough } from 'node:stream';
import type { Channel, PageMessage, SendOutcome } from '../channel.js';
import { fill, texts } from '../compose/texts.js';
import { deadline } from '../deadline.js';
import { type SmtpError, smtpOutcome } from './smtp-outcome.js';

export interface EmailOptions {
  /** `smtp://user:password@host:587`, optionally `?from=tocsin@unit.example` and nodemailer's own options. null: not configured. */
  readonly smtpUrl: string | null;
  /** Sender where the URL names none. */
  readonly from: string;
  readonly connections?: number;
  readonly deadlineMs?: number;
}

/** Text only, one pool of SMTP connections. Accepted by the server is not proof of arrival. */
export function emailChannel(options: EmailOptions): Channel {
  const { deadlineMs = 15_000 } = options;
  const relay = options.smtpUrl === null ? null : openRelay(options, options.smtpUrl, deadlineMs);
  return {
    kind: 'email',
    provesArrival: false,
    deadlineMs,
    configured: () => relay !== null,
    async send(message, signal): Promise<SendOutcome> {
      if (message.to.kind !== 'email' || !relay) return { kind: 'refused-for-good', code: 'not-configured' };
      const within = deadline(signal, deadlineMs);
      const progress = { bodySent: false };
      const mail = { ...mailOf(message, message.to.address, relay.from), signal: within.signal, progress };
      try {
        const { response } = await relay.transport.sendMail(mail);
        return { kind: 'accepted', providerId: String(response).slice(0, 200) };
      } catch (error) {
        // Whatever nodemailer rejects with is an answer about this one mail; smtpOutcome reads what it means.
        return smtpOutcome(error as SmtpError, progress.bodySent, within.signal.aborted && !signal.aborted);
      } finally {
        within.release();
      }
    },
    close: async () => relay?.transport.close(),
  };
}

function openRelay(options: EmailOptions, smtpUrl: string, deadlineMs: number) {
  const url = new URL(smtpUrl);
  const from = url.searchParams.get('from') ?? options.from;
  url.searchParams.delete('from');
  const transport = createTransport({
    url: url.href,
    pool: true,
    maxConnections: options.connections ?? 5,
    maxMessages: 500,
    connectionTimeout: deadlineMs,
    greetingTimeout: deadlineMs,
    socketTimeout: deadlineMs,
    dnsTimeout: deadlineMs,
    // A page has no files and fetches nothing.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // Runs as the last bytes of the text go to the socket: from then on a cut leaves the outcome unknown.
  transport.use('stream', (mail, done) => {
    const { progress } = mail.data as unknown as { progress: { bodySent: boolean } };
    mail.message.transform(
      () =>
        new PassThrough({
          flush: (flushed) => {
            progress.bodySent = true;
            flushed();
          },
        }),
    );
    done();
  });
  return { transport, from };
}

/** The same Message-ID and X-Tocsin-Delivery on every repeat, so that a second copy is recognised as one. */
function mailOf(message: PageMessage, address: string, from: string) {
  const domain = from.match(/@([^\s>]+)/)?.[1] ?? 'tocsin.invalid';
  const lines = [...message.body, '', fill(texts[message.language].open, { url: message.url })];
  return {
    from,
    // An address object: nothing in it is parsed as a list of recipients.
    to: { name: '', address },
    subject: message.title,
    text: lines.join('\n'),
    messageId: `<${message.deliveryId}@${domain}>`,
    headers: {
      'X-Tocsin-Delivery': message.deliveryId,
      'Auto-Submitted': 'auto-generated', // RFC 3834: no vacation answers
      'Content-Language': message.language,
      ...(message.incidents[0]?.severity === 'critical' ? { 'X-Priority': '1', Importance: 'high' } : {}),
    },
  };
}
