import { type ChannelKind, channels, type Severity, severities } from '@tocsin/domain';
import type { Queryable } from '../pool.js';

/** Which waiting pages a lane looks for. Everything here is read without a lock: whoever claims looks again under locks. */
export interface PageSearch {
  readonly channel: ChannelKind;
  readonly severities: readonly Severity[];
  /** Only those that a queue should have brought by now; 0 = all. */
  readonly waitedMs: number;
  readonly limit: number;
  /** Only the targets of these notifications. */
  readonly ids?: readonly string[];
  /** Incidents that somebody is known to hold: as if nothing of them waited. */
  readonly held?: readonly string[];
  /** Targets that are not looked at. */
  readonly skip?: readonly string[];
}

export interface PersonWork {
  readonly person: string;
  /** Of all that waits for this person on this channel, the gravest and oldest first, at most `incidentsPerPerson`. */
  readonly incidents: readonly string[];
  /** A critical of a held incident waits for this person as well. */
  readonly leavesOut: boolean;
}

/**
 * More are named by the next delivery, the gravest by this one: a claim of 1,000 took 0.15 s when idle, 1.5 s on a busy
 * machine, and whoever acknowledges one of them waits for it.
 */
export const incidentsPerPerson = 300;

const due = `n.state = 'waiting' AND n.channel = $1 AND n.severity = ANY($2::text[])
  AND n.wait_until <= statement_timestamp() - $3 * interval '1 millisecond' AND n.incident_id <> ALL($6::uuid[])
  AND (n.run_id IS NULL OR EXISTS (SELECT 1 FROM run r WHERE r.id = n.run_id AND r.state = 'running'))`;
const gravity = `array_position(ARRAY['critical', 'high', 'medium', 'low', 'info'], n.severity)`;

/** People for whom something is due, the longest waiting first. Pages of runs that are over never take a place. */
export async function findPagedPeople(q: Queryable, search: PageSearch): Promise<PersonWork[]> {
  const { rows } = await q.query<PersonWork & Record<string, unknown>>({
    name: `pages-people${search.ids ? '-of' : ''}`,
    text: `WITH due AS (
        SELECT n.target_id, min(n.due_at) AS first FROM notification n
        WHERE ${due} AND n.target_kind = 'person' AND n.target_id <> ALL($7::text[]) ${search.ids ? 'AND n.id = ANY($8::uuid[])' : ''}
        GROUP BY n.target_id ORDER BY first LIMIT $4)
      SELECT due.target_id AS person, own.incidents, EXISTS (
          SELECT 1 FROM notification h WHERE h.target_id = due.target_id AND h.target_kind = 'person' AND h.state = 'waiting'
            AND h.channel = $1 AND h.severity = 'critical' AND h.incident_id = ANY($6::uuid[])) AS "leavesOut"
      FROM due CROSS JOIN LATERAL (
        SELECT array_agg(w.incident_id) AS incidents FROM (
          SELECT n.incident_id FROM notification n
          WHERE n.target_id = due.target_id AND n.target_kind = 'person' AND n.state = 'waiting' AND n.channel = $1
            AND n.incident_id <> ALL($6::uuid[])
          GROUP BY n.incident_id ORDER BY min(${gravity}), min(n.due_at) LIMIT $5) w) own
      WHERE own.incidents IS NOT NULL ORDER BY due.first`,
    values: [
      search.channel,
      search.severities,
      search.waitedMs,
      search.limit,
      incidentsPerPerson,
      search.held ?? [],
      search.skip ?? [],
      ...(search.ids ? [search.ids] : []),
    ],
  });
  return rows;
}

export interface ChannelWork {
  readonly id: string;
  readonly incident: string;
  readonly target: string;
}

