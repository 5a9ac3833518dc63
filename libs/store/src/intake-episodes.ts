import type { Instant, Severity } from '@tocsin/domain';
import type { Tx } from './pool.js';

/** An episode with what is known, without a lock, of its incident. */
export interface EpisodeRow {
  readonly id: string;
  readonly key_hash: Buffer;
  readonly severity: Severity;
  readonly count: number;
  readonly starts_at: Instant | null;
  readonly last_signal_at: Instant;
  readonly incident_state: string | null;
  readonly resolved_by: 'person' | 'source' | null;
  readonly resolved_at: Instant | null;
}

const columns = `a.id, a.key_hash, a.severity, a.count, a.starts_at, a.last_signal_at,
  i.state AS incident_state, i.resolved_by, i.resolved_at`;

/** Locks the firing episodes of these keys, in the order of their hashes (bytes). */
export async function lockFiring(tx: Tx, keyHashes: readonly Buffer[]): Promise<EpisodeRow[]> {
  const { rows } = await tx.query<EpisodeRow>({
    name: 'intake-lock-firing',
    text: `SELECT ${columns} FROM alert a LEFT JOIN incident i ON i.id = a.incident_id
           WHERE a.status = 'firing' AND a.key_hash = ANY($1::bytea[]) ORDER BY a.key_hash FOR NO KEY UPDATE OF a`,
    values: [keyHashes],
  });
  return rows;
}

export interface PastEpisodeRow {
  readonly id: string;
  readonly key_hash: Buffer;
  readonly starts_at: Instant | null;
  readonly ended_at: Instant;
}

/** The newest ended episode of each key: where a door carries `startsAt`, late word of it is no new alert. */
export async function lastEnded(tx: Tx, keyHashes: readonly Buffer[]): Promise<PastEpisodeRow[]> {
  if (keyHashes.length === 0) return [];
  const { rows } = await tx.query<PastEpisodeRow>({
    name: 'intake-last-ended',
    text: `SELECT a.id, a.key_hash, a.starts_at, a.ended_at FROM unnest($1::bytea[]) AS k(key_hash)
           CROSS JOIN LATERAL (SELECT * FROM alert WHERE key_hash = k.key_hash AND status = 'resolved' ORDER BY id DESC LIMIT 1) AS a`,
    values: [keyHashes],
  });
  return rows;
}
