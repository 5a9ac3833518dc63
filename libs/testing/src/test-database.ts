import { createHash, randomBytes } from 'node:crypto';
import { migrate, openPool, readMigrations, type Pool } from '@tocsin/store';

export interface TestDatabase {
  readonly url: string;
  readonly pool: Pool;
  /** Closes the pool and removes the database. Connections that a test left open are cut. */
  readonly drop: () => Promise<void>;
}

/** Databases of killed test runs are removed after this. */
const LITTER_AFTER_MS = 3_600_000;
const LOCK = '7310031';

/**
 * A database of its own for one test file, cloned from a migrated template (about 50 ms). The template is named by the
 * migrations' hash and made once per server. Needs TOCSIN_TEST_DATABASE_URL: a role that may create databases.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const adminUrl = process.env.TOCSIN_TEST_DATABASE_URL;
  if (adminUrl === undefined || adminUrl === '') {
    throw new Error('TOCSIN_TEST_DATABASE_URL is not set: `npm test` prepares a PostgreSQL and sets it');
  }
  const name = `tocsin_x_${Date.now().toString(36)}_${randomBytes(4).toString('hex')}`;
  await asAdmin(adminUrl, async (admin) => {
    const template = await templateOf(admin, adminUrl);
    await removeLitter(admin);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
  const url = withDatabase(adminUrl, name);
  const pool = openPool({ url, name: 'test', max: 10, statementTimeoutMs: 30_000 });
  return { url, pool, drop: () => drop(pool, adminUrl, name) };
}

async function drop(pool: Pool, adminUrl: string, name: string): Promise<void> {
  await pool.end();
  await asAdmin(adminUrl, (admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
}

/** Made under a session lock: test files run in several processes at once. */
async function templateOf(admin: Pool, adminUrl: string): Promise<string> {
  const hash = createHash('sha256')
    .update(
      readMigrations()
        .map(({ sha256 }) => sha256)
        .join(),
    )
    .digest('hex')
    .slice(0, 16);
  const template = `tocsin_t_${hash}`;
  await admin.query('SELECT pg_advisory_lock($1::bigint)', [LOCK]);
  try {
    const { rows } = await admin.query<{ datallowconn: boolean }>(
      'SELECT datallowconn FROM pg_database WHERE datname = $1',
      [template],
    );
    if (rows[0]?.datallowconn === false) return template;
    await admin.query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${template} TEMPLATE template0`);
    await migrate(withDatabase(adminUrl, template));
    // Whoever connects to a template stops it from being cloned; and one without this mark was never finished.
    await admin.query(`ALTER DATABASE ${template} ALLOW_CONNECTIONS false`);
    return template;
  } finally {
    await admin.query('SELECT pg_advisory_unlock($1::bigint)', [LOCK]);
  }
}

async function removeLitter(admin: Pool): Promise<void> {
  const { rows } = await admin.query<{ datname: string }>(
    `SELECT datname FROM pg_database d WHERE datname LIKE 'tocsin\\_x\\_%'
       AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datid = d.oid)`,
  );
  for (const { datname } of rows) {
    const madeAt = Number.parseInt(datname.split('_')[2] ?? '', 36);
    if (Date.now() - madeAt > LITTER_AFTER_MS) await admin.query(`DROP DATABASE IF EXISTS ${datname}`);
  }
}

async function asAdmin<T>(url: string, work: (admin: Pool) => Promise<T>): Promise<T> {
  // One connection: the session lock must be released by the connection that took it.
  const admin = openPool({ url, name: 'test admin', max: 1, statementTimeoutMs: 60_000 });
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function withDatabase(url: string, database: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${database}`;
  return parsed.toString();
}
