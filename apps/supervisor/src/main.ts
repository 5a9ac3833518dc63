import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { inheritedEnvironment, loadSettings, SettingsFault, type SupervisorSettings } from '@tocsin/config';
import { capLogs } from './cap-logs.js';
import { takeLock } from './lock.js';
import { stopPostgres } from './prepare-postgres.js';
import { stopRedis } from './prepare-redis.js';
import { readPrivate } from './private-file.js';
import { say, StartFault } from './say.js';
import { type Started, type StartedSystem, startSystem } from './start-system.js';
import { watchParent, watchServices } from './watch.js';

/**
 * Starts everything, keeps it alive until `stop` aborts, then stops it within 8 s in the order services, PostgreSQL,
 * Redis. @returns the exit code.
 */
export async function supervise(stop: AbortController): Promise<number> {
  const begunAt = performance.now();
  const started: Started = { database: null, redis: null, services: [] };
  let release = (): void => undefined;
  watchParent(stop);
  try {
    const settings = settingsWithFolder();
    const answer = await takeLock(settings.dataDir, { signal: stop.signal });
    if (!answer.ok)
      throw new StartFault(`${settings.dataDir} is in use by a Tocsin that runs already (pid ${answer.holder.pid}).`);
    release = answer.lock.release;
    stop.signal.addEventListener('abort', answer.lock.stopping, { once: true });
    stop.signal.throwIfAborted();
    const system = await startSystem(settings, started, stop.signal);
    capLogs(join(settings.dataDir, 'logs'));
    watchServices(started.services, stop.signal);
    welcome(settings, system, (performance.now() - begunAt) / 1000);
    await aborted(stop.signal);
    return 0;
  } catch (error) {
    if (stop.signal.aborted) return 0;
    say(`tocsin: ${wordsOf(error)}`);
    return 1;
  } finally {
    stop.abort();
    await stopAll(started);
    release();
  }
}

/** A signal that came before anybody waited for it counts as well. */
async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

/** The folder exists from here on, and is named without symbolic links, as servers name it in their answers. */
function settingsWithFolder(): SupervisorSettings {
  const { dataDir } = loadSettings('supervisor');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return loadSettings('supervisor', { ...inheritedEnvironment(), TOCSIN_DATA: realpathSync(dataDir) });
}

/** At most 3.8 s for services, 2.8 s for PostgreSQL, 1 s for Redis. */
async function stopAll({ services, database, redis }: Started): Promise<void> {
  if (services.length > 0) say('Stopping.');
  await Promise.all(
    services.map(({ kept }) =>
      kept.stop([
        ['SIGTERM', 3_500],
        ['SIGKILL', 300],
      ]),
    ),
  );
  if (database?.kept) await stopPostgres(database.kept);
  if (redis) await stopRedis(redis.kept);
  if (services.length > 0) say('Stopped.');
}

interface FirstRun {
  readonly users: readonly { username: string; password: string; roles: readonly string[] }[];
}

function welcome(settings: SupervisorSettings, system: StartedSystem, seconds: number): void {
  const file = join(settings.dataDir, 'first-run.json');
  const users = readPrivate<FirstRun>(file)?.users ?? [];
  const user = users.find(({ roles }) => roles.includes('operator')) ?? users[0];
  say(`Tocsin is ready after ${seconds.toFixed(1)} s.`);
  say(`  Console    ${system.consoleUrl}`);
  say(`  Alerts in  ${system.intakeUrl}/v1/alerts`);
  if (user && system.isFirstRun)
    say(`  Sign in    ${user.username} / ${user.password}   (all first sign-ins: ${file})`);
  else if (user) say(`  Sign in    ${user.username}, and others, with their first passwords in ${file}`);
  say('  Stop       Ctrl-C');
}

function wordsOf(error: unknown): string {
  if (error instanceof StartFault || error instanceof SettingsFault) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
