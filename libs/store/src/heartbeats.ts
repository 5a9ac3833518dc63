import type { Pool, Queryable } from './pool.js';

export type Service = 'intake' | 'engine' | 'notifier' | 'gateway';

export interface Heartbeat {
  readonly id: string;
  readonly service: Service;
  readonly pid: number;
  readonly ready: boolean;
}

/** One row a process, renewed every 2 s; `beat_at` is PostgreSQL's time. Rows of processes long gone are removed. */
export async function beat(pool: Pool, { id, service, pid, ready }: Heartbeat): Promise<void> {
  await pool.query({
    name: 'beat',
    text: `INSERT INTO process_heartbeat (id, service, pid, started_at, beat_at, ready) VALUES ($1, $2, $3, clock_timestamp(), clock_timestamp(), $4)
           ON CONFLICT (id) DO UPDATE SET beat_at = clock_timestamp(), ready = $4`,
    values: [id, service, pid, ready],
  });
}

/** A process that stops in good order takes its row along: its absence is then no fault. */
export async function endBeat(pool: Pool, id: string): Promise<void> {
  await pool.query('DELETE FROM process_heartbeat WHERE id = $1', [id]);
}

export interface Peer {
  readonly service: Service;
  /** Milliseconds since the freshest beat of the service. */
  readonly ageMs: number;
  readonly ready: boolean;
}

/** Per service its freshest process. */
export async function readPeers(q: Queryable): Promise<Peer[]> {
  const { rows } = await q.query<Peer>(
    `SELECT DISTINCT ON (service) service, ready, (extract(epoch FROM clock_timestamp() - beat_at) * 1000)::float8 AS "ageMs"
     FROM process_heartbeat ORDER BY service, beat_at DESC`,
  );
  return rows;
}

export async function forgetDeadProcesses(q: Queryable): Promise<void> {
  await q.query("DELETE FROM process_heartbeat WHERE beat_at < clock_timestamp() - interval '1 hour'");
}

/**
 * Has a process of this service a connection to the database? One that is killed loses all of them at once, long before
 * its heart is missed; one that is stopped keeps them.
 */
export async function isConnected(q: Queryable, service: Service): Promise<boolean> {
  const { rows } = await q.query<{ found: boolean }>({
    name: 'service-connected',
    text: `SELECT EXISTS (SELECT FROM pg_stat_activity
             WHERE datname = current_database() AND application_name ~ ('^tocsin ' || $1 || '\\M')) AS found`,
    values: [service],
  });
  return rows[0]?.found ?? false;
}
