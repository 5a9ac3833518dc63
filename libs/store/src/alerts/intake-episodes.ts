import type { Instant, Severity } from '@tocsin/domain';
import type { Queryable, Tx } from '../pool.js';

/** An episode with what is known, without a lock, of its incident. */
export interface EpisodeRow {
  readonly id: string;
  /** Hex. */
  readonly key_hash: string;
  readonly severity: Severity;
  readonly count: number;
  readonly starts_at: Instant | null;
  readonly last_signal_at: Instant;
  readonly incident_state: string | null;
  readonly resolved_by: 'person' | 'source' | null;
  readonly resolved_at: Instant | null;
}

/**
 * Locks the firing episodes of these keys one by one in the order given: hashes (hex) in ascending order, so that no two
 * writers meet crosswise. One look into the index per key, also of a table that was never analysed.
 */
export async function lockFiring(tx: Tx, keyHashes: readonly string[]): Promise<EpisodeRow[]> {
  const { rows } = await tx.query<EpisodeRow>({
    name: 'intake-lock-firing',
    text: `SELECT a.id, encode(a.key_hash, 'hex') AS key_hash, a.severity, a.count, a.starts_at, a.last_signal_at,
             i.state AS incident_state, i.resolved_by, i.resolved_at
           FROM unnest($1::bytea[]) AS k(key_hash)
           CROSS JOIN LATERAL (SELECT * FROM alert WHERE key_hash = k.key_hash AND status = 'firing' FOR NO KEY UPDATE) AS a
           LEFT JOIN LATERAL (SELECT * FROM incident WHERE id = a.incident_id OFFSET 0) AS i ON true`,
    values: [byteaArray(keyHashes)],
  });
  return rows;
}

export interface PastEpisodeRow {
  readonly id: string;
  /** Hex. */
  readonly key_hash: string;
  readonly starts_at: Instant | null;
  readonly ended_at: Instant;
}

/** The newest ended episode of each key: where a door carries `startsAt`, late word of it is no new alert. */
export async function lastEnded(tx: Tx, keyHashes: readonly string[]): Promise<PastEpisodeRow[]> {
  if (keyHashes.length === 0) return [];
  const { rows } = await tx.query<PastEpisodeRow>({
    name: 'intake-last-ended',
    text: `SELECT a.id, encode(a.key_hash, 'hex') AS key_hash, a.starts_at, a.ended_at FROM unnest($1::bytea[]) AS k(key_hash)
           CROSS JOIN LATERAL (SELECT * FROM alert WHERE key_hash = k.key_hash AND status = 'resolved' ORDER BY id DESC LIMIT 1) AS a`,
    values: [byteaArray(keyHashes)],
  });
  return rows;
}

/** Which of these keys fire now, read without a lock: for budgets, which repeats are exempt from. */
export async function firingKeys(q: Queryable, keyHashes: readonly string[]): Promise<string[]> {
  const { rows } = await q.query<{ key_hash: string }>({
    name: 'intake-firing-keys',
    text: `SELECT encode(k.key_hash, 'hex') AS key_hash FROM unnest($1::bytea[]) AS k(key_hash)
           WHERE EXISTS (SELECT FROM alert WHERE key_hash = k.key_hash AND status = 'firing' OFFSET 0)`,
    values: [byteaArray(keyHashes)],
  });
  return rows.map((row) => row.key_hash);
}

/** Hex only, so nothing needs quoting but the backslash. */
const byteaArray = (hashes: readonly string[]): string =>
  hashes.length === 0 ? '{}' : `{"\\\\x${hashes.join('","\\\\x')}"}`;
