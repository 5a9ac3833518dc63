import { setTimeout as wait } from 'node:timers/promises';
import { between } from '../history/random';
import { until } from '../history/until';
import type { RedisServer } from '../servers/redis';
import { stopFor } from './processes';
import type { Family, Fault } from './world';

const target = 'redis';

/** Redis forgets, dies, refuses or stands still. */
export const redisFaults: Family = ({ servers }) => {
  if (!servers.redis)
    return [
      {
        kind: 'flushall',
        target,
        reason: 'no Redis here: neither redis-server nor valkey-server on PATH, or not asked for',
      },
    ];
  const { server } = servers.redis;
  return [flush, noSave, kill, outage, outOfMemory, readOnly, pause, stall].map((fault) => fault(server));
};

type RedisFault = (server: RedisServer) => Fault;

const flush: RedisFault = (server) => ({
  kind: 'flushall',
  target,
  inflict: async () => {
    await server.command('FLUSHALL');
    return 'FLUSHALL';
  },
});

const noSave: RedisFault = (server) => ({
  kind: 'redis-nosave',
  target,
  inflict: async () => {
    const { launches } = server;
    // It answers by ending.
    await server.command('SHUTDOWN', 'NOSAVE').catch(() => undefined);
    await until(() => server.launches > launches, { withinMs: 30_000, what: 'Redis is launched again' });
    await server.answering();
    return 'SHUTDOWN NOSAVE, started again';
  },
});

const kill: RedisFault = (server) => ({
  kind: 'kill',
  target,
  inflict: async () => {
    await server.kill();
    return 'SIGKILL';
  },
});

const outage: RedisFault = (server) => ({
  kind: 'redis-outage',
  target,
  inflict: async (_, random) => {
    const ms = between(random, 10_000, 30_000);
    await server.stop();
    await wait(ms);
    await server.start();
    return `away for ${Math.round(ms)} ms`;
  },
});

/** Every command that would need memory is refused. */
const outOfMemory: RedisFault = (server) => ({
  kind: 'redis-oom',
  target,
  inflict: (_, random) =>
    held(between(random, 5_000, 15_000), 'maxmemory 1', {
      begin: () => server.command('CONFIG', 'SET', 'maxmemory', 1),
      end: () => server.command('CONFIG', 'SET', 'maxmemory', 0),
    }),
});

/** As after a failover that nobody told the clients of. Port 1 has no master. */
const readOnly: RedisFault = (server) => ({
  kind: 'redis-readonly',
  target,
  inflict: (_, random) =>
    held(between(random, 5_000, 15_000), 'replica of nobody', {
      begin: () => server.command('REPLICAOF', '127.0.0.1', 1),
      end: () => server.command('REPLICAOF', 'NO', 'ONE'),
    }),
});

const pause: RedisFault = (server) => ({
  kind: 'redis-hang',
  target,
  inflict: async (_, random) => {
    const ms = Math.round(between(random, 5_000, 20_000));
    await server.command('CLIENT', 'PAUSE', ms, 'ALL');
    await wait(ms);
    return `CLIENT PAUSE ${ms}`;
  },
});

const stall: RedisFault = (server) => ({
  kind: 'stall',
  target,
  inflict: async (_, random) => {
    const ms = between(random, 1_000, 20_000);
    await stopFor(server.pid, ms);
    return `SIGSTOP for ${Math.round(ms)} ms`;
  },
});

async function held(
  ms: number,
  what: string,
  { begin, end }: { begin: () => Promise<unknown>; end: () => Promise<unknown> },
): Promise<string> {
  await begin();
  try {
    await wait(ms);
  } finally {
    await end();
  }
  return `${what} for ${Math.round(ms)} ms`;
}
