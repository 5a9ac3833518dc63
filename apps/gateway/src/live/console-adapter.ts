import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions, Socket } from 'socket.io';
import type { Origins } from '../edge/origins.js';
import * as parser from './encode-once.js';

type RawSocket = Socket['conn'];

/** A console sends `subscribe` once per connection and a pong every 10 s; whoever sends more has nothing to say to us. */
const packetsPer10s = 40;

/**
 * Socket.IO over websocket alone, and in the namespace of consoles alone: in the default one anybody could stay. The Origin is checked here: browsers send it with every websocket and obey no CORS for
 * them. Whoever is no browser sends none.
 */
export class ConsoleAdapter extends IoAdapter {
  constructor(
    app: INestApplicationContext,
    private readonly origins: () => Origins,
  ) {
    super(app);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const server: Server = super.createIOServer(port, {
      ...options,
      transports: ['websocket'],
      allowUpgrades: false,
      serveClient: false,
      parser,
      maxHttpBufferSize: 100_000,
      perMessageDeflate: false,
      httpCompression: false,
      connectTimeout: 5_000,
      pingInterval: 10_000,
      // A ping waits behind what a slow console has not read yet; with it such a one is cut at 30 s.
      pingTimeout: 20_000,
      allowRequest: (request, answer) => {
        const { origin } = request.headers;
        answer(null, origin === undefined || this.origins().allows(origin));
      },
    } as ServerOptions);
    server.use((_socket, next) => next(new Error('no-session')));
    server.engine.on('connection', limitPackets);
    return server;
  }
}

/** Below namespaces and sessions: acknowledgements, unknown namespaces and halves of messages count too. */
function limitPackets(connection: RawSocket): void {
  let count = 0;
  let since = performance.now();
  connection.on('packet', () => {
    const now = performance.now();
    if (now - since > 10_000) [count, since] = [0, now];
    count += 1;
    if (count > packetsPer10s) connection.close(true);
  });
}
