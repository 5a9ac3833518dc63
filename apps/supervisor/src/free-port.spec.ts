import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort } from './free-port.js';

async function listening(): Promise<{ port: number; close: () => Promise<unknown> }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return { port, close: () => once(server.close(), 'close') };
}

test('the preferred port is given while it is free, and never twice', async () => {
  const { port, close } = await listening();
  expect(await freePort('127.0.0.1', port)).not.toBe(port);
  await close();
  expect(await freePort('127.0.0.1', port)).toBe(port);
  expect(await freePort('127.0.0.1', port)).not.toBe(port);
});

test('others lie where the kernel takes none for outgoing connections', async () => {
  const port = await freePort('127.0.0.1');
  expect(port).toBeGreaterThanOrEqual(15_000);
  expect(port).toBeLessThan(32_768);
});
