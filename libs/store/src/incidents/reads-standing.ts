import type { Sight } from '@tocsin/contracts';
import { type AssignmentState, type Instant, instantText } from '@tocsin/domain';
import type { Queryable } from '../pool.js';

/** Was this person ever paged for the incident, or assigned to it? A responder may act on nothing else. */
export async function isInvolved(q: Queryable, incidentId: string, personId: string): Promise<boolean> {
  const { rows } = await q.query<{ involved: boolean }>({
    name: 'read-involved',
    text: `SELECT EXISTS (SELECT 1 FROM notification WHERE incident_id = $1 AND target_kind = 'person' AND target_id = $2)
               OR EXISTS (SELECT 1 FROM assignment WHERE incident_id = $1 AND person_id = $2::uuid) AS involved`,
    values: [incidentId, personId],
  });
  return rows[0]?.involved === true;
}

/** State of the person's last assignment on this incident, also one that has ended; null when he never had one. */
export async function lastAssignmentState(
  q: Queryable,
  incidentId: string,
  personId: string,
): Promise<AssignmentState | null> {
  const { rows } = await q.query<{ state: AssignmentState }>({
    name: 'read-last-assignment',
    text: `SELECT state FROM assignment WHERE incident_id = $1 AND person_id = $2::uuid ORDER BY dispatched_at DESC, id DESC LIMIT 1`,
    values: [incidentId, personId],
  });
  return rows[0]?.state ?? null;
}

/** The unresolved incident of a group, if there is one: what stands in the way of a reopen. */
export async function groupHolder(q: Queryable, groupKey: string): Promise<string | null> {
  const { rows } = await q.query<{ id: string }>({
    name: 'read-group-holder',
    text: `SELECT id FROM incident WHERE group_key = $1 AND state IN ('open', 'acknowledged')`,
    values: [groupKey],
  });
  return rows[0]?.id ?? null;
}

export interface ActiveAssignment {
  readonly id: string;
  readonly person: string;
  readonly incidentId: string;
  readonly number: string;
  readonly state: AssignmentState;
  readonly at: string;
}

/** Who is committed where, the latest first, as far as the reader may see the incident. */
export async function readActiveAssignments(q: Queryable, sight: Sight): Promise<ActiveAssignment[]> {
  const { rows } = await q.query<Omit<ActiveAssignment, 'at'> & { at: Instant }>({
    name: 'read-active-assignments',
    text: `SELECT a.id, a.person_id AS person, a.incident_id AS "incidentId", i.number, a.state, a.changed_at AS at
           FROM assignment a JOIN incident i ON i.id = a.incident_id
           WHERE a.state IN ('notified', 'accepted', 'en_route', 'on_scene')
             AND i.agency_id = $1 AND ($2 OR i.site_id = ANY($3))
           ORDER BY a.dispatched_at DESC, a.id DESC LIMIT 5000`,
    values: [sight.agency, sight.all, sight.sites],
  });
  return rows.map((row) => ({ ...row, at: instantText(row.at) }));
}
