import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import { type OpenGateway, people } from './open-gateway.js';

export interface SentPage {
  readonly incidentId: string;
  readonly deliveryId: string;
  readonly code: string;
}

/** A page of the guard's for an incident of its own, as the notifier leaves it after sending. */
export async function sentPage(open: OpenGateway): Promise<SentPage> {
  const incidentId = await open.alert();
  const [deliveryId, code] = [v7(), v7().replaceAll('-', '')];
  const { rows } = await open.pool.query(
    "UPDATE notification SET state = 'sent', delivery_id = $2 WHERE incident_id = $1 RETURNING id",
    [incidentId, deliveryId],
  );
  await open.pool.query(
    `INSERT INTO delivery (id, agency_id, target_kind, target_id, channel, severity, notification_ids, incident_ids, state, code_hash, made_at)
     VALUES ($1, 'unit', 'person', $2, 'push', 'high', $3, $4, 'accepted', $5, clock_timestamp())`,
    [deliveryId, people.guard.id, rows.map(({ id }) => id), [incidentId], createHash('sha256').update(code).digest()],
  );
  return { incidentId, deliveryId, code };
}
