import type { IncidentView, Sight } from '@tocsin/contracts';
import { type Instant, instantText } from '@tocsin/domain';
import type { Queryable } from '../pool.js';

/**
 * The row as JSON texts and scalars: one statement reads the incident, its alerting run, what is due next and its
 * assignments. `x` names the set of incidents that a caller chose. Run by run through its index (OFFSET 0 keeps the
 * planner from making it a join): statistics lag behind a flood, and by them it scanned every live run for each incident
 * (430 ms for 200 of 3,000 incidents; now 3 ms).
 */
const selectViews = `
  SELECT i.*, i.head_seq::text AS seq, r.state AS run_state, r.step AS run_step, r.plan ->> 'policy' AS run_policy,
    jsonb_array_length(r.plan -> 'steps') AS run_steps, r.exhausted_at, t.next_due_at, t.returns_at, a.assignments
  FROM x i
  LEFT JOIN LATERAL (SELECT * FROM run WHERE incident_id = i.id AND kind = 'alerting' AND state <> 'ended' OFFSET 0) r ON true
  LEFT JOIN LATERAL (
    SELECT min(due_at) FILTER (WHERE kind IN ('step', 'exhaustion', 'repeat')) AS next_due_at,
           min(due_at) FILTER (WHERE kind = 'taken-idle') AS returns_at
    FROM timer WHERE subject_id = i.id AND run_id = r.id AND state = 'pending') t ON true
  LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('id', id, 'person', person_id, 'team', team_id, 'state', state,
             'at', to_char(changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) ORDER BY dispatched_at, id) AS assignments
    FROM assignment WHERE incident_id = i.id) a ON true`;

interface IncidentRow {
  id: string;
  number: string;
  seq: string;
  class: IncidentView['class'];
  category: string;
  reality: IncidentView['reality'];
  state: IncidentView['state'];
  condition: IncidentView['condition'];
  severity: IncidentView['severity'];
  site_id: string | null;
  zone: string | null;
  source_id: string | null;
  team_id: string | null;
  route_id: string | null;
  title: string;
  description: string | null;
  labels: Record<string, string>;
  owner: string | null;
  version: number;
  opened_at: Instant;
  last_signal_at: Instant;
  acknowledged_at: Instant | null;
  resolved_at: Instant | null;
  closed_at: Instant | null;
  disposition: IncidentView['disposition'];
  alert_count: number;
  firing_count: number;
  run_state: 'running' | 'held' | null;
  run_step: number;
  run_policy: string;
  run_steps: number;
  exhausted_at: Instant | null;
  next_due_at: Instant | null;
  returns_at: Instant | null;
  assignments: IncidentView['assignments'] | null;
}

const seen = `agency_id = $1 AND ($2 OR site_id = ANY($3))`;
const sightValues = (sight: Sight): unknown[] => [sight.agency, sight.all, sight.sites];

export async function readIncident(q: Queryable, sight: Sight, id: string): Promise<IncidentView | null> {
  const { rows } = await q.query<IncidentRow>({
    name: 'read-incident',
    text: `WITH x AS (SELECT * FROM incident WHERE ${seen} AND id = $4) ${selectViews}`,
    values: [...sightValues(sight), id],
  });
  return rows[0] === undefined ? null : incidentView(rows[0]);
}

/** The current rows of these incidents, whoever may see them: the caller filters by audience. */
export async function readIncidentsById(q: Queryable, ids: readonly string[]): Promise<IncidentView[]> {
  const { rows } = await q.query<IncidentRow>({
    name: 'read-incidents-by-id',
    text: `WITH x AS (SELECT * FROM incident WHERE id = ANY($1::uuid[])) ${selectViews}`,
    values: [ids],
  });
  return rows.map(incidentView);
}

export interface IncidentFilter {
  readonly states?: readonly string[];
  readonly sites?: readonly string[];
  readonly severities?: readonly string[];
  readonly realities?: readonly string[];
  readonly classes?: readonly string[];
  readonly team?: string;
  readonly owner?: string;
  readonly number?: string;
}

const columnOf = {
  states: 'state',
  sites: 'site_id',
  severities: 'severity',
  realities: 'reality',
  classes: 'class',
} as const;

