import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands before Redis and can hold its tongue: bytes are taken and passed on only when it speaks again. */
export interface StallingProxy {
  readonly url: string;
  stall(): void;
  goOn(): void;
  close(): Promise<void>;
}

export async function openStallingProxy(redisUrl: string): Promise<StallingProxy> {
  const target = new URL(redisUrl);
  const sockets = new Set<Socket>();
  let stalled = false;
  const server = createServer((client) => {
    const peer = connect(Number(target.port || 6379), target.hostname);
    for (const [from, to] of [
      [client, peer],
      [peer, client],
    ] as const) {
      sockets.add(from);
      if (stalled) from.pause();
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(redisUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    stall: () => {
      stalled = true;
      for (const socket of sockets) socket.pause();
    },
    goOn: () => {
      stalled = false;
      for (const socket of sockets) socket.resume();
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
