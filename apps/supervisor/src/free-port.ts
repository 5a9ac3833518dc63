import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * A port that nothing listens on. Below 32768, where the kernel takes ports for outgoing connections: a server that
 * died gets its own port back. `preferred` (that of the last start) is taken when it is free.
 */
export async function freePort(host: string, preferred?: number | null): Promise<number> {
  if (preferred && (await isFree(host, preferred))) return preferred;
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = randomInt(15_000, 32_000);
    if (await isFree(host, port)) return port;
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
