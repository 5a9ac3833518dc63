import type { Queryable } from '../pool.js';

export interface NewSubscription {
  readonly id: string;
  readonly personId: string;
  readonly sessionId: string;
  readonly endpointHash: Buffer;
  /** Sealed {endpoint, keys}. */
  readonly sealed: Buffer;
}

/** Every page goes to all of them at once: nobody carries more, and nobody may make a page a thousand. */
const phonesMost = 10;

/**
 * A phone subscribes again with every start: the same endpoint is the same row, now of whoever is signed in on it. Of
 * more than 10 the one that was heard of longest ago ends.
 */
export async function upsertSubscription(q: Queryable, subscription: NewSubscription): Promise<string> {
  const { rows } = await q.query<{ id: string }>({
    name: 'push-upsert',
    text: `INSERT INTO push_subscription (id, person_id, session_id, endpoint_hash, sealed) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (endpoint_hash) DO UPDATE SET person_id = excluded.person_id, session_id = excluded.session_id,
             sealed = excluded.sealed, made_at = excluded.made_at, dead_at = NULL, dead_code = NULL RETURNING id`,
    values: [
      subscription.id,
      subscription.personId,
      subscription.sessionId,
      subscription.endpointHash,
      subscription.sealed,
    ],
  });
  await q.query({
    name: 'push-most',
    text: `UPDATE push_subscription SET dead_at = clock_timestamp(), dead_code = 'too-many' WHERE id IN (
             SELECT id FROM push_subscription WHERE person_id = $1 AND dead_at IS NULL ORDER BY made_at DESC, id DESC OFFSET $2)`,
    values: [subscription.personId, phonesMost],
  });
  return rows[0]?.id ?? subscription.id;
}

/** @returns whether there was a living one of this person. */
export async function endSubscription(q: Queryable, personId: string, endpointHash: Buffer): Promise<boolean> {
  const { rowCount } = await q.query({
    name: 'push-end',
    text: `UPDATE push_subscription SET dead_at = clock_timestamp(), dead_code = 'unsubscribed'
           WHERE person_id = $1 AND endpoint_hash = $2 AND dead_at IS NULL`,
    values: [personId, endpointHash],
  });
  return rowCount === 1;
}

/** Who signs out on a phone is no longer paged there; the next one to sign in subscribes it anew. */
export async function endSubscriptionsOf(q: Queryable, sessionId: string, by: string): Promise<void> {
  await q.query({
    name: 'push-end-session',
    text: `UPDATE push_subscription SET dead_at = clock_timestamp(), dead_code = $2 WHERE session_id = $1 AND dead_at IS NULL`,
    values: [sessionId, by],
  });
}
