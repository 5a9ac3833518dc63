import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions } from 'socket.io';
import type { Origins } from '../edge/origins.js';

/**
 * Socket.IO over websocket alone. The Origin is checked here: browsers send it with every websocket and obey no CORS for
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
    return super.createIOServer(port, {
      ...options,
      transports: ['websocket'],
      allowUpgrades: false,
      serveClient: false,
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
  }
}
