import type { Tx } from '../pool.js';

export interface IdempotentRequest {
  /** "person:<id>" or "source:<id>". */
  readonly principal: string;
  /** Method and path. */
  readonly request: string;
  readonly key: string;
  readonly bodyHash: Buffer;
}
export interface StoredAnswer {
  readonly bodyHash: Buffer;
  readonly status: number;
  readonly response: string;
}

/**
 * Claims the key within this transaction, before any other lock of it. A concurrent request with the same key waits
 * here until the first one commits, and then gets its answer. @returns null when the key is new and now ours.
 */
export async function claimKey(
  tx: Tx,
  { principal, request, key, bodyHash }: IdempotentRequest,
): Promise<StoredAnswer | null> {
  const claimed = await tx.query({
    name: 'idempotency-claim',
    text: `INSERT INTO idempotency (principal, request, key, body_hash, status, response) VALUES ($1, $2, $3, $4, 0, '')
           ON CONFLICT (principal, request, key) DO UPDATE SET body_hash = excluded.body_hash, status = 0, response = '', made_at = excluded.made_at
             WHERE idempotency.made_at < clock_timestamp() - interval '24 hours'`,
    values: [principal, request, key, bodyHash],
  });
  if (claimed.rowCount === 1) return null;
  const { rows } = await tx.query<StoredAnswer>({
    name: 'idempotency-read',
    text: `SELECT body_hash AS "bodyHash", status, response FROM idempotency WHERE principal = $1 AND request = $2 AND key = $3`,
    values: [principal, request, key],
  });
  return rows[0] ?? null;
}

export async function storeAnswer(
  tx: Tx,
  { principal, request, key }: IdempotentRequest,
  status: number,
  response: string,
): Promise<void> {
  await tx.query({
    name: 'idempotency-store',
    text: `UPDATE idempotency SET status = $4, response = $5 WHERE principal = $1 AND request = $2 AND key = $3`,
    values: [principal, request, key, status, response],
  });
}
