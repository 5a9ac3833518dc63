import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { clockEnv } from '../faults/faketime';

export const services = ['intake', 'engine', 'notifier', 'gateway'] as const;
export type ServiceName = (typeof services)[number];

export interface SystemOptions {
  /** Folder of a build: a clone, or what makeBuild made. */
  readonly build: string;
  /** TOCSIN_DATA. */
  readonly dataDir: string;
  /** As the owner; the supervisor makes the role of the services itself. */
  readonly databaseUrl: string;
  /** null: none; the system is told of a port where nobody listens, or it would start one of its own. */
  readonly redisUrl: string | null;
  /** TOCSIN_CONFIG. */
  readonly configDir: string;
  readonly env?: Readonly<Record<string, string>>;
  /** As with the servers: what the clocks of its processes are off by. */
  readonly clockFile?: string;
}

export interface RunFile {
  readonly postgres: string;
  readonly postgresApp: string;
  readonly redis: string | null;
  readonly services: Readonly<Record<ServiceName, { readonly pid: number; readonly url: string }>>;
}

export interface FirstRun {
  readonly users: readonly { username: string; password: string; roles: readonly string[] }[];
  readonly sources: readonly { id: string; token: string; protocol: string }[];
}

/** The whole product as `npm start` starts it, on servers that are none of its own. */
export interface System {
  /** The build that runs, or ran last. */
  readonly build: string;
  readonly dataDir: string;
  readonly clockFile: string | null;
  /** Read by crash points (builds/crash-points.ts). */
  readonly crashFile: string;
  readonly urls: Readonly<Record<ServiceName, string>>;
  readonly firstRun: FirstRun;
  /** Of the supervisor. */
  readonly pid: number;
  pidOf(service: ServiceName): number;
  /** Resolves when gateway and intake say that they are ready. */
  ready(timeoutMs?: number): Promise<void>;
  /** Everything that it started has ended when this resolves, with the exit code. */
  stop(): Promise<number | null>;
  /** Starts again on the same data, from the same build or another. Resolves when ready. */
  startAgain(build?: string): Promise<void>;
}

/** A start waits for PostgreSQL, which may be recovering. */
const longestStartMs = 120_000;
const nobodyListens = 'redis://127.0.0.1:9';

export async function startSystem(options: SystemOptions): Promise<System> {
  const { dataDir } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const clock = clockEnv(options.clockFile ?? null);
  const crashFile = join(dataDir, 'crash-at');
  const env = { ...environment(options), ...clock, CRASH_FILE: crashFile };
  const read = <T>(name: string): T => JSON.parse(readFileSync(join(dataDir, name), 'utf8')) as T;
  let { build } = options;
  let child = launch(build, env, dataDir);

  const ready = async (timeoutMs = longestStartMs): Promise<void> => {
    const deadline = performance.now() + timeoutMs;
    const url = (name: ServiceName): string => `${read<RunFile>('run.json').services[name].url}/healthz/ready`;
    for (;;) {
      if (child.exitCode !== null)
        throw new Error(`the system ended with ${child.exitCode}; see ${dataDir}/output.log`);
      const hasUsers = existsSync(join(dataDir, 'first-run.json'));
      if (hasUsers && (await isOk(() => url('gateway'))) && (await isOk(() => url('intake')))) return;
      if (performance.now() > deadline) throw new Error(`the system was not ready in ${timeoutMs} ms`);
      await wait(100);
    }
  };
  const stop = (): Promise<number | null> => endOf(child);
  await ready().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    get build() {
      return build;
    },
    dataDir,
    clockFile: Object.keys(clock).length > 0 ? (options.clockFile ?? null) : null,
    crashFile,
    get urls() {
      const { services: running } = read<RunFile>('run.json');
      return Object.fromEntries(services.map((name) => [name, running[name].url])) as Record<ServiceName, string>;
    },
    get firstRun() {
      return read<FirstRun>('first-run.json');
    },
    get pid() {
      return child.pid ?? 0;
    },
    pidOf: (service) => read<RunFile>('run.json').services[service].pid,
    ready,
    stop,
    startAgain: async (other = build) => {
      await stop();
      build = other;
      child = launch(build, env, dataDir);
      await ready();
    },
  };
}

/** Settings of the user's own shell must not reach it. */
function environment({ dataDir, databaseUrl, redisUrl, configDir, env }: SystemOptions): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '/',
    TOCSIN_DATA: dataDir,
    TOCSIN_CONFIG: configDir,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl ?? nobodyListens,
    GATEWAY_PORT: '0',
    INTAKE_PORT: '0',
    DC09_PORT: '0',
    LOG_LEVEL: 'info',
    ...env,
  };
}

function launch(build: string, env: Record<string, string>, dataDir: string): ChildProcess {
  const log = openSync(join(dataDir, 'output.log'), 'a', 0o600);
  const start = join(build, 'apps/supervisor/bin/start.mjs');
  const child = spawn(process.execPath, [start], { cwd: build, env, stdio: ['ignore', log, log] });
  closeSync(log);
  return child;
}

async function endOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  return ended;
}

/** Nor is it while the file that holds the address is not there. */
async function isOk(url: () => string): Promise<boolean> {
  try {
    return (await fetch(url(), { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}
