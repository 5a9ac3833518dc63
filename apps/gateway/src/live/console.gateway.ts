import { type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import {
  Ack,
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
  SubscribeMessage as On,
  WebSocketGateway,
} from '@nestjs/websockets';
import { consoleNamespace, type SubscribeAnswer, SubscribeMessage } from '@tocsin/contracts';
import { sessionOfHandshake } from '@tocsin/operations';
import type { SessionRow } from '@tocsin/store';
import type { Namespace, Socket } from 'socket.io';
import { errorsOf } from '../edge/validated.js';
import { Parts } from '../parts.js';
import { ConsoleHub } from './console-hub.js';
import { RightsWatch } from './rights-watch.js';
import { SlowSockets } from './slow-sockets.js';
import { type EngineSocket, Subscriber, terminate } from './subscriber.js';

const heartbeatMs = 2_000;
const goodbyeMs = 300;

type ConsoleSocket = Socket<
  Record<string, never>,
  Record<string, never>,
  Record<string, never>,
  { session?: SessionRow }
>;

@WebSocketGateway({ namespace: consoleNamespace })
export class ConsoleGateway
  implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect, OnApplicationBootstrap, BeforeApplicationShutdown
{
  readonly hub: ConsoleHub;
  private watch: RightsWatch | undefined;
  private slow: SlowSockets | undefined;
  private heartbeat: NodeJS.Timeout | undefined;
  private namespace: Namespace | undefined;

  constructor(private readonly parts: Parts) {
    this.hub = new ConsoleHub(parts);
  }

  afterInit(namespace: Namespace): void {
    this.namespace = namespace;
    this.hub.serve(namespace);
    namespace.use((socket, next) => {
      this.authenticate(socket as ConsoleSocket).then(
        (error) => (error === null ? next() : next(error)),
        () => next(new Error('unavailable')),
      );
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.hub.follower.start();
    this.watch = new RightsWatch(this.parts, this.hub);
    this.slow = new SlowSockets(this.parts, this.hub);
    this.heartbeat = setInterval(() => this.hub.heartbeat(), heartbeatMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.heartbeat);
    this.watch?.stop();
    this.slow?.stop();
    await this.hub.follower.stop();
    await this.hangUp();
  }

  /** Says goodbye, then ends what is still open: a console that does not read must not hold up the stop. */
  private async hangUp(): Promise<void> {
    if (this.namespace === undefined) return;
    const engine = this.namespace.server.engine as unknown as {
      clientsCount: number;
      clients: Record<string, EngineSocket>;
    };
    this.namespace.disconnectSockets(true);
    const deadline = performance.now() + goodbyeMs;
    while (engine.clientsCount > 0 && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 10));
    for (const client of Object.values(engine.clients)) terminate(client);
  }

  handleConnection(socket: ConsoleSocket): void {
    const { session } = socket.data;
    if (session === undefined) return void socket.disconnect(true);
    const { id, agency, grants } = session;
    this.hub.add(new Subscriber(socket as unknown as Socket, session.sessionId, { id, agency, grants }));
  }

  handleDisconnect(socket: Socket): void {
    this.hub.remove(socket);
  }

  /** Acknowledged by hand: what the log tells next must not overtake the answer. */
  @On('subscribe')
  async subscribe(
    @ConnectedSocket() socket: Socket,
    @MessageBody() body: unknown,
    @Ack() ack?: (answer: SubscribeAnswer) => void,
  ): Promise<void> {
    const subscriber = this.hub.subscribers.get(socket.id);
    const message = body ?? {};
    if (subscriber === undefined || typeof ack !== 'function') return;
    const [error] = errorsOf(SubscribeMessage, message);
    if (error !== undefined) return ack({ code: 'invalid', message: `${error.path} ${error.message}`.trim() });
    try {
      await this.hub.subscribe(subscriber, message as SubscribeMessage, ack);
    } catch (fault) {
      this.parts.log.warn('live.subscribe_failed', { error: fault });
      subscriber.fail('unavailable', 'This cannot be done now. Try again in a moment.');
    }
  }

  /** The session token or a one-use ticket, never the cookie: any page of the browser could bring that along. */
  private async authenticate(socket: ConsoleSocket): Promise<Error | null> {
    const token: unknown = (socket.handshake.auth as { token?: unknown }).token;
    const session = typeof token === 'string' ? await sessionOfHandshake(this.parts.pool, token) : null;
    if (session === null) return new Error('no-session');
    socket.data.session = session;
    return null;
  }
}
