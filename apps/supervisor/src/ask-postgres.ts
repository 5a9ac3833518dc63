import { Client } from 'pg';

/** Runs `work` on a connection of its own; an error of the idle connection is the next query's error, not a crash. */
export async function withPostgres<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 3_000,
    application_name: 'tocsin supervisor',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** @throws when it cannot be reached or does not take the password. `pgdata` is null for roles that may not see it. */
export function askPostgres(url: string): Promise<{ version: string; pgdata: string | null }> {
  return withPostgres(url, async (client) => {
    const { rows } = await client.query<{ version: string; pgdata: string | null }>(
      `SELECT current_setting('server_version') AS version,
              (SELECT setting FROM pg_settings WHERE name = 'data_directory') AS pgdata`,
    );
    return rows[0] ?? { version: '?', pgdata: null };
  });
}
