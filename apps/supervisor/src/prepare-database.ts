import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { inheritedEnvironment, type SupervisorSettings } from '@tocsin/config';
import { askPostgres, withPostgres } from './ask-postgres.js';
import type { KeptProcess } from './keep-alive.js';
import { preparePostgres, stopPostgres } from './prepare-postgres.js';
import { readPrivate, writePrivate } from './private-file.js';
import { say, StartFault } from './say.js';
import type { SetUp, SetUpAnswer, SetUpDone } from './set-up-database.js';

export interface Database {
  /** null: DATABASE_URL, which is somebody else's to keep alive. */
  readonly kept: KeptProcess | null;
  readonly ownerUrl: string;
  readonly givenAppUrl: string | null;
  readonly appPassword: string;
  readonly words: string;
}

/** DATABASE_URL where it is set; else a PostgreSQL of our own. */
export async function findDatabase(settings: SupervisorSettings, signal: AbortSignal): Promise<Database> {
  if (settings.databaseUrl) return givenDatabase(settings, settings.databaseUrl);
  const { kept, ownerUrl, appPassword, version, port, adopted } = await preparePostgres({
    dataDir: settings.dataDir,
    signal,
  });
  try {
    await makeDatabase(ownerUrl('postgres'));
  } catch (error) {
    await stopPostgres(kept);
    throw error;
  }
  const words = `${version} on 127.0.0.1:${port}${adopted ? ', adopted: it was running' : ''}`;
  return { kept, ownerUrl: ownerUrl('tocsin'), givenAppUrl: null, appPassword, words };
}

function makeDatabase(url: string): Promise<void> {
  return withPostgres(url, async (client) => {
    const { rowCount } = await client.query(`SELECT 1 FROM pg_database WHERE datname = 'tocsin'`);
    if (!rowCount) await client.query('CREATE DATABASE tocsin');
  });
}

async function givenDatabase(settings: SupervisorSettings, databaseUrl: string): Promise<Database> {
  const ownerUrl = settings.databaseMigrationUrl ?? databaseUrl;
  const { version } = await askPostgres(ownerUrl).catch((error: Error) => {
    throw new StartFault(`The PostgreSQL of DATABASE_URL cannot be used: ${error.message}`);
  });
  if (Number.parseInt(version, 10) < 15)
    throw new StartFault(`PostgreSQL 15 or newer is needed, DATABASE_URL has ${version}.`);
  const notesFile = join(settings.dataDir, 'database-role.json');
  const notes = readPrivate<{ appPassword: string }>(notesFile) ?? {
    appPassword: randomBytes(24).toString('base64url'),
  };
  writePrivate(notesFile, notes);
  const givenAppUrl = settings.databaseMigrationUrl ? databaseUrl : null;
  return { kept: null, ownerUrl, givenAppUrl, ...notes, words: `${version} of DATABASE_URL` };
}

/** Migrates and applies in a process of its own; see set-up-database.ts. */
export function setUpDatabase(wanted: SetUp, signal: AbortSignal): Promise<SetUpDone> {
  return new Promise((resolve, reject) => {
    const child = fork(join(__dirname, 'set-up-database.js'), { env: inheritedEnvironment(), stdio: 'inherit' });
    const end = (): void => void child.kill('SIGTERM');
    signal.addEventListener('abort', end);
    let answer: SetUpAnswer = { ok: false, message: 'it ended without an answer' };
    child.once('message', (message: SetUpAnswer) => (answer = message));
    child.once('error', reject);
    child.once('exit', () => {
      signal.removeEventListener('abort', end);
      if (answer.ok) resolve(answer.done);
      else
        reject(signal.aborted ? signal.reason : new StartFault(`The database could not be set up: ${answer.message}`));
    });
    child.send(wanted);
  });
}

/** TOCSIN_SECRET, else the one in TOCSIN_DATA/secret, made on the first start. */
export function keepSecret(settings: SupervisorSettings): string {
  if (settings.secret) return settings.secret;
  const file = join(settings.dataDir, 'secret');
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
    say(`  Secret: made ${file}; without it what is stored encrypted cannot be read`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}
