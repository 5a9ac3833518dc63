import type { DeliveryView, Sight } from '@tocsin/contracts';
import { type Instant, instantText } from '@tocsin/domain';
import type { Queryable } from '../pool.js';

interface DeliveryRow {
  id: string;
  kind: DeliveryView['kind'];
  notice: string | null;
  step: number;
  repeat: number;
  target_kind: 'person' | 'channel';
  target_id: string;
  channel: string;
  rung: number;
  severity: string;
  state: DeliveryView['state'];
  reason: DeliveryView['reason'];
  due_at: Instant;
  changed_at: Instant;
  delivery_id: string | null;
  delivery_state: string | null;
  made_at: Instant | null;
  attempts: DeliveryView['attempts'] | null;
  code_used_at: Instant | null;
  sent_at: Instant | null;
  accepted_at: Instant | null;
  delivered_at: Instant | null;
  seen_at: Instant | null;
}

/**
 * Every notification of an incident with its delivery and attempts. Times of sent, delivered and seen are those of
 * the events, which say them once and for ever; a row's own `changed_at` moves on. Null: no such incident in sight.
 */
export async function readDeliveries(q: Queryable, sight: Sight, incidentId: string): Promise<DeliveryView[] | null> {
  const known = await q.query({
    name: 'read-deliveries-known',
    text: `SELECT 1 FROM incident WHERE agency_id = $1 AND ($2 OR site_id = ANY($3)) AND id = $4`,
    values: [sight.agency, sight.all, sight.sites, incidentId],
  });
  if (known.rowCount === 0) return null;
  const { rows } = await q.query<DeliveryRow>({
    name: 'read-deliveries',
    text: `
      WITH said AS (
        SELECT data ->> 'notificationId' AS id, min(at) FILTER (WHERE type = 'notification.sent') AS sent_at,
          min(at) FILTER (WHERE type = 'notification.delivered') AS delivered_at, min(at) FILTER (WHERE type = 'notification.seen') AS seen_at
        FROM event WHERE stream = $1 AND type IN ('notification.sent', 'notification.delivered', 'notification.seen') GROUP BY 1)
      SELECT n.*, d.state AS delivery_state, d.made_at, d.code_used_at, a.attempts, a.accepted_at, said.sent_at, said.delivered_at, said.seen_at
      FROM notification n
      LEFT JOIN delivery d ON d.id = n.delivery_id
      LEFT JOIN said ON said.id = n.id::text
      LEFT JOIN LATERAL (
        SELECT min(ended_at) FILTER (WHERE state = 'accepted') AS accepted_at,
          jsonb_agg(jsonb_build_object('ordinal', ordinal, 'state', state, 'code', code,
            'beganAt', to_char(began_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            'endedAt', to_char(ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) ORDER BY ordinal) AS attempts
        FROM attempt WHERE delivery_id = n.delivery_id) a ON true
      WHERE n.incident_id = $1 ORDER BY n.due_at, n.id`,
    values: [incidentId],
  });
  return rows.map(deliveryView);
}

function deliveryView(row: DeliveryRow): DeliveryView {
  const isPerson = row.target_kind === 'person';
  return {
    id: row.id,
    kind: row.kind,
    notice: row.notice,
    step: row.step,
    repeat: row.repeat,
    person: isPerson ? row.target_id : null,
    target: isPerson ? null : row.target_id,
    channel: row.channel,
    rung: row.rung,
    severity: row.severity,
    state: row.state,
    reason: row.reason,
    deliveryId: row.delivery_id,
    deliveryState: row.delivery_state,
    queuedAt: instantText(row.due_at),
    sentAt: textOrNull(row.sent_at ?? row.made_at),
    acceptedAt: textOrNull(row.accepted_at),
    deliveredAt: textOrNull(row.delivered_at),
    seenAt: textOrNull(row.seen_at),
    acknowledgedAt: textOrNull(row.code_used_at),
    failedAt: row.state === 'failed' ? instantText(row.changed_at) : null,
    changedAt: instantText(row.changed_at),
    attempt: row.attempts?.length ?? 0,
    attempts: row.attempts ?? [],
  };
}

function textOrNull(at: Instant | null): string | null {
  return at === null ? null : instantText(at);
}
