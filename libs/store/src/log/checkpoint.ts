import { hash } from 'node:crypto';
import { type Instant, instantText } from '@tocsin/domain';
import { canonicalJson } from './canonical-json.js';
import type { Pool, Queryable, Tx } from '../pool.js';
import { clockNow, transaction } from '../transaction.js';

export interface CheckpointHead {
  readonly ordinal: number;
  /** In hex. */
  readonly hash: string;
}

/** [stream, seq, hash in hex], sorted by stream. */
export type AnchoredHead = readonly [stream: string, seq: number, hash: string];

export interface Checkpoint extends CheckpointHead {
  /** UTC text with 6 decimals. */
  readonly at: string;
  readonly heads: readonly AnchoredHead[];
}

const CHECKPOINT_LOCK = '127970256545135';
/** A transaction that reads its clock and commits later than this would be folded an hour late; none lives that long. */
const OVERLAP = '10 minutes';

/** c(n) = SHA-256(c(n-1) in hex, or "tocsin checkpoints v1" || RFC 8785({ordinal, at, heads})), in hex. */
export function checkpointHash(before: string | null, { ordinal, at, heads }: Omit<Checkpoint, 'hash'>): string {
  return hash('sha256', `${before ?? 'tocsin checkpoints v1'}${canonicalJson({ at, heads, ordinal })}`, 'hex');
}

/**
 * Once an hour: folds the heads that have moved since the last checkpoint into the checkpoint chain, and answers its new
 * head, which the caller keeps outside the database. null when it is not yet time or nothing has moved.
 */
export async function checkpoint(pool: Pool, options: { everyMs?: number } = {}): Promise<CheckpointHead | null> {
  return transaction(pool, async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1::bigint)', [CHECKPOINT_LOCK]);
    const last = await lastCheckpoint(tx);
    const now = await clockNow(tx);
    if (last !== null && now - last.atInstant < (options.everyMs ?? 3_600_000) * 1_000) return null;
    const heads = await movedHeads(tx, last);
    return heads.length === 0 ? null : append(tx, now, last, heads);
  });
}

async function append(
  tx: Tx,
  now: Instant,
  last: Checkpoint | null,
  heads: readonly AnchoredHead[],
): Promise<CheckpointHead> {
  const next = { ordinal: (last?.ordinal ?? 0) + 1, at: instantText(now), heads };
  const digest = checkpointHash(last?.hash ?? null, next);
  await tx.query(`INSERT INTO checkpoint (ordinal, at, heads, hash) VALUES ($1, $2, $3, decode($4, 'hex'))`, [
    next.ordinal,
    next.at,
    JSON.stringify(heads),
    digest,
  ]);
  return { ordinal: next.ordinal, hash: digest };
}

/**
 * Without an index on head_at: every event would have to move it, and the scan costs well under a second in a million
 * incidents, once an hour.
 */
async function movedHeads(tx: Tx, last: (Checkpoint & { atInstant: Instant }) | null): Promise<AnchoredHead[]> {
  const { rows } = await tx.query<{ stream: string; seq: string; hash: string }>(
    `SELECT stream, seq, encode(hash, 'hex') AS hash FROM (
       SELECT id AS stream, head_seq AS seq, head_hash AS hash, head_at AS at FROM incident
       UNION ALL SELECT stream, seq, hash, at FROM stream_head) AS heads
     WHERE hash IS NOT NULL AND ($1::timestamptz IS NULL OR at >= $1::timestamptz - interval '${OVERLAP}')
     ORDER BY stream`,
    [last?.at ?? null],
  );
  const folded = new Map(last?.heads.map(([stream, seq]) => [stream, seq]));
  return rows
    .filter(({ stream, seq }) => folded.get(stream) !== Number(seq))
    .map(({ stream, seq, hash: head }) => [stream, Number(seq), head]);
}

async function lastCheckpoint(q: Queryable): Promise<(Checkpoint & { atInstant: Instant }) | null> {
  const { rows } = await q.query<{ ordinal: string; at: Instant; heads: AnchoredHead[]; hash: string }>(
    `SELECT ordinal, at, heads, encode(hash, 'hex') AS hash FROM checkpoint ORDER BY ordinal DESC LIMIT 1`,
  );
  const row = rows[0];
  return row === undefined
    ? null
    : { ...row, ordinal: Number(row.ordinal), at: instantText(row.at), atInstant: row.at };
}
