import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const handedOut = new Set<number>();

/**
 * A port that nothing listens on. Below 32768, where the kernel takes ports for outgoing connections: a server that
 * died gets its own port back. `preferred` (that of the last start) is taken when it is free. No port is given twice: what it is
 * for may not listen yet.
 */
export async function freePort(host: string, preferred?: number | null): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = attempt === 0 && preferred ? preferred : randomInt(15_000, 32_000);
    if (handedOut.has(port) || !(await isFree(host, port))) continue;
    handedOut.add(port);
    return port;
  }
  throw new Error(`No free port between 15000 and 32000 on ${host}`);
}

export function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
