import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { Server as SocketServer, type Socket } from 'socket.io';
import type { Explanation, Team, User } from '../../apps/console/src/wire.js';
import { people, sites, users } from './mock-city.js';
import { pressAct } from './mock-acts.js';
import { MockWorld } from './mock-world.js';

const TICK_MS = 20;
const DIST = join(__dirname, '../../apps/console/dist');
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};
/** The policy that the gateway sets: a console that needs more would fail here first. */
const policy =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self' ws: wss:; base-uri 'none'; frame-ancestors 'none'";

/** An in-memory gateway for the browser tests: the contract's doors, a scripted unit, and faults on demand. */
export class MockGateway {
  world: MockWorld;
  readonly pressed: {
    readonly id: string;
    readonly act: string;
    readonly body: Record<string, unknown>;
    readonly by: string;
  }[] = [];
  readonly receipts: unknown[] = [];
  beats = true;
  /** Paths that answer with this status instead. */
  readonly broken = new Map<RegExp, number>();
  actDelayMs = 0;
  private readonly server: Server;
  private readonly io: SocketServer;
  private readonly sessions = new Map<string, User>();
  private readonly tickets = new Map<string, User>();
  private timer: NodeJS.Timeout | undefined;
  private down = false;
  private n = 0;

  /** `startMs`: what the unit's clock shows when the gateway starts; it runs on from there. */
  constructor(startMs = Date.UTC(2026, 9, 16, 21, 14, 7)) {
    const began = performance.now();
    this.world = new MockWorld(() => startMs + performance.now() - began);
    this.server = createServer((request, response) => void this.answer(request, response));
    this.io = new SocketServer(this.server, { transports: ['websocket'] });
    this.io
      .of('/console')
      .use((socket, next) =>
        this.tickets.has(String(socket.handshake.auth['token'])) && !this.down
          ? next()
          : next(new Error('unauthorized')),
      );
    this.io.of('/console').on('connection', (socket) => this.join(socket));
    this.listen();
  }

  /** An empty unit, every fault mended. */
  reset(): void {
    this.world = new MockWorld(this.world.now);
    this.listen();
    this.beats = true;
    this.down = false;
    this.actDelayMs = 0;
    this.pressed.length = 0;
    this.receipts.length = 0;
    this.broken.clear();
  }

  private listen(): void {
    this.world.onCommit = (events, incidents) => {
      // As the product does: the stream tells of a commit after the act was answered.
      const frame = { cursor: this.world.cursor, events, incidents };
      setTimeout(() => this.down || this.io.of('/console').to('subscribed').emit('events', frame), TICK_MS);
    };
  }

  async start(port = 0): Promise<string> {
    await new Promise<void>((done) => this.server.listen(port, '127.0.0.1', done));
    this.timer = setInterval(() => this.beat(), 2_000);
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.io.close();
    this.server.closeAllConnections();
  }
  /** The link is gone: sockets fall, nothing is answered, the world goes on. */
  cut(): void {
    this.down = true;
    this.io.of('/console').disconnectSockets(true);
  }
  mend(): void {
    this.down = false;
  }
  revoke(): void {
    this.io.of('/console').emit('revoked', {});
  }
  snapshot(): object {
    return {
      cursor: this.world.cursor,
      snapshot: {
        incidents: [...this.world.incidents.values()].filter((i) => i.state !== 'closed'),
        teams: this.world.teams(),
      },
    };
  }
  beat(): void {
    if (this.beats && !this.down)
      this.io.of('/console').emit('heartbeat', { cursor: this.world.cursor, at: this.world.at() });
  }

