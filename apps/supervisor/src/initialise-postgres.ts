import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresPlace } from './place-postgres.js';
import { endedOrAborted, type RunOptions, run } from './run-process.js';
import { StartFault } from './say.js';

/** Makes the data folder beside its place and moves it there: a half-made one is never taken for a whole one. */
export async function initialisePostgres(options: {
  place: PostgresPlace;
  ownerPassword: string;
  dataDir: string;
  signal: AbortSignal;
}): Promise<void> {
  const { place, ownerPassword, dataDir, signal } = options;
  const draft = `${place.pgdata}.new`;
  const passwordFile = join(place.pgdata, '..', 'postgres.password');
  const logFile = join(dataDir, 'logs', 'initdb.log');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700, recursive: true });
  place.own(draft);
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, ownerPassword, { mode: 0o600 });
  place.own(passwordFile);
  try {
    // The builtin locale is the same on every machine and survives upgrades of libc, which would spoil text indexes.
    const args = ['-D', draft, '-U', 'tocsin_owner', `--pwfile=${passwordFile}`, '-A', 'scram-sha-256', '-E', 'UTF8'];
    const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--data-checksums'];
    const initdb = run(place.command('initdb', [...args, ...locale]), postgresRunOptions(logFile));
    const outcome = await endedOrAborted(initdb, signal);
    if (outcome !== 'ended with code 0') throw new StartFault(`initdb ${outcome}:\n${readFileSync(logFile, 'utf8')}`);
    renameSync(draft, place.pgdata);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** PG* variables of the user's own shell must not reach it; its session is its own, so that Ctrl-C does not either. */
export function postgresRunOptions(logFile: string): RunOptions {
  return { env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }, cwd: '/', logFile, ownSession: true };
}
