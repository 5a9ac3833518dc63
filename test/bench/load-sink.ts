import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** performance.now() of the first arrival of each title, whatever brought it. */
export class Arrivals {
  readonly firstAt = new Map<string, number>();
  doubles = 0;
  lastAt = 0;
  /** Called at each first arrival, as for a load that waits for its own pages. */
  onFirst: ((title: string) => void) | undefined;

  take(title: string): void {
    this.lastAt = performance.now();
    if (this.firstAt.has(title)) this.doubles += 1;
    else {
      this.firstAt.set(title, this.lastAt);
      this.onFirst?.(title);
    }
  }

  clear(): void {
    this.firstAt.clear();
    this.doubles = 0;
  }
}

const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

/** Takes webhooks of Tocsin (the title is the key) and of Alertmanager (label `key`), and answers at once. */
export class Sink extends Arrivals {
  private constructor(private readonly server: Server) {
    super();
  }

  static async open(): Promise<Sink> {
    const server = createServer((socket) => sink.serve(socket.setNoDelay(true)));
    const sink = new Sink(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  get url(): string {
    return `http://${this.host}/page`;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
  }

  private serve(socket: Socket): void {
    let seen = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      seen += bytes.toString('latin1');
      for (;;) {
        const headEnds = seen.indexOf('\r\n\r\n');
        if (headEnds < 0) return;
        const ends = headEnds + 4 + Number(/content-length: *(\d+)/i.exec(seen)?.[1] ?? 0);
        if (seen.length < ends) return;
        for (const title of titlesIn(seen.slice(headEnds + 4, ends))) this.take(title);
        seen = seen.slice(ends);
        socket.write(answer);
      }
    });
  }
}

function titlesIn(body: string): string[] {
  const page = JSON.parse(body) as {
    data?: { incidents: { title: string }[] };
    alerts?: { labels: { key: string } }[];
  };
  return page.data
    ? page.data.incidents.map(({ title }) => title)
    : (page.alerts ?? []).map(({ labels }) => labels.key);
}

/** An SMTP server that keeps the subjects: the key stands in them. */
export class MailSink extends Arrivals {
  private constructor(private readonly server: SMTPServer) {
    super();
  }

  static async open(): Promise<MailSink> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData: (stream, _session, done) => {
        let text = '';
        stream.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')));
        stream.on('end', () => {
          const key = /\bk-[a-z0-9]+-\d+\b/.exec(text.replaceAll('=\r\n', ''))?.[0];
          if (key) sink.take(key);
          done();
        });
      },
    });
    const sink = new MailSink(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
