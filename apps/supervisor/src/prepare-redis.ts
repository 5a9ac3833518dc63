import { randomBytes } from 'node:crypto';
import { mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decideAdoption, type Recorded } from './adopt.js';
import { askRedis } from './ask-redis.js';
import { findRedis } from './find-redis.js';
import { freePort } from './free-port.js';
import { KeptProcess } from './keep-alive.js';
import { readPrivate, writePrivate } from './private-file.js';
import { listProcesses, type ProcessIdentity, recordOf } from './process-table.js';
import { adopted, endAll, run } from './run-process.js';
import { say } from './say.js';
import { waitForAnswer } from './wait-for-answer.js';

export interface RedisOptions {
  readonly dataDir: string;
  readonly signal: AbortSignal;
  readonly say?: (text: string) => void;
}

export interface PreparedRedis {
  readonly kept: KeptProcess;
  readonly url: string;
  readonly version: string;
  readonly adopted: boolean;
}

/** TOCSIN_DATA/redis.json */
interface Notes {
  password: string;
  port: number | null;
  running: Recorded | null;
}

/**
 * redis-server or valkey-server of this machine with its files below TOCSIN_DATA; adopted and kept alive as PostgreSQL
 * is. @returns null where there is none and none can be had: everything works without, slower.
 */
export async function prepareRedis({
  dataDir: given,
  signal,
  say: tell = say,
}: RedisOptions): Promise<PreparedRedis | null> {
  const dataDir = realpathSync(given);
  const program = await findRedis(dataDir, signal);
  if (!program) return null;
  const dir = join(dataDir, 'redis');
  const configFile = join(dir, 'redis.conf');
  const notesFile = join(dataDir, 'redis.json');
  const logFile = join(dataDir, 'logs', 'redis.log');
  const notes: Notes = readPrivate<Notes>(notesFile) ?? {
    password: randomBytes(24).toString('base64url'),
    port: null,
    running: null,
  };
  const note = (change: Partial<Notes>): void => writePrivate(notesFile, Object.assign(notes, change));
  const urlOf = (): string => `redis://:${notes.password}@127.0.0.1:${notes.port}`;

  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const left = await settleLeftOver(configFile, notes.running, async () => (await askRedis(urlOf())).dir === dir);
  if (!left) {
    note({ port: await freePort('127.0.0.1', notes.port) });
    writeConfig(configFile, { dir, port: notes.port ?? 0, password: notes.password });
  }
  const kept: KeptProcess = new KeptProcess({
    name: 'Redis',
    say: tell,
    longestDelayMs: 1_000,
    began: ({ pid }) => note({ running: recordOf(pid) }),
    launch: () => {
      if (kept.quickDeaths >= 3) setFilesAside(dir);
      const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
      return run({ file: program, args: [configFile] }, { env, cwd: dir, logFile, ownSession: true });
    },
  });
  await kept.start(left ? adopted(left) : undefined);
  try {
    await waitForAnswer({
      kept,
      probe: async () => Boolean(await askRedis(urlOf())),
      logFile,
      signal,
      timeoutMs: 30_000,
    });
    return { kept, url: urlOf(), version: (await askRedis(urlOf())).version, adopted: left !== null };
  } catch (error) {
    await stopRedis(kept);
    if (signal.aborted) throw error;
    tell(`  ${(error as Error).message}`);
    return null;
  }
}

export function stopRedis(kept: KeptProcess): Promise<void> {
  return kept.stop([
    ['SIGTERM', 700],
    ['SIGKILL', 300],
  ]);
}

async function settleLeftOver(
  configFile: string,
  recorded: Recorded | null,
  answers: () => Promise<boolean>,
): Promise<ProcessIdentity | null> {
  const ours = listProcesses().filter(
    ({ command }) => /(redis|valkey)-server/.test(command) && command.includes(configFile),
  );
  for (const live of ours) {
    const answer = recorded?.pid === live.pid && (await answers().catch(() => false));
    if (decideAdoption({ recorded, live, ofOurData: true, answers: answer }).next === 'adopt') return live;
    await endAll([live], 'SIGTERM', 2_000);
  }
  return null;
}

/** The password stands in a file, not in the command line, which every user of the machine can read. */
function writeConfig(file: string, { dir, port, password }: { dir: string; port: number; password: string }): void {
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(dir)}`,
    'daemonize no',
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    // Evicted jobs would be lost work; PostgreSQL's sweepers would do it later, but nobody would know.
    'maxmemory-policy noeviction',
    // The command line keeps naming this file: by it the next start knows whose server it is.
    'set-proc-title no',
  ];
  rmSync(file, { force: true });
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
}

/** A server that keeps dying stumbles over its own files. They hold reminders only: PostgreSQL remembers. */
function setFilesAside(dir: string): void {
  const aside = join(dir, 'appendonlydir.broken');
  rmSync(aside, { recursive: true, force: true });
  try {
    renameSync(join(dir, 'appendonlydir'), aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
