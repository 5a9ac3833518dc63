import type { Queryable } from './pool.js';

/** Stored answers of Idempotency-Keys serve for 24 h, socket tickets for seconds; ended sessions stay a week for the record. */
export async function forgetOldRequests(q: Queryable): Promise<void> {
  await q.query("DELETE FROM idempotency WHERE made_at < clock_timestamp() - interval '24 hours'");
  await q.query('DELETE FROM socket_ticket WHERE expires_at < clock_timestamp()');
  await q.query("DELETE FROM session WHERE expires_at < clock_timestamp() - interval '7 days'");
}
