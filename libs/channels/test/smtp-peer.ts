import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** How the mail server behaves from now on. `hang` and `cut` come after the whole text has arrived. */
export type SmtpBehaviour = 'accept' | 'hang' | 'cut' | { readonly onRecipient: number } | { readonly onText: number };

export interface SmtpPeer {
  readonly url: string;
  readonly mails: ParsedMail[];
  readonly raw: string[];
  connections: number;
  behave(behaviour: SmtpBehaviour): void;
  close(): Promise<void>;
}

export async function startSmtpPeer(): Promise<SmtpPeer> {
  const mails: ParsedMail[] = [];
  const raw: string[] = [];
  let behaviour: SmtpBehaviour = 'accept';
  const refusal = (responseCode: number) => Object.assign(new Error('as told'), { responseCode });
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    logger: false,
    onConnect: (_session, done) => {
      peer.connections++;
      done();
    },
    onRcptTo: (_address, _session, done) => {
      done(typeof behaviour === 'object' && 'onRecipient' in behaviour ? refusal(behaviour.onRecipient) : null);
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const text = Buffer.concat(chunks);
        raw.push(text.toString('utf8'));
        void simpleParser(text).then((mail) => {
          mails.push(mail);
          if (behaviour === 'hang') return;
          if (behaviour === 'cut') return cut(server, session.id);
          done(typeof behaviour === 'object' && 'onText' in behaviour ? refusal(behaviour.onText) : null);
        });
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const peer: SmtpPeer = {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails,
    raw,
    connections: 0,
    behave: (next) => {
      behaviour = next;
    },
    close: () =>
      new Promise((resolve) => {
        for (const connection of server.connections) connection._socket.destroy();
        server.close(() => resolve());
      }),
  };
  return peer;
}

function cut(server: SMTPServer, sessionId: string): void {
  for (const connection of server.connections) if (connection.id === sessionId) connection._socket.destroy();
}
