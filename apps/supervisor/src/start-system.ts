import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readRunFile, type RunFile, type SupervisorSettings } from '@tocsin/config';
import { askRedis } from './ask-redis.js';
import { type Database, findDatabase, keepSecret, setUpDatabase } from './prepare-database.js';
import { type PreparedRedis, prepareRedis } from './prepare-redis.js';
import { keepRunFile } from './run-file.js';
import { say, step } from './say.js';
import type { SetUpDone } from './set-up-database.js';
import {
  choosePorts,
  endLeftOverServices,
  isReady,
  makeService,
  type Ports,
  reachableHost,
  type Service,
  serviceEnvironment,
  serviceNames,
} from './services.js';
import { waitForAnswer } from './wait-for-answer.js';

/** What must be stopped, filled in as it is started, so that a stop in the middle of a start finds everything. */
export interface Started {
  database: Database | null;
  redis: PreparedRedis | null;
  services: Service[];
}

export interface StartedSystem {
  readonly consoleUrl: string;
  readonly intakeUrl: string;
  readonly isFirstRun: boolean;
}

/** From an empty or left-over TOCSIN_DATA to four services that are ready. Throws when `signal` aborts. */
export async function startSystem(
  settings: SupervisorSettings,
  started: Started,
  signal: AbortSignal,
): Promise<StartedSystem> {
  const ports = await clearLeftOvers(settings);
  const { database, redisUrl } = await findServers(settings, started, signal);
  signal.throwIfAborted();
  const secret = keepSecret(settings);
  const urls = urlsOf(settings, ports);
  const done = await step('Database', () => {
    const { ownerUrl, givenAppUrl, appPassword, kept } = database;
    const { dataDir, configDir } = settings;
    const addresses = { consoleUrl: settings.publicUrl ?? urls.gateway, intakeUrl: urls.intake };
    return setUpDatabase(
      { ownerUrl, givenAppUrl, appPassword, own: kept !== null, dataDir, configDir, secret, ...addresses },
      signal,
    );
  });
  sayWhatWasSetUp(done, settings);
  const env = serviceEnvironment(settings, { databaseUrl: done.appUrl, redisUrl, secret, ports });
  const where = { postgres: database.ownerUrl, postgresApp: done.appUrl, redis: redisUrl };
  const began = keepRunFile(settings.dataDir, where, urls);
  for (const name of serviceNames)
    started.services.push(makeService(name, { env, url: urls[name], dataDir: settings.dataDir, began }));
  signal.throwIfAborted();
  await step('Services', () => startServices(started.services, signal));
  return { consoleUrl: settings.publicUrl ?? urls.gateway, intakeUrl: urls.intake, isFirstRun: done.isFirstRun };
}

/** Ends what a killed start left of its services, and takes its ports again where they are free. */
async function clearLeftOvers(settings: SupervisorSettings): Promise<Ports> {
  const last = readRunFile(settings.dataDir);
  const pids = Object.values(last?.services ?? {}).map(({ pid }) => pid);
  const ended = await endLeftOverServices(settings.dataDir, pids);
  // Until the services run it would name those of the last start.
  rmSync(join(settings.dataDir, 'run.json'), { force: true });
  if (ended > 0) say(`  Services: ended ${ended} that an earlier start left`);
  return choosePorts(settings, portsOf(last));
}

/** Both at once. Each that began is in `started` before a failure of the other is thrown. */
async function findServers(
  settings: SupervisorSettings,
  started: Started,
  signal: AbortSignal,
): Promise<{ database: Database; redisUrl: string | null }> {
  const [database, redisUrl] = await Promise.allSettled([
    step('PostgreSQL', () => findDatabase(settings, signal)).then((found) => (started.database = found)),
    step('Redis', () => findRedisUrl(settings, started, signal)),
  ]);
  if (database.status === 'rejected') throw database.reason;
  if (redisUrl.status === 'rejected') throw redisUrl.reason;
  say(`  PostgreSQL: ${database.value.words}`);
  return { database: database.value, redisUrl: redisUrl.value };
}

const without = 'the system runs without it, on PostgreSQL alone: pages leave up to 1 s later and less load is carried';

async function findRedisUrl(
  settings: SupervisorSettings,
  started: Started,
  signal: AbortSignal,
): Promise<string | null> {
  const given = settings.redisUrl;
  if (given) {
    const version = await askRedis(given).then(
      (answer) => answer.version,
      (error: Error) => say(`  Redis: REDIS_URL cannot be reached (${error.message}); until it can, ${without}`),
    );
    if (version) say(`  Redis: ${version} of REDIS_URL`);
    return given;
  }
  started.redis = await prepareRedis({ dataDir: settings.dataDir, signal });
  if (!started.redis) {
    say(`  Redis: none found; ${without}. To get it: install redis-server or valkey-server, or set REDIS_URL`);
    return null;
  }
  const { version, url, adopted } = started.redis;
  say(`  Redis: ${version} on ${new URL(url).host}${adopted ? ', adopted: it was running' : ''}`);
  return url;
}

function sayWhatWasSetUp({ migrations, config, warnings }: SetUpDone, settings: SupervisorSettings): void {
  if (migrations.length > 0) say(`  Database: migrated (${migrations.join(', ')})`);
  if (config?.changed) say(`  Configuration: applied ${settings.configDir} as version ${config.version}`);
  for (const warning of warnings) say(`  NOTE: ${warning}`);
}

async function startServices(services: readonly Service[], signal: AbortSignal): Promise<void> {
  await Promise.all(services.map(({ kept }) => kept.start()));
  await Promise.all(
    services.map(({ kept, logFile, url }) =>
      waitForAnswer({ kept, probe: () => isReady({ url }), logFile, signal, timeoutMs: 90_000 }),
    ),
  );
}

function urlsOf(settings: SupervisorSettings, ports: Ports): Record<keyof Ports, string> {
  const host = reachableHost(settings.bindAddress);
  const url = (name: keyof Ports): string => `http://${host}:${ports[name]}`;
  return { intake: url('intake'), gateway: url('gateway'), engine: url('engine'), notifier: url('notifier') };
}

function portsOf(last: RunFile | null): Partial<Ports> {
  return Object.fromEntries(
    Object.entries(last?.services ?? {}).map(([name, { url }]) => [name, Number(new URL(url).port)]),
  );
}
