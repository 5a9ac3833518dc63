import { randomBytes } from 'node:crypto';
import { existsSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Recorded } from './adopt.js';
import { askPostgres } from './ask-postgres.js';
import { freePort } from './free-port.js';
import { initialisePostgres, postgresRunOptions } from './initialise-postgres.js';
import { KeptProcess } from './keep-alive.js';
import { type PostgresPlace, placePostgres } from './place-postgres.js';
import { readPrivate, writePrivate } from './private-file.js';
import { recordOf } from './process-table.js';
import { adopted, type Running, run } from './run-process.js';
import { say, StartFault } from './say.js';
import { settlePostgres } from './settle-postgres.js';
import { waitForAnswer } from './wait-for-answer.js';

export interface PostgresOptions {
  /** Absolute; exists. Data, notes and log lie below it. */
  readonly dataDir: string;
  readonly signal: AbortSignal;
  /** false: nothing is flushed to disk, for tests that throw the data away. */
  readonly durable?: boolean;
  readonly say?: (text: string) => void;
}

export interface PreparedPostgres {
  readonly kept: KeptProcess;
  readonly version: string;
  readonly adopted: boolean;
  readonly port: number;
  /** Password of the role that services log in with; the role itself is made after the migrations. */
  readonly appPassword: string;
  /** URL of a database for the superuser `tocsin_owner`. */
  ownerUrl(database: string): string;
}

/** TOCSIN_DATA/postgres.json: what the next start needs to know. Passwords are random and never leave this machine. */
interface Notes {
  ownerPassword: string;
  appPassword: string;
  port: number | null;
  running: Recorded | null;
}

/**
 * PostgreSQL of npm's binaries, on the data below TOCSIN_DATA: made when missing, adopted when a killed supervisor left
 * it running, started again on the same port whenever it dies.
 */
export async function preparePostgres(options: PostgresOptions): Promise<PreparedPostgres> {
  const { signal, durable = true, say: tell = say } = options;
  const dataDir = realpathSync(options.dataDir);
  const place = placePostgres(dataDir);
  const notesFile = join(dataDir, 'postgres.json');
  const notes = readPrivate<Notes>(notesFile) ?? newNotes(place, dataDir);
  const note = (change: Partial<Notes>): void => writePrivate(notesFile, Object.assign(notes, change));
  const logFile = join(dataDir, 'logs', 'postgres.log');
  const urlOf = (database: string): string =>
    `postgres://tocsin_owner:${notes.ownerPassword}@127.0.0.1:${notes.port}/${database}`;

  note({});
  const answers = async (): Promise<boolean> => (await askPostgres(urlOf('postgres'))).pgdata === place.pgdata;
  const left = await settlePostgres({ pgdata: place.pgdata, recorded: notes.running, answers, signal });
  if (!existsSync(join(place.pgdata, 'PG_VERSION')))
    await initialisePostgres({ place, ownerPassword: notes.ownerPassword, dataDir, signal });
  if (!left) note({ port: await freePort('127.0.0.1', notes.port) });
  const kept = new KeptProcess({
    name: 'PostgreSQL',
    say: tell,
    // Backends of a killed postmaster keep a new one out for some 100 ms: whoever waits for alerts waits for this.
    longestDelayMs: 250,
    began: ({ pid }) => note({ running: recordOf(pid) }),
    launch: () => launch(place, { port: notes.port ?? 0, durable, logFile }),
  });
  await kept.start(left ? adopted(left) : undefined);
  const version = await versionOnceItAnswers({ kept, url: urlOf('postgres'), logFile, signal });
  const { appPassword, port } = notes;
  return { kept, version, adopted: left !== null, port: port ?? 0, appPassword, ownerUrl: urlOf };
}

async function versionOnceItAnswers(options: {
  kept: KeptProcess;
  url: string;
  logFile: string;
  signal: AbortSignal;
}): Promise<string> {
  const { url, ...rest } = options;
  let version = '';
  const probe = async (): Promise<boolean> => {
    ({ version } = await askPostgres(url));
    return true;
  };
  try {
    // Recovery after a crash reads back what was not yet flushed: it may take a while, and is never cut short.
    // A few launches fail as long as backends of a killed postmaster have not noticed.
    await waitForAnswer({ ...rest, probe, timeoutMs: 600_000, maxDeaths: 40 });
    return version;
  } catch (error) {
    await stopPostgres(options.kept);
    throw error;
  }
}

/** Fast shutdown; when that takes too long, one that needs recovery at the next start. */
export function stopPostgres(kept: KeptProcess): Promise<void> {
  return kept.stop([
    ['SIGINT', 2_000],
    ['SIGQUIT', 500],
    ['SIGKILL', 300],
  ]);
}

function newNotes(place: PostgresPlace, dataDir: string): Notes {
  if (existsSync(join(place.pgdata, 'PG_VERSION'))) {
    if (place.pgdata.startsWith(dataDir)) {
      throw new StartFault(
        `${dataDir}/postgres.json, which holds the passwords of ${place.pgdata}, is missing: put it back, or move ${place.pgdata} away.`,
      );
    }
    // Data outside TOCSIN_DATA belongs to it all the same: who emptied TOCSIN_DATA wants to begin anew.
    rmSync(place.pgdata, { recursive: true });
  }
  const password = (): string => randomBytes(24).toString('base64url');
  return { ownerPassword: password(), appPassword: password(), port: null, running: null };
}

function launch(
  place: PostgresPlace,
  { port, durable, logFile }: { port: number; durable: boolean; logFile: string },
): Running {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '128MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    fsync: durable ? 'on' : 'off',
    synchronous_commit: 'on',
    // Every statement here is short: compiling it costs more than running it.
    jit: 'off',
    // Written twice an hour at most by time; a busy hour writes more, and recovery reads at most this.
    max_wal_size: '1GB',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return run(place.command('postgres', ['-D', place.pgdata, '-p', String(port), ...args]), postgresRunOptions(logFile));
}
