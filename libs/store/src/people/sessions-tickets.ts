import type { Queryable } from '../pool.js';
import type { SessionRow } from './sessions-open.js';

/** A browser cannot put its HttpOnly cookie's token into the socket's handshake: it fetches a one-use ticket instead. */
export async function insertTicket(q: Queryable, ticketHash: Buffer, sessionId: string, lifeS: number): Promise<void> {
  await q.query({
    name: 'ticket-insert',
    text: `WITH litter AS (DELETE FROM socket_ticket WHERE expires_at < clock_timestamp() - interval '1 minute')
           INSERT INTO socket_ticket (token_hash, session_id, expires_at)
           VALUES ($1, $2, clock_timestamp() + $3 * interval '1 second')`,
    values: [ticketHash, sessionId, lifeS],
  });
}

/** Uses the ticket up; null when it was used before, ran out, or its session is no longer live. */
export async function takeTicket(q: Queryable, ticketHash: Buffer): Promise<SessionRow | null> {
  const { rows } = await q.query<SessionRow>({
    name: 'ticket-take',
    text: `WITH taken AS (DELETE FROM socket_ticket WHERE token_hash = $1 RETURNING session_id, expires_at)
           SELECT s.id AS "sessionId", s.opened_at AS "openedAt", s.expires_at AS "expiresAt",
             s.seen_at < clock_timestamp() - interval '1 minute' AS "isStale",
             p.id, p.agency_id AS agency, p.slug, p.username, p.name, p.language, p.grants
           FROM taken JOIN session s ON s.id = taken.session_id JOIN person p ON p.id = s.person_id
           WHERE taken.expires_at > clock_timestamp() AND s.ended_at IS NULL AND s.expires_at > clock_timestamp() AND p.active`,
    values: [ticketHash],
  });
  return rows[0] ?? null;
}
