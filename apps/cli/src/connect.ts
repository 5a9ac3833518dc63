import { type CliSettings, loadSettings, readRunFile } from '@tocsin/config';
import { openPool, type Pool } from '@tocsin/store';
import { userInfo } from 'node:os';
import { CommandFailed } from './terminal.js';

/** Settings of this call: the environment, and what a start left in TOCSIN_DATA. */
export const settings = (): CliSettings => loadSettings('cli');

/** The role that may change the configuration; the services' own where there is but one. */
export function databaseUrl(from: CliSettings): string {
  const url = from.databaseMigrationUrl ?? from.databaseUrl;
  if (url !== null) return url;
  throw new CommandFailed(
    `nothing was started with TOCSIN_DATA=${from.dataDir}, and DATABASE_URL is not set. Run \`npm start\` first, or name the folder or the database.`,
    2,
  );
}

/** Runs `work` with a pool that is closed afterwards. */
export async function withDatabase<T>(work: (pool: Pool, from: CliSettings) => Promise<T>): Promise<T> {
  const from = settings();
  const pool = openPool({
    url: databaseUrl(from),
    name: 'cli',
    max: 2,
    statementTimeoutMs: 120_000,
    connectTimeoutMs: 5_000,
  });
  try {
    return await work(pool, from);
  } finally {
    await pool.end();
  }
}

export const runFile = (from: CliSettings) => readRunFile(from.dataDir);

/** Who types: kept with versions and renewals. */
export function typist(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch (error) {
    // A container may run under a number that has no name.
    if ((error as NodeJS.ErrnoException).code === 'ERR_SYSTEM_ERROR') return 'cli';
    throw error;
  }
}
