import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { clockEnv } from '../faults/faketime';
import { type FaultProxy, openProxy } from '../faults/proxy';
import { type PostgresServer, startPostgres } from './postgres';
import { type RedisServer, startRedis } from './redis';
import { mountSmallDisk, type SmallDisk } from './small-disk';

export interface ServersOptions {
  /** Exists and is this run's alone: data and logs. */
  readonly folder: string;
  /** What PostgreSQL's clock is off by is read from here (faketime.ts); without libfaketime it keeps the machine's. */
  readonly clockFile?: string;
  /** PostgreSQL's data on a tmpfs of this size, which can be filled; where this user may not mount, on the folder. */
  readonly smallDiskMb?: number;
  /** What the init system waits before it starts again what has ended. Default 500. */
  readonly restartAfterMs?: number;
  /** false: as if the machine had no Redis. */
  readonly withRedis?: boolean;
}

export interface Proxied<S> {
  readonly server: S;
  readonly proxy: FaultProxy;
}

/** A PostgreSQL and a Redis, durable and with passwords, each behind a proxy; kept alive as by an init system. */
export interface Servers {
  readonly folder: string;
  readonly postgres: Proxied<PostgresServer>;
  readonly redis: Proxied<RedisServer> | null;
  readonly disk: SmallDisk | null;
  readonly clockFile: string | null;
  /** Through the proxies: for the system. */
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  /** Beside them: for dumps and faults. */
  readonly directDatabaseUrl: string;
  readonly directRedisUrl: string | null;
  stop(): Promise<void>;
}

export async function startServers(options: ServersOptions): Promise<Servers> {
  const { folder, clockFile = null, smallDiskMb, restartAfterMs = 500, withRedis = true } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const disk = smallDiskMb === undefined ? null : mountSmallDisk(join(folder, 'disk'), smallDiskMb);
  const env = clockEnv(clockFile);
  const undo: (() => unknown)[] = disk ? [disk.unmount] : [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const postgres = await startPostgres({ folder, dataIn: disk?.folder ?? folder, restartAfterMs, env });
    undo.push(postgres.stop);
    const beforePostgres = await openProxy(nearest(postgres));
    undo.push(beforePostgres.close);
    const redis = withRedis ? await startRedis({ folder, restartAfterMs }) : null;
    const beforeRedis = redis && (await openProxy(nearest(redis)));
    if (redis) undo.push(redis.stop);
    if (beforeRedis) undo.push(beforeRedis.close);
    return {
      folder,
      postgres: { server: postgres, proxy: beforePostgres },
      redis: redis && beforeRedis && { server: redis, proxy: beforeRedis },
      disk,
      clockFile: Object.keys(env).length > 0 ? clockFile : null,
      databaseUrl: at(postgres.directUrl, beforePostgres.port),
      redisUrl: redis && beforeRedis && at(redis.directUrl, beforeRedis.port),
      directDatabaseUrl: postgres.directUrl,
      directRedisUrl: redis?.directUrl ?? null,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function at(url: string, port: number): string {
  const moved = new URL(url);
  moved.port = String(port);
  return moved.href;
}

/** The Unix socket, unless its path is longer than a socket's may be. */
function nearest({ socket, port }: { readonly socket: string; readonly port: number }): string | number {
  return Buffer.byteLength(socket) < 100 ? socket : port;
}
