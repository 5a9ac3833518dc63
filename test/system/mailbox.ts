import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly arrivedAt: number;
}

/** A real SMTP server on a free port that keeps what it is given. */
export class Mailbox {
  readonly mails: Mail[] = [];
  private constructor(private readonly server: SMTPServer) {}

  static async open(): Promise<Mailbox> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData: (stream, session, done) => {
        const arrivedAt = performance.now();
        simpleParser(stream).then((mail) => {
          for (const { address } of session.envelope.rcptTo)
            box.mails.push({ to: address, subject: mail.subject ?? '', text: mail.text ?? '', arrivedAt });
          done();
        }, done);
      },
    });
    const box = new Mailbox(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return box;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  to(person: string, containing: string): Mail[] {
    return this.mails.filter(
      (mail) => mail.to === `${person}@example.org` && `${mail.subject}\n${mail.text}`.includes(containing),
    );
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
