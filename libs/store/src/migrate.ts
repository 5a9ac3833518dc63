import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { classify, Fault } from '@tocsin/domain';
import { grantRoles, type Grants } from './grant-roles.js';
import { openPool, type Pool, type Queryable, type Tx } from './pool.js';
import { transaction } from './transaction.js';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
  /** Processes of an older schema cannot work with it: its first line is `-- breaking`. */
  readonly breaking: boolean;
}

export interface Migrated extends Grants {
  readonly version: number;
  readonly applied: readonly string[];
}

export interface SchemaVersion {
  /** 0: nothing has been migrated yet. */
  readonly version: number;
  /** The newest breaking migration among those applied. */
  readonly breaking: number;
}

/** `tocsin` in ASCII: whoever migrates holds this lock, so that two supervisors at once apply everything once. */
const MIGRATION_LOCK = '127970256545134';

const migrationsDir = resolve(__dirname, '..', 'migrations');

/** The numbered SQL files, in order. Throws when a number is missing or stands twice. */
export function readMigrations(dir: string = migrationsDir): readonly Migration[] {
  const names = readdirSync(dir).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name));
  return names.sort().map((name, index) => {
    if (Number(name.slice(0, 4)) !== index + 1) throw new Error(`migrations must be numbered without gaps: ${name}`);
    const sql = readFileSync(join(dir, name), 'utf8');
    const sha256 = createHash('sha256').update(sql).digest('hex');
    return { number: index + 1, name, sql, sha256, breaking: sql.startsWith('-- breaking') };
  });
}

/**
 * Applies what is missing, all of it in one transaction under an advisory lock, then grants `tocsin_app` its rights.
 * `url` is that of the role which owns the tables. Forward only. Throws Fault 'migration-changed' when a file is no
 * longer what was applied, 'schema-too-new' when the database knows a breaking migration that this build does not.
 */
export async function migrate(url: string, options: { log?: (line: string) => void } = {}): Promise<Migrated> {
  const pool = openPool({ url, name: 'migrate', max: 1, statementTimeoutMs: 600_000 });
  try {
    return await transaction(pool, (tx) => applyMissing(tx, options.log ?? (() => undefined)));
  } finally {
    await pool.end();
  }
}

async function applyMissing(tx: Tx, log: (line: string) => void): Promise<Migrated> {
  await tx.query('SELECT pg_advisory_xact_lock($1::bigint)', [MIGRATION_LOCK]);
  await requireVersion15(tx);
  await tx.query(`CREATE TABLE IF NOT EXISTS schema_migration (
    number integer PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, breaking boolean NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp())`);
  const { rows } = await tx.query<{ number: number; name: string; sha256: string }>(
    'SELECT number, name, sha256 FROM schema_migration ORDER BY number',
  );
  const known = readMigrations();
  refuseChanged(known, rows);
  refuseNewer(await schemaVersion(tx), known.length);
  const missing = known.slice(rows.length);
  for (const migration of missing) {
    log(`migration ${migration.name}`);
    await tx.query(migration.sql);
    await tx.query('INSERT INTO schema_migration (number, name, sha256, breaking) VALUES ($1, $2, $3, $4)', [
      migration.number,
      migration.name,
      migration.sha256,
      migration.breaking,
    ]);
  }
  const grants = await grantRoles(tx);
  return { version: Math.max(known.length, rows.length), applied: missing.map(({ name }) => name), ...grants };
}

async function requireVersion15(tx: Tx): Promise<void> {
  const { rows } = await tx.query<{ version: string; number: number }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number`,
  );
  const found = rows[0];
  if (found === undefined || found.number < 150_000) {
    throw new Fault('schema-too-old', { message: `PostgreSQL 15 or newer is needed, this is ${found?.version}` });
  }
}

function refuseChanged(
  known: readonly Migration[],
  applied: readonly { number: number; name: string; sha256: string }[],
): void {
  for (const row of applied) {
    const file = known[row.number - 1];
    if (file !== undefined && file.sha256 !== row.sha256) {
      throw new Fault('migration-changed', {
        message: `${file.name} is not the file that was applied to this database. Put it back, or start with an empty database.`,
      });
    }
  }
}

function refuseNewer(found: SchemaVersion, known: number): void {
  if (found.breaking > known) {
    throw new Fault('schema-too-new', {
      message: `the database is at schema ${found.version}, this build knows ${known} and cannot work with it: start a newer build.`,
    });
  }
}

/** What the database has been migrated to; version 0 when it never was. */
export async function schemaVersion(q: Queryable): Promise<SchemaVersion> {
  const { rows: present } = await q.query<{ there: boolean }>(
    `SELECT to_regclass('schema_migration') IS NOT NULL AS there`,
  );
  if (present[0]?.there !== true) return { version: 0, breaking: 0 };
  const { rows } = await q.query<SchemaVersion>(
    `SELECT coalesce(max(number), 0) AS version, coalesce(max(number) FILTER (WHERE breaking), 0) AS breaking FROM schema_migration`,
  );
  return rows[0] ?? { version: 0, breaking: 0 };
}

/** `waitForSchema` on a connection of its own, for a service that has not opened its pools. */
export async function whenSchemaIsReady(url: string, service: string): Promise<void> {
  const pool = openPool({ url, name: `${service}.start`, max: 1 });
  await waitForSchema(pool).finally(() => pool.end());
}

/**
 * Resolves once the database has this build's schema (the supervisor migrates, services wait). Throws Fault
 * 'schema-too-new' at once when it has gone past us by a breaking migration, 'schema-too-old' after `timeoutMs`. A
 * database that cannot be asked just now is asked again until then; after that its fault is thrown.
 */
export async function waitForSchema(pool: Pool, options: { timeoutMs?: number } = {}): Promise<void> {
  const known = readMigrations().length;
  const deadline = performance.now() + (options.timeoutMs ?? 60_000);
  for (;;) {
    const isLast = performance.now() > deadline;
    const found = await schemaVersion(pool).catch((error: unknown) => {
      if (isLast || !classify(error).retryable) throw error;
      return null;
    });
    if (found !== null) refuseNewer(found, known);
    if (found !== null && found.version >= known) return;
    if (found !== null && isLast) {
      throw new Fault('schema-too-old', {
        message: `the database is at schema ${found.version}, this build needs ${known}: migrate it.`,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
