import type { Queryable } from '../pool.js';

export interface SubscriptionRow {
  readonly id: string;
  readonly person_id: string;
  /** Sealed {endpoint, keys}. */
  readonly sealed: Buffer;
}

/** Phones of these people that may be pushed to. */
export async function livingSubscriptions(q: Queryable, people: readonly string[]): Promise<SubscriptionRow[]> {
  const { rows } = await q.query<SubscriptionRow & Record<string, unknown>>({
    name: 'push-living',
    text: `SELECT id, person_id, sealed FROM push_subscription WHERE person_id = ANY($1::uuid[]) AND dead_at IS NULL ORDER BY made_at, id`,
    values: [people],
  });
  return rows;
}

/** The push service said that these are gone: never tried again. */
export async function endSubscriptions(
  q: Queryable,
  ended: readonly { readonly id: string; readonly code: string }[],
): Promise<void> {
  if (ended.length === 0) return;
  await q.query({
    name: 'push-gone',
    text: `UPDATE push_subscription SET dead_at = clock_timestamp(), dead_code = r.code
      FROM unnest($1::uuid[], $2::text[]) AS r(id, code) WHERE push_subscription.id = r.id AND dead_at IS NULL`,
    values: [ended.map(({ id }) => id), ended.map(({ code }) => code)],
  });
}
