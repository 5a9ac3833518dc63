import type { AlertView } from '@tocsin/contracts';
import { instantText, type Instant } from '@tocsin/domain';
import { type AlertRow, type Pool, readAlert, withinDeadline } from '@tocsin/store';
import type { FastifyRequest } from 'fastify';
import { sourceOf } from './read-headers.js';
import { Refusal } from './refusal.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** `GET /v1/alerts/:id`: of the same source only; another's id looks like none. */
export async function viewAlert(pool: Pool, request: FastifyRequest): Promise<AlertView> {
  const { id } = request.params as { id: string };
  const { principal } = sourceOf(request);
  const row = uuid.test(id) ? await withinDeadline(pool, 1_500, (tx) => readAlert(tx, principal, id)) : undefined;
  if (row === undefined)
    throw new Refusal('not-found', [{ path: 'id', message: 'this source has handed in no such alert' }]);
  return viewOf(row);
}

function viewOf(row: AlertRow): AlertView {
  const at = (instant: Instant | null): string | null => (instant === null ? null : instantText(instant));
  return {
    id: row.id,
    key: row.key,
    site: row.site_id,
    zone: row.zone,
    category: row.category,
    severity: row.severity,
    reality: row.reality,
    title: row.title,
    status: row.status,
    count: row.count,
    incidentId: row.incident_id,
    acceptedAt: instantText(row.accepted_at),
    lastSignalAt: instantText(row.last_signal_at),
    occurredAt: at(row.occurred_at),
    endedAt: at(row.ended_at),
    mergedAt: at(row.merged_at),
  };
}
