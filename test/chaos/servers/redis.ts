import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port';
import { KeptServer } from './kept-server';

const socketFile = 'redis.sock';

/** With an append-only file and a password, as the supervisor's own. Back by itself after `kill` and SHUTDOWN. */
export interface RedisServer {
  readonly port: number;
  /** Path of its Unix socket. */
  readonly socket: string;
  readonly directUrl: string;
  readonly pid: number;
  readonly launches: number;
  /** Resolves when it answers again. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  answering(): Promise<void>;
  /** One command, beside the proxy. */
  command(name: string, ...args: (string | number)[]): Promise<unknown>;
}

/** @returns null where PATH holds neither redis-server nor valkey-server. */
export async function startRedis(options: { folder: string; restartAfterMs: number }): Promise<RedisServer | null> {
  const program = ['redis-server', 'valkey-server'].find((name) => spawnSync(name, ['--version']).status === 0);
  if (program === undefined) return null;
  const dir = join(options.folder, 'redis');
  const port = await freePort();
  const password = randomBytes(18).toString('base64url');
  const url = `redis://:${password}@127.0.0.1:${port}`;
  mkdirSync(dir, { mode: 0o700 });
  writeFileSync(join(dir, 'redis.conf'), configOf(dir, port, password), { mode: 0o600 });
  const kept = new KeptServer({
    name: 'Redis',
    restartAfterMs: options.restartAfterMs,
    launch: () => {
      const log = openSync(join(options.folder, 'redis.log'), 'a', 0o600);
      const child = spawn(program, [join(dir, 'redis.conf')], {
        cwd: dir,
        detached: true,
        stdio: ['ignore', log, log],
      });
      closeSync(log);
      return child;
    },
    answers: async () => (await command(url, 'PING')) === 'PONG',
  });
  await kept.start();
  return {
    port,
    socket: join(dir, socketFile),
    directUrl: url,
    get pid() {
      return kept.pid;
    },
    get launches() {
      return kept.launches;
    },
    kill: () => kept.crash('SIGKILL'),
    restart: () => kept.crash('SIGTERM'),
    stop: () => kept.stop('SIGTERM', 3_000),
    start: () => kept.start(),
    answering: () => kept.answering(),
    command: (name, ...args) => command(url, name, ...args),
  };
}

function configOf(dir: string, port: number, password: string): string {
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `unixsocket ${socketFile}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(dir)}`,
    'daemonize no',
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
  ];
  return `${lines.join('\n')}\n`;
}

async function command(url: string, name: string, ...args: (string | number)[]): Promise<unknown> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await client.call(name, ...args);
  } finally {
    client.disconnect();
  }
}
