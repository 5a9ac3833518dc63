import { loadSettings } from '@tocsin/config';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { choosePorts, reachableHost, serviceEnvironment } from './services.js';

const ports = { intake: 1, gateway: 2, engine: 3, notifier: 4 };

describe('services', () => {
  test.each([
    ['0.0.0.0', '127.0.0.1'],
    ['::', '[::1]'],
    ['::1', '[::1]'],
    ['192.0.2.7', '192.0.2.7'],
  ])('what listens on %s is reached by %s', (bind, host) => {
    expect(reachableHost(bind)).toBe(host);
  });

  test('are told what was found, and never the role that owns the tables', () => {
    const settings = loadSettings('supervisor', { DATABASE_MIGRATION_URL: 'postgres://owner:x@h/d' });
    const found = { databaseUrl: 'postgres://app:y@h/d', redisUrl: null, secret: 's'.repeat(16), ports };
    const env = serviceEnvironment(settings, found);
    expect(env).toMatchObject({
      DATABASE_URL: found.databaseUrl,
      REDIS_URL: '',
      GATEWAY_PORT: '2',
      TOCSIN_SECRET: found.secret,
    });
    expect(JSON.stringify(env)).not.toContain('owner:x');
    expect(loadSettings('engine', env)).toMatchObject({ port: 3, redisUrl: null, databaseMigrationUrl: null });
  });

  test('a port that another program holds is named with the setting that moves it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    try {
      const settings = loadSettings('supervisor', { GATEWAY_PORT: String(port), INTAKE_PORT: '0' });
      await expect(choosePorts(settings, {})).rejects.toThrow(/GATEWAY_PORT/);
    } finally {
      server.close();
    }
  });

  test('free ports differ from one another', async () => {
    const settings = loadSettings('supervisor', { GATEWAY_PORT: '0', INTAKE_PORT: '0' });
    expect(new Set(Object.values(await choosePorts(settings, {}))).size).toBe(4);
  });
});