/** Newest first (ids are UUID v7), at most `limit`; `afterId` is the last id of the page before. */
export async function listIncidents(
  q: Queryable,
  sight: Sight,
  page: { filter: IncidentFilter; afterId: string | null; limit: number },
): Promise<IncidentView[]> {
  const values: unknown[] = [...sightValues(sight), page.limit];
  const where = [seen];
  const add = (condition: (place: string) => string, value: unknown): void => {
    values.push(value);
    where.push(condition(`$${values.length}`));
  };
  for (const [field, column] of Object.entries(columnOf)) {
    const words = page.filter[field as keyof typeof columnOf];
    if (words !== undefined) add((place) => `${column} = ANY(${place}::text[])`, words);
  }
  if (page.filter.team !== undefined) add((place) => `team_id = ${place}`, page.filter.team);
  if (page.filter.owner !== undefined) add((place) => `owner = ${place}`, page.filter.owner);
  if (page.filter.number !== undefined) add((place) => `number = ${place}`, page.filter.number);
  if (page.afterId !== null) add((place) => `id < ${place}::uuid`, page.afterId);
  const { rows } = await q.query<IncidentRow>(
    `WITH x AS (SELECT * FROM incident WHERE ${where.join(' AND ')} ORDER BY id DESC LIMIT $4) ${selectViews} ORDER BY i.id DESC`,
    values,
  );
  return rows.map(incidentView);
}

/** How many of the newest incidents are searched for the lately resolved: bounds the snapshot's cost on a long register. */
const resolvedAmong = 1_000;

/** What a console starts with: everything unresolved, and the `resolved` that were resolved last. */
export async function readSnapshotIncidents(
  q: Queryable,
  sight: Sight,
  options: { realities?: readonly string[]; resolved: number },
): Promise<IncidentView[]> {
  const { rows } = await q.query<IncidentRow>({
    name: 'read-snapshot-incidents',
    text: `WITH live AS (
             SELECT * FROM incident WHERE ${seen} AND state IN ('open', 'acknowledged') AND ($4::text[] IS NULL OR reality = ANY($4))),
           done AS (
             SELECT n.* FROM (SELECT * FROM incident WHERE agency_id = $1 ORDER BY id DESC LIMIT ${resolvedAmong}) n
             WHERE ($2 OR n.site_id = ANY($3)) AND n.state = 'resolved' AND ($4::text[] IS NULL OR n.reality = ANY($4))
             ORDER BY n.resolved_at DESC LIMIT $5),
           x AS (SELECT * FROM live UNION ALL SELECT * FROM done) ${selectViews}`,
    values: [...sightValues(sight), options.realities ?? null, options.resolved],
  });
  return rows.map(incidentView);
}

export function incidentView(row: IncidentRow): IncidentView {
  const isRunning = row.run_state === 'running';
  return {
    id: row.id,
    number: row.number,
    seq: Number(row.seq),
    class: row.class,
    category: row.category,
    reality: row.reality,
    state: row.state,
    condition: row.condition,
    severity: row.severity,
    site: row.site_id,
    zone: row.zone,
    source: row.source_id,
    team: row.team_id,
    route: row.route_id,
    title: row.title,
    description: row.description,
    labels: row.labels,
    owner: row.owner,
    version: row.version,
    openedAt: instantText(row.opened_at),
    lastSignalAt: instantText(row.last_signal_at),
    acknowledgedAt: textOrNull(row.acknowledged_at),
    resolvedAt: textOrNull(row.resolved_at),
    closedAt: textOrNull(row.closed_at),
    disposition: row.disposition,
    alertCount: row.alert_count,
    firingCount: row.firing_count,
    escalation: isRunning
      ? {
          step: row.run_step,
          nextDueAt: textOrNull(row.next_due_at),
          state: 'running',
          policy: row.run_policy,
          steps: row.run_steps,
          exhausted: row.exhausted_at !== null,
        }
      : null,
    returnsAt: textOrNull(row.returns_at),
    assignments: row.assignments ?? [],
  };
}

function textOrNull(at: Instant | null): string | null {
  return at === null ? null : instantText(at);
}
