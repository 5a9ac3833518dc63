import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from './free-port';
import { KeptServer } from './kept-server';
import { postgresProgram } from './postgres-programs';

export interface PostgresOptions {
  /** For logs and, unless `dataIn` is another, for data. */
  readonly folder: string;
  readonly dataIn: string;
  readonly restartAfterMs: number;
  /** For the clock: LD_PRELOAD and what it reads. */
  readonly env: Readonly<Record<string, string>>;
}

/** As a unit would run it: flushed to disk, a password on every connection. */
export interface PostgresServer {
  readonly port: number;
  /** Path of its Unix socket. */
  readonly socket: string;
  /** Beside the proxy, for dumps and faults: a superuser on the database `tocsin`. */
  readonly directUrl: string;
  readonly pid: number;
  readonly launches: number;
  /** SIGKILL of the postmaster; back by itself. These three resolve when it answers again. */
  kill(): Promise<void>;
  /** As `pg_ctl stop -m immediate`: no checkpoint, so that the next start recovers; back by itself. */
  stopImmediate(): Promise<void>;
  /** As `pg_ctl restart -m fast`: with a checkpoint. */
  restart(): Promise<void>;
  /** Stays down until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Runs one statement, beside the proxy. */
  query<T extends object>(sql: string): Promise<T[]>;
}

const settings = {
  listen_addresses: '127.0.0.1',
  // In its data folder.
  unix_socket_directories: '.',
  max_connections: 200,
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  fsync: 'on',
  synchronous_commit: 'on',
  jit: 'off',
  max_wal_size: '1GB',
};

export async function startPostgres({ folder, dataIn, restartAfterMs, env }: PostgresOptions): Promise<PostgresServer> {
  const pgdata = join(dataIn, 'pgdata');
  const password = randomBytes(18).toString('base64url');
  const port = await freePort();
  const urlOf = (database: string): string => `postgres://tocsin_owner:${password}@127.0.0.1:${port}/${database}`;
  initialise(pgdata, password);
  const switches = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [file, ...args] = postgresProgram('postgres', ['-D', pgdata, '-p', String(port), ...switches]);
  const kept = new KeptServer({
    name: 'PostgreSQL',
    restartAfterMs,
    launch: () => {
      const log = openSync(join(folder, 'postgres.log'), 'a', 0o600);
      const child = spawn(file, args, {
        // PG* variables of the user's own shell must not reach it.
        env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC', ...env },
        cwd: '/',
        detached: true,
        stdio: ['ignore', log, log],
      });
      closeSync(log);
      return child;
    },
    answers: async () => (await query(urlOf('postgres'), 'SELECT 1')).length === 1,
  });
  await kept.start();
  await query(urlOf('postgres'), 'CREATE DATABASE tocsin');
  return {
    port,
    socket: join(pgdata, `.s.PGSQL.${port}`),
    directUrl: urlOf('tocsin'),
    get pid() {
      return kept.pid;
    },
    get launches() {
      return kept.launches;
    },
    kill: () => kept.crash('SIGKILL'),
    stopImmediate: () => kept.crash('SIGQUIT'),
    restart: () => kept.crash('SIGINT'),
    stop: () => kept.stop('SIGINT', 10_000),
    start: () => kept.start(),
    query: (sql) => query(urlOf('tocsin'), sql),
  };
}

function initialise(pgdata: string, password: string): void {
  if (existsSync(pgdata)) throw new Error(`${pgdata} exists already`);
  mkdirSync(pgdata, { mode: 0o700 });
  const passwordFile = `${pgdata}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const login = ['-D', pgdata, '-U', 'tocsin_owner', `--pwfile=${passwordFile}`, '-A', 'scram-sha-256', '-E', 'UTF8'];
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--data-checksums'];
  const [file, ...args] = postgresProgram('initdb', [...login, ...locale]);
  const { status, stderr } = spawnSync(file, args, { encoding: 'utf8', cwd: '/' });
  rmSync(passwordFile);
  if (status !== 0) throw new Error(`initdb ended with ${status}: ${stderr}`);
}

async function query<T extends object>(url: string, sql: string): Promise<T[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000, query_timeout: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
