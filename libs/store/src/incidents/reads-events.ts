import type { Sight } from '@tocsin/contracts';
import type { Instant, Reality, Reason } from '@tocsin/domain';
import type { Queryable } from '../pool.js';

/** An event of the log as it is shown: what the hash chain needs beyond it stays in the database. */
export interface ShownEvent {
  readonly stream: string;
  readonly seq: number;
  readonly type: string;
  readonly at: Instant;
  readonly occurredAt: Instant | null;
  readonly actorKind: string;
  readonly actorId: string;
  readonly onBehalfOf: string | null;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly reason: Reason | null;
  readonly reality: Reality;
  readonly site: string | null;
  readonly incident: boolean;
}

/** Events of one incident after `afterSeq`, in order; null when the reader may not see the incident or there is none. */
export async function readStream(
  q: Queryable,
  sight: Sight,
  page: { incidentId: string; afterSeq: number; limit: number },
): Promise<ShownEvent[] | null> {
  const known = await q.query({
    name: 'read-stream-known',
    text: `SELECT 1 FROM incident WHERE agency_id = $1 AND ($2 OR site_id = ANY($3)) AND id = $4`,
    values: [sight.agency, sight.all, sight.sites, page.incidentId],
  });
  if (known.rowCount === 0) return null;
  const { rows } = await q.query<ShownEvent & { seq: string }>({
    name: 'read-stream',
    text: `SELECT stream, seq, type, at, occurred_at AS "occurredAt", actor_kind AS "actorKind", actor_id AS "actorId",
             on_behalf_of AS "onBehalfOf", data, reason, reality, site_id AS site, incident
           FROM event WHERE stream = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
    values: [page.incidentId, page.afterSeq, page.limit],
  });
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
}
