import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import { withPostgres } from './ask-postgres.js';

export interface AppRoleOptions {
  /** Superuser or owner of the tables; `tocsin_app` exists already and has its rights. */
  readonly ownerUrl: string;
  readonly password: string;
  /** Our own PostgreSQL serves this installation alone: its `tocsin_app` may log in. */
  readonly own: boolean;
  readonly dataDir: string;
}

export interface AppRole {
  readonly url: string;
  /** Why services work as the owner, and may therefore change the event log; null when they may not. */
  readonly missing: string | null;
}

/**
 * URL for the services, as a role that may only add to the event log. On a PostgreSQL that is shared, roles belong to
 * all its databases: this installation then logs in as a member of `tocsin_app` with a name and password of its own.
 */
export async function prepareAppRole({ ownerUrl, password, own, dataDir }: AppRoleOptions): Promise<AppRole> {
  const role = own ? 'tocsin_app' : `tocsin_app_${createHash('sha256').update(dataDir).digest('hex').slice(0, 8)}`;
  try {
    await withPostgres(ownerUrl, (client) => allowLogin(client, role, password));
    const url = new URL(ownerUrl);
    Object.assign(url, { username: role, password });
    await withPostgres(url.href, (client) => client.query('SELECT 1'));
    return { url: url.href, missing: null };
  } catch (error) {
    // Owners without CREATEROLE, poolers with a fixed list of users: serving is worth more than this defence.
    return { url: ownerUrl, missing: (error as Error).message };
  }
}

async function allowLogin(client: Client, role: string, password: string): Promise<void> {
  const secret = client.escapeLiteral(password);
  const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  if (rowCount) await client.query(`ALTER ROLE ${role} LOGIN PASSWORD ${secret}`);
  else await client.query(`CREATE ROLE ${role} LOGIN PASSWORD ${secret} IN ROLE tocsin_app`);
}