/** Pages to channels, which nothing paces, the longest waiting first (by the index: a backlog costs nothing), without those to the targets of `skip`. */
export async function findChannelPages(
  q: Queryable,
  search: PageSearch & { readonly skip: readonly string[] },
): Promise<ChannelWork[]> {
  const { rows } = await q.query<ChannelWork & Record<string, unknown>>({
    name: `pages-channels${search.ids ? '-of' : ''}`,
    text: `SELECT n.id, n.incident_id AS incident, n.target_id AS target FROM notification n
      WHERE ${due} AND n.target_kind = 'channel' AND n.target_id <> ALL($5::text[]) ${search.ids ? 'AND n.id = ANY($7::uuid[])' : ''}
      ORDER BY n.wait_until LIMIT $4`,
    values: [
      search.channel,
      search.severities,
      search.waitedMs,
      search.limit,
      search.skip,
      search.held ?? [],
      ...(search.ids ? [search.ids] : []),
    ],
  });
  return rows;
}

export interface DeliveryWork {
  readonly id: string;
  readonly incidents: readonly string[];
}

/** Deliveries to be sent again: put off until now, or left `sending` longer than their channel may take; `without` names those to pass over. */
export async function findResends(
  q: Queryable,
  search: Omit<PageSearch, 'ids' | 'waitedMs'> & {
    readonly skip: readonly string[];
    readonly without?: readonly string[];
  },
): Promise<DeliveryWork[]> {
  const { rows } = await q.query<DeliveryWork & Record<string, unknown>>({
    name: 'pages-resends',
    text: `SELECT id, incident_ids AS incidents FROM delivery
      WHERE state IN ('sending', 'retry') AND act_at <= statement_timestamp() AND channel = $1 AND severity = ANY($2::text[])
        AND (target_kind = 'person' OR target_id <> ALL($4::text[]))
        AND NOT incident_ids && $5::uuid[] AND id <> ALL($6::uuid[])
      ORDER BY act_at LIMIT $3`,
    values: [search.channel, search.severities, search.limit, search.skip, search.held ?? [], search.without ?? []],
  });
  return rows;
}

/** Deliveries that were accepted and have not proved their arrival in time. */
export async function findUnproven(q: Queryable, limit: number): Promise<DeliveryWork[]> {
  const { rows } = await q.query<DeliveryWork & Record<string, unknown>>({
    name: 'pages-unproven',
    text: `SELECT id, incident_ids AS incidents FROM delivery
      WHERE state = 'accepted' AND proof_due_at <= statement_timestamp() ORDER BY proof_due_at LIMIT $1`,
    values: [limit],
  });
  return rows;
}

/** Incidents with waiting pages of runs that are over: nothing of ours leaves such behind, but they would wait for ever. */
export async function findDeadPages(q: Queryable, limit: number): Promise<string[]> {
  const { rows } = await q.query<{ incident_id: string }>({
    name: 'pages-dead',
    text: `SELECT DISTINCT n.incident_id FROM (
        SELECT n.incident_id FROM notification n JOIN run r ON r.id = n.run_id
        WHERE n.state = 'waiting' AND r.state <> 'running' LIMIT $1) n`,
    values: [limit],
  });
  return rows.map(({ incident_id }) => incident_id);
}

export interface LaneWork {
  readonly channel: ChannelKind;
  readonly severity: Severity;
}

/**
 * Which lanes have something due, whatever it is: one query for the sweeper, whatever the number of lanes, and each
 * answered by the first row that its index finds, whatever the backlog (LIMIT: else the planner hashes all of it; ORDER BY:
 * else it walks another index of what waits, which it takes for empty until the table is analysed).
 */
export async function findLanesWithWork(q: Queryable, waitedMs: number): Promise<LaneWork[]> {
  const { rows } = await q.query<LaneWork & Record<string, unknown>>({
    name: 'pages-lanes',
    text: `SELECT c.channel, s.severity FROM unnest($2::text[]) AS c(channel) CROSS JOIN unnest($3::text[]) AS s(severity)
      WHERE EXISTS (SELECT 1 FROM notification n WHERE n.state = 'waiting' AND n.channel = c.channel AND n.severity = s.severity
          AND n.wait_until <= statement_timestamp() - $1 * interval '1 millisecond' ORDER BY n.wait_until LIMIT 1)
        OR EXISTS (SELECT 1 FROM delivery d WHERE d.state IN ('sending', 'retry') AND d.act_at <= statement_timestamp()
          AND d.channel = c.channel AND d.severity = s.severity)`,
    values: [waitedMs, channels, severities],
  });
  return rows;
}
