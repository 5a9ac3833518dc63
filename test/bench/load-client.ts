import { connect, type Socket } from 'node:net';
import { percentile } from './load-report';

/** Where a request goes. The body is made for each, as cheaply as the benchmark can. */
export interface Door {
  readonly url: string;
  readonly path: string;
  readonly token?: string;
}

/**
 * One keep-alive connection that has at most one request under way. Sockets and string search instead of an HTTP
 * client: 12 to 20 µs a request, so that the generator takes little of the two cores that it shares with what it measures.
 */
export class Wire {
  private readonly socket: Socket;
  private readonly head: string;
  private seen = '';
  private done: ((status: number, body: string) => void) | undefined;

  constructor({ url, path, token }: Door) {
    const { hostname, port, pathname } = new URL(url + path);
    this.head = `POST ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n${token ? `authorization: Bearer ${token}\r\n` : ''}content-type: application/json\r\ncontent-length: `;
    this.socket = connect(Number(port), hostname).setNoDelay(true);
    this.socket.on('data', (bytes) => this.take(bytes));
    // Status 0 stands for a connection that broke.
    for (const name of ['error', 'close'] as const) this.socket.on(name, () => this.answer(0, ''));
  }

  get busy(): boolean {
    return this.done !== undefined;
  }

  send(body: string, done: (status: number, body: string) => void): void {
    this.done = done;
    if (this.socket.destroyed) return void setImmediate(() => this.answer(0, ''));
    this.socket.write(`${this.head}${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  close(): void {
    this.socket.destroy();
  }

  private take(bytes: Buffer): void {
    this.seen += bytes.toString('latin1');
    const headEnds = this.seen.indexOf('\r\n\r\n');
    if (headEnds < 0) return;
    const length = /^content-length: *(\d+)/im.exec(this.seen)?.[1];
    const whole =
      length === undefined
        ? this.seen.endsWith('0\r\n\r\n') || this.seen.startsWith('HTTP/1.1 204')
        : this.seen.length >= headEnds + 4 + Number(length);
    if (!whole) return;
    const [status, body] = [Number(this.seen.slice(9, 12)), this.seen.slice(headEnds + 4)];
    this.seen = '';
    this.answer(status, body);
  }

  private answer(status: number, body: string): void {
    const { done } = this;
    this.done = undefined;
    done?.(status, body);
  }
}

export interface LoadResult {
  readonly accepted: number;
  readonly refused: number;
  readonly perS: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** performance.now() of the first request. */
  readonly beganAt: number;
}

export interface ClosedLoop {
  readonly door: Door;
  readonly connections: number;
  /** Alerts in one request. */
  readonly each?: number;
  readonly body: () => string;
  /** Ends after this time or this many requests, whichever comes first. */
  readonly ms?: number;
  readonly requests?: number;
}

/** Each connection sends its next request as soon as the last is answered. */
export async function closedLoop({
  door,
  connections,
  each = 1,
  body,
  ms = Number.POSITIVE_INFINITY,
  requests = Number.POSITIVE_INFINITY,
}: ClosedLoop): Promise<LoadResult> {
  const latencies: number[] = [];
  const beganAt = performance.now();
  const counts = { sent: 0, accepted: 0, refused: 0 };
  const one = (wire: Wire): Promise<void> =>
    new Promise((resolve) => {
      const next = (): void => {
        if (performance.now() - beganAt > ms || counts.sent >= requests) return resolve(wire.close());
        counts.sent += 1;
        const sentAt = performance.now();
        wire.send(body(), (status) => {
          latencies.push(performance.now() - sentAt);
          if (status >= 200 && status < 300) counts.accepted += each;
          else counts.refused += each;
          // A broken connection ends its loop: it would be refused for ever.
          if (status === 0) resolve(wire.close());
          else next();
        });
      };
      next();
    });
  await Promise.all(Array.from({ length: connections }, () => one(new Wire(door))));
  const perS = counts.accepted / ((performance.now() - beganAt) / 1_000);
  return {
    accepted: counts.accepted,
    refused: counts.refused,
    perS,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    beganAt,
  };
}

export interface OpenLoop {
  readonly door: Door;
  readonly perSecond: number;
  readonly seconds: number;
  /** The body of request `n`, and where its time of departure is kept. */
  readonly body: (n: number) => string;
  readonly sentAt: (n: number, at: number) => void;
}

/** A steady rate whatever the answers take: what waits for a connection has been sent as far as its latency is concerned. */
export async function openLoop({
  door,
  perSecond,
  seconds,
  body,
  sentAt,
}: OpenLoop): Promise<{ accepted: number; refused: number }> {
  const wires: Wire[] = [];
  const counts = { accepted: 0, refused: 0 };
  const total = Math.round(perSecond * seconds);
  const beganAt = performance.now();
  const pending: Promise<void>[] = [];
  const fire = (n: number): void => {
    let wire = wires.find(({ busy }) => !busy);
    if (!wire) wires.push((wire = new Wire(door)));
    const used = wire;
    sentAt(n, beganAt + (n * 1_000) / perSecond);
    pending.push(
      new Promise((resolve) => {
        used.send(body(n), (status) => {
          counts[status >= 200 && status < 300 ? 'accepted' : 'refused'] += 1;
          resolve();
        });
      }),
    );
  };
  await new Promise<void>((resolve) => {
    let sent = 0;
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor(((performance.now() - beganAt) / 1_000) * perSecond) + 1);
      for (; sent < due; sent += 1) fire(sent);
      if (sent < total) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
  await Promise.all(pending);
  for (const wire of wires) wire.close();
  return counts;
}