  private join(socket: Socket): void {
    socket.on('subscribe', ({ after }: { after?: string } = {}, ack: (answer: unknown) => void) => {
      void socket.join('subscribed');
      const events = after ? this.world.since(after) : null;
      ack(events ? { cursor: this.world.cursor, events } : this.snapshot());
      if (this.beats) socket.emit('heartbeat', { cursor: this.world.cursor, at: this.world.at() });
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://x');
    if (this.down) return void request.socket.destroy();
    response.setHeader('date', new Date(this.world.now()).toUTCString());
    for (const [pattern, status] of this.broken)
      if (pattern.test(url.pathname))
        return send(response, status, { code: `http-${status}`, message: 'broken on purpose' });
    if (url.pathname === '/healthz/ready') return send(response, 200, { status: 'ok' });
    if (url.pathname.startsWith('/v1/')) return this.api(request, response, url);
    return this.file(response, url.pathname);
  }

  private async api(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const body = await readJson(request);
    const user = this.sessions.get(/tocsin_session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '');
    const route = `${request.method} ${url.pathname}`;
    if (route === 'POST /v1/session') return this.signIn(response, body);
    if (!user) return send(response, 401, { code: 'no-session', message: 'sign in first' });
    if (route === 'GET /v1/session') return send(response, 200, { user });
    if (route === 'DELETE /v1/session') {
      response.setHeader('set-cookie', 'tocsin_session=; Max-Age=0; Path=/');
      return send(response, 204, null);
    }
    if (route === 'POST /v1/session/socket-ticket') {
      const token = `t${(this.n += 1)}`;
      this.tickets.set(token, user);
      return send(response, 201, { token });
    }
    const lists: Readonly<Record<string, readonly unknown[]>> = {
      '/v1/people': people,
      '/v1/sites': sites,
      '/v1/teams': this.world.teams(),
    };
    const list = lists[url.pathname];
    if (list) return send(response, 200, { items: list, next: null });
    if (url.pathname === '/v1/push/key')
      return send(response, 200, {
        publicKey: 'BEl62iUYgUivxIkv69yViEuiBIa-Ib9-SkvMeAtA3LFgDzkrxZJjSgSnfckjBJuBkr3qBUYIHBQFLXYp5Nksh8U',
      });
    if (url.pathname === '/v1/explain') return send(response, 200, explanation(this.world.teams()));
    if (url.pathname.startsWith('/v1/push/')) {
      this.receipts.push({ path: url.pathname, body });
      return send(response, 201, {});
    }
    return this.incidents(response, { url, method: request.method ?? 'GET', body, user });
  }

  private async incidents(
    response: ServerResponse,
    { url, method, body, user }: { url: URL; method: string; body: Record<string, unknown>; user: User },
  ): Promise<void> {
    const [, , , id, rest] = url.pathname.split('/');
    if (!id && method === 'POST') {
      const row = this.world.raise({ ...body, class: 'manual' });
      return send(response, 201, row);
    }
    if (!id) {
      const state = url.searchParams.get('state');
      return send(response, 200, {
        items: [...this.world.incidents.values()].filter((i) => !state || i.state === state).slice(-50),
        next: null,
      });
    }
    const row = this.world.incidents.get(id);
    if (!row) return send(response, 404, { code: 'not-found', message: 'no such incident' });
    if (method === 'GET' && !rest) return send(response, 200, row);
    if (rest === 'deliveries') return send(response, 200, { items: this.world.deliveries.get(id) ?? [], next: null });
    if (rest === 'events') {
      const after = Number(url.searchParams.get('afterSeq') ?? 0);
      return send(response, 200, { items: (this.world.logs.get(id) ?? []).filter((e) => e.seq > after), next: null });
    }
    if (this.actDelayMs > 0) await new Promise((done) => setTimeout(done, this.actDelayMs));
    this.pressed.push({ id, act: rest ?? '', body, by: user.id });
    const [status, answer] = pressAct(this.world, { id, name: rest ?? '', body, by: user.id });
    return send(response, status, answer);
  }

  private signIn(response: ServerResponse, body: Record<string, unknown>): void {
    const user = users.find((u) => u.username === body['username']);
    if (!user || body['password'] !== 'tocsin')
      return send(response, 401, { code: 'wrong-credentials', message: 'wrong' });
    const token = `s${(this.n += 1)}`;
    this.sessions.set(token, user);
    response.setHeader('set-cookie', `tocsin_session=${token}; HttpOnly; SameSite=Strict; Path=/`);
    return send(response, 201, { token, user });
  }

  private async file(response: ServerResponse, path: string): Promise<void> {
    const name = path === '/' ? 'index.html' : normalize(path).replace(/^(\.\.[/\\])+/, '');
    const content = await readFile(join(DIST, name)).catch(() => null);
    if (!content) return send(response, 404, { code: 'not-found' });
    response.writeHead(200, {
      'content-type': types[extname(name)] ?? 'application/octet-stream',
      'content-security-policy': policy,
    });
    response.end(content);
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(status === 204 ? '' : JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return parts.length === 0 ? {} : (JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>);
}

/** A dry run: the first team at once, another person after 30 s. */
function explanation(teams: readonly Team[]): Explanation {
  const page = (id: string, name: string) => ({
    target: { kind: 'person', id, name },
    channels: [
      { channel: 'push', afterS: 10 },
      { channel: 'email', afterS: null },
    ],
  });
  const first = (teams[0]?.members ?? []).map((m) => page(m.id, typeof m.name === 'string' ? m.name : m.name.en));
  return {
    route: { route: 'S1-rescue', policy: 'rescue', team: 'qrf-1' },
    moments: [
      { afterS: 0, kind: 'step', step: 1, pages: first },
      { afterS: 30, kind: 'step', step: 2, pages: [page('mirza', 'R.Mirza')] },
    ],
  };
}
