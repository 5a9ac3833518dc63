import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { cloneDir } from '@tocsin/config';
import { decideAdoption, type Recorded } from './adopt.js';
import { askPostgres } from './ask-postgres.js';
import { freePort } from './free-port.js';
import { KeptProcess } from './keep-alive.js';
import { type PostgresPlace, placePostgres } from './place-postgres.js';
import { readPrivate, writePrivate } from './private-file.js';
import { identify, listProcesses, type ProcessIdentity } from './process-table.js';
import { adopted, endAll, endedOrAborted, type Running, run } from './run-process.js';
import { say, StartFault } from './say.js';
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
  const ask = (): ReturnType<typeof askPostgres> => askPostgres(urlOf('postgres'));

  note({});
  const answers = async (): Promise<boolean> => (await ask()).pgdata === place.pgdata;
  const left = await settleLeftOver({ pgdata: place.pgdata, recorded: notes.running, answers, signal });
  if (!existsSync(join(place.pgdata, 'PG_VERSION'))) await initialise({ place, notes, dataDir, signal });
  if (!left) note({ port: await freePort('127.0.0.1', notes.port) });
  const kept = new KeptProcess({
    name: 'PostgreSQL',
    say: tell,
    longestDelayMs: 1_000,
    began: ({ pid }) => note({ running: recordOf(pid) }),
    launch: () => launch(place, { port: notes.port ?? 0, durable, logFile }),
  });
  await kept.start(left ? adopted(left) : undefined);
  try {
    // Recovery after a crash reads back what was not yet flushed: it may take a while, and is never cut short.
    // A few launches fail as long as backends of a killed postmaster have not noticed.
    const patience = { timeoutMs: 600_000, maxDeaths: 15 };
    await waitForAnswer({ kept, probe: async () => Boolean(await ask()), logFile, signal, ...patience });
    const { version } = await ask();
    return { kept, version, adopted: left !== null, port: notes.port ?? 0, appPassword: notes.appPassword, ownerUrl: urlOf };
  } catch (error) {
    await stopPostgres(kept);
    throw error;
  }
}

/** Fast shutdown; when that takes too long, one that needs recovery at the next start. */
export function stopPostgres(kept: KeptProcess): Promise<void> {
  return kept.stop([['SIGINT', 2_000], ['SIGQUIT', 500], ['SIGKILL', 300]]);
}

function newNotes(place: PostgresPlace, dataDir: string): Notes {
  if (existsSync(join(place.pgdata, 'PG_VERSION'))) {
    if (place.pgdata.startsWith(dataDir)) {
      throw new StartFault(`${dataDir}/postgres.json, which holds the passwords of ${place.pgdata}, is missing: put it back, or move ${place.pgdata} away.`);
    }
    // Data outside TOCSIN_DATA belongs to it all the same: who emptied TOCSIN_DATA wants to begin anew.
    rmSync(place.pgdata, { recursive: true });
  }
  const password = (): string => randomBytes(24).toString('base64url');
  return { ownerPassword: password(), appPassword: password(), port: null, running: null };
}

interface LeftOver {
  readonly pgdata: string;
  readonly recorded: Recorded | null;
  readonly answers: () => Promise<boolean>;
  readonly signal: AbortSignal;
}

/** @returns a running PostgreSQL to adopt; whatever else runs on these data has been ended. */
async function settleLeftOver({ pgdata, recorded, answers, signal }: LeftOver): Promise<ProcessIdentity | null> {
  const runsOn = (process: ProcessIdentity): boolean => `${process.command} `.includes(`postgres -D ${pgdata} `);
  const all = listProcesses();
  await endAll(all.filter(({ command }) => command.includes(`initdb -D ${pgdata}.new `)), 'SIGTERM', 2_000);
  for (const live of all.filter(runsOn)) {
    const answer = recorded?.pid === live.pid && (await answersInTime(live, answers, signal));
    const { next } = decideAdoption({ recorded, live, ofOurData: true, answers: answer });
    if (next === 'adopt') return live;
    await endAll([live], 'SIGINT', 3_000);
  }
  removeForeignPidFile(pgdata, runsOn);
  return null;
}

/** One that recovers from a crash refuses logins for a while; 10 s are given, then it is stopped and started. */
async function answersInTime({ pid }: ProcessIdentity, answers: LeftOver['answers'], signal: AbortSignal): Promise<boolean> {
  const deadline = Date.now() + 10_000;
  while (identify(pid) && Date.now() < deadline && !signal.aborted) {
    if (await answers().catch(() => false)) return true;
    await wait(50);
  }
  return false;
}

/**
 * PostgreSQL takes the pid in postmaster.pid for a living server whatever process has it now, as after a restart of the
 * machine. Only then is the file removed: of a dead pid it guards against backends that outlived their postmaster.
 */
function removeForeignPidFile(pgdata: string, runsOn: (process: ProcessIdentity) => boolean): void {
  const file = join(pgdata, 'postmaster.pid');
  if (!existsSync(file)) return;
  const live = identify(Number.parseInt(readFileSync(file, 'utf8'), 10));
  const { reason } = decideAdoption({ recorded: null, live, ofOurData: live !== null && runsOn(live), answers: false });
  if (reason === 'pid-of-another') rmSync(file, { force: true });
}

async function initialise(options: { place: PostgresPlace; notes: Notes; dataDir: string; signal: AbortSignal }): Promise<void> {
  const { place, notes, dataDir, signal } = options;
  const draft = `${place.pgdata}.new`;
  const passwordFile = join(place.pgdata, '..', 'postgres.password');
  const logFile = join(dataDir, 'logs', 'initdb.log');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700, recursive: true });
  place.own(draft);
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, notes.ownerPassword, { mode: 0o600 });
  place.own(passwordFile);
  try {
    // The builtin locale is the same on every machine and survives upgrades of libc, which would spoil text indexes.
    const args = ['-D', draft, '-U', 'tocsin_owner', `--pwfile=${passwordFile}`, '-A', 'scram-sha-256', '-E', 'UTF8'];
    const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--data-checksums'];
    const initdb = run(place.command('initdb', [...args, ...locale]), { ...runOptions(logFile) });
    const outcome = await endedOrAborted(initdb, signal);
    if (outcome !== 'ended with code 0') throw new StartFault(`initdb ${outcome}:\n${readFileSync(logFile, 'utf8')}`);
    renameSync(draft, place.pgdata);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function launch(place: PostgresPlace, { port, durable, logFile }: { port: number; durable: boolean; logFile: string }): Running {
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
  return run(place.command('postgres', ['-D', place.pgdata, '-p', String(port), ...args]), runOptions(logFile));
}

/** PG* variables of the user's own shell must not reach it; its session is its own, so that Ctrl-C does not either. */
function runOptions(logFile: string): Parameters<typeof run>[1] {
  return { env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }, cwd: '/', logFile, ownSession: true };
}

function recordOf(pid: number): Recorded | null {
  const found = identify(pid);
  return found && { pid: found.pid, startTime: found.startTime };
}
