import { type Incident, type Instant, instantText, type NewNotification } from '@tocsin/domain';
import { checked, type Column, insertOf } from '../column-arrays.js';
import type { SuppressedRow, Suppression } from './fold-change.js';
import type { Tx } from '../pool.js';
import { insertAll } from './write-runs.js';

interface NotificationWrite extends NewNotification {
  readonly incident: Incident;
  readonly now: string;
}

const columns: readonly Column<NotificationWrite>[] = [
  { name: 'id', type: 'uuid', of: (row) => row.id },
  { name: 'agency_id', type: 'text', of: (row) => row.incident.agency },
  { name: 'incident_id', type: 'uuid', of: (row) => row.incident.id },
  { name: 'run_id', type: 'uuid', of: (row) => row.runId },
  { name: 'kind', type: 'text', of: (row) => row.kind },
  { name: 'notice', type: 'text', of: (row) => row.notice ?? null },
  { name: 'step', type: 'int', of: (row) => row.step },
  { name: 'repeat', type: 'int', of: (row) => row.repeat },
  { name: 'target_kind', type: 'text', of: (row) => row.target.kind },
  { name: 'target_id', type: 'text', of: (row) => row.target.id },
  { name: 'channel', type: 'text', of: (row) => row.channel },
  { name: 'rung', type: 'int', of: (row) => row.rung },
  { name: 'severity', type: 'text', of: (row) => row.severity },
  { name: 'reality', type: 'text', of: (row) => row.incident.reality },
  { name: 'state', type: 'text', of: (row) => (row.suppressed === undefined ? 'waiting' : 'suppressed') },
  {
    name: 'reason',
    type: 'jsonb',
    of: (row) => (row.suppressed === undefined ? null : JSON.stringify(row.suppressed)),
  },
  { name: 'due_at', type: 'timestamptz', of: (row) => instantText(row.dueAt) },
  { name: 'wait_until', type: 'timestamptz', of: (row) => row.now },
  { name: 'changed_at', type: 'timestamptz', of: (row) => row.now },
];
const insertNotificationRows = insertOf('notification', columns);

/** New notifications wait from `now` on; those born suppressed are kept and never sent. */
export async function insertNotifications(
  tx: Tx,
  now: Instant,
  notifications: readonly { readonly incident: Incident; readonly notification: NewNotification }[],
): Promise<void> {
  const at = instantText(now);
  await insertAll(
    tx,
    insertNotificationRows,
    notifications.map(({ incident, notification }) => ({ ...notification, incident, now: at })),
  );
}

/**
 * Waiting notifications of runs that were held or ended will not be sent. What a claim has already taken is no longer
 * waiting and stays as it is: after the call has begun nothing is recalled.
 */
export async function suppressWaiting(
  tx: Tx,
  now: Instant,
  suppressions: readonly Suppression[],
): Promise<Map<string, SuppressedRow[]>> {
  const byRun = new Map<string, SuppressedRow[]>();
  if (suppressions.length === 0) return byRun;
  const { rows } = await tx.query<SuppressedRow>({
    name: 'suppress notifications',
    // One look into the whole index for each run. The partial ones of what waits were made on an empty table, and until
    // it is analysed the planner takes them for empty: it walked all that waited for each that waited, 28 ms under the
    // incident's lock.
    text: `UPDATE notification SET state = 'suppressed', reason = found.reason::jsonb, changed_at = $4
           FROM (SELECT one.id, r.reason FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS r(incident_id, run_id, reason)
             CROSS JOIN LATERAL (SELECT id FROM notification
               WHERE incident_id = r.incident_id AND run_id = r.run_id AND ${checked(`state = 'waiting'`)} OFFSET 0) AS one) AS found
           WHERE notification.id = found.id
           RETURNING notification.id, notification.run_id, target_kind, target_id, channel, step`,
    values: [
      suppressions.map(({ incidentId }) => incidentId),
      suppressions.map(({ runId }) => runId),
      suppressions.map(({ reason }) => JSON.stringify(reason)),
      instantText(now),
    ],
  });
  for (const row of rows.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const own = byRun.get(row.run_id);
    if (own === undefined) byRun.set(row.run_id, [row]);
    else own.push(row);
  }
  return byRun;
}
