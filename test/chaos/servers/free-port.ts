import { createServer } from 'node:net';

const first = 15_000;
const last = 32_000;
const handedOut = new Set<number>();

/**
 * A loopback port that nothing listens on, below 32768, where the kernel takes ports for outgoing connections: a server
 * that died gets its own port back. No port is given twice.
 */
export async function freePort(): Promise<number> {
  const from = (process.pid * 7) % (last - first);
  for (let n = 0; n < last - first; n += 1) {
    const port = first + ((from + n) % (last - first));
    if (handedOut.has(port) || !(await isFree(port))) continue;
    handedOut.add(port);
    return port;
  }
  throw new Error(`no free port between ${first} and ${last}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
