import type { SqlDump } from './shapes';

/** The parts of a dump that are lists of rows, each by a statement whose columns have the names of its shape. */
export type Listed = Exclude<keyof SqlDump, 'now' | 'readerNow'>;

const ms = (column: string, name: string): string => `(extract(epoch FROM ${column}) * 1000)::float8 AS "${name}"`;
const text = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

export const statements: Readonly<Record<Listed, string>> = {
  alerts: `
    SELECT a.id, a.key, a.principal_kind AS "principalKind", a.principal_id AS principal, a.labels, a.site_id AS site, a.zone, a.category, a.severity, a.reality, a.status,
      a.count, a.group_key AS "groupKey", a.incident_id AS incident, ${ms('a.accepted_at', 'acceptedAt')},
      ${ms('a.merged_at', 'mergedAt')}, ${ms('a.parked_at', 'parkedAt')}, a.work_due_at IS NOT NULL AS "isWaiting",
      encode(sha256(r.body), 'hex') AS "rawSha256", a.raw_index AS "rawIndex"
    FROM alert a LEFT JOIN raw_signal r ON r.id = a.raw_id`,
  incidents: `
    SELECT id, number, class, category, group_key AS "groupKey", state, severity, site_id AS site, zone, team_id AS team,
      route_id AS route, title, alert_count AS "alertCount", ${ms('opened_at', 'openedAt')},
      ${ms('acknowledged_at', 'acknowledgedAt')}, ${ms('resolved_at', 'resolvedAt')}, head_seq::text AS "headSeq",
      encode(head_hash, 'hex') AS "headHash"
    FROM incident`,
  runs: `
    SELECT id, incident_id AS incident, kind, epoch, state, config_version::text AS "configVersion", plan,
      ${ms('started_at', 'startedAt')}, ${ms('ended_at', 'endedAt')}, ended_by AS "endedBy", assignment_id AS assignment,
      step, ${ms('exhausted_at', 'exhaustedAt')}
    FROM run`,
  timers: `
    SELECT id, kind, subject_id AS incident, run_id AS run, ordinal, ${ms('due_at', 'dueAt')}, state,
      ${ms('ended_at', 'endedAt')}
    FROM timer WHERE subject_kind = 'incident'`,
  assignments: `
    SELECT id, incident_id AS incident, person_id AS person, state, run_id AS run, ${ms('dispatched_at', 'dispatchedAt')},
      ${ms('changed_at', 'changedAt')}
    FROM assignment`,
  notifications: `
    SELECT id, incident_id AS incident, run_id AS run, kind, notice, step, repeat, target_kind AS "targetKind", target_id AS target,
      channel, rung, severity, state, reason, ${ms('due_at', 'dueAt')}, delivery_id AS delivery,
      ${ms('changed_at', 'changedAt')}
    FROM notification`,
  deliveries: `
    SELECT id, target_kind AS "targetKind", target_id AS target, channel, severity, notification_ids AS notifications,
      incident_ids AS incidents, state, ${ms('made_at', 'madeAt')}, attempts
    FROM delivery`,
  attempts: `
    SELECT delivery_id AS delivery, ordinal, state, ${ms('began_at', 'beganAt')}, ${ms('ended_at', 'endedAt')}, code
    FROM attempt`,
  events: `
    SELECT position::text, stream, seq::text, type, ${ms('at', 'at')}, ${text('at')} AS "atText",
      ${text('occurred_at')} AS "occurredAtText", actor_kind AS "actorKind", actor_id AS "actorId",
      on_behalf_of AS "onBehalfOf", agency_id AS agency, reality, site_id AS site, incident AS "isIncident", data, reason,
      encode(salt, 'hex') AS salt, encode(body_hash, 'hex') AS "bodyHash", encode(hash, 'hex') AS hash
    FROM event e ORDER BY e.stream, e.seq`,
  streamHeads: `SELECT stream, kind, name, seq::text, encode(hash, 'hex') AS hash FROM stream_head`,
  checkpoints: `
    SELECT ordinal::text, ${ms('at', 'at')}, heads, encode(hash, 'hex') AS hash FROM checkpoint c ORDER BY c.ordinal`,
};
