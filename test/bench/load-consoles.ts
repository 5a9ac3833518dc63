import { createRequire } from 'node:module';
import { until } from '@tocsin/testing';

/** `ws` is what Socket.IO itself speaks through; it is no dependency of ours by name. */
interface WebSocket {
  on(event: 'message', listener: (data: Buffer) => void): void;
  on(event: 'error' | 'close', listener: (error: unknown) => void): void;
  send(text: string): void;
  terminate(): void;
}
type WebSocketClass = new (url: string, options: object) => WebSocket;
const loadFrom = createRequire(createRequire(require.resolve('socket.io')).resolve('engine.io'));
const WebSocketOf = loadFrom('ws') as WebSocketClass;

const eventsPrefix = '42/console,["events",';

/**
 * Many consoles in one process. They speak just enough of Engine.IO and Socket.IO to subscribe and to answer pings, and
 * count what they get without parsing it: 500 parsers would be measured instead of the server.
 */
export class Consoles {
  readonly sockets: WebSocket[] = [];
  subscribed = 0;
  bytes = 0;
  frames = 0;
  lost = 0;
  /** The frames of the first console, as text. */
  readonly kept: string[] = [];
  firstAt = 0;
  lastAt = 0;

  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  async open(count: number): Promise<void> {
    for (let from = 0; from < count; from += 50) {
      for (let index = from; index < Math.min(count, from + 50); index += 1) this.connect(index === 0);
      await until(() => this.subscribed >= Math.min(count, from + 50), {
        timeoutMs: 30_000,
        what: 'consoles subscribed',
      });
    }
  }

  reset(): void {
    this.bytes = this.frames = this.firstAt = this.lastAt = 0;
    this.kept.length = 0;
  }

  close(): void {
    for (const socket of this.sockets) socket.terminate();
  }

  private connect(keeps: boolean): void {
    const socket = new WebSocketOf(`${this.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
      perMessageDeflate: false,
    });
    this.sockets.push(socket);
    socket.on('error', () => (this.lost += 1));
    socket.on('close', () => (this.lost += 1));
    socket.on('message', (data) => this.take(socket, data, keeps));
  }

  private take(socket: WebSocket, data: Buffer, keeps: boolean): void {
    const kind = data.toString('latin1', 0, 21);
    if (kind === eventsPrefix) {
      const now = performance.now();
      this.firstAt ||= now;
      this.lastAt = now;
      this.bytes += data.length;
      this.frames += 1;
      if (keeps) this.kept.push(data.toString('utf8').slice(eventsPrefix.length, -1));
    } else if (kind.startsWith('0')) socket.send(`40/console,${JSON.stringify({ token: this.token })}`);
    else if (kind === '2') socket.send('3');
    else if (kind.startsWith('40')) socket.send('42/console,1["subscribe",{}]');
    else if (kind.startsWith('43')) this.subscribed += 1;
  }
}
