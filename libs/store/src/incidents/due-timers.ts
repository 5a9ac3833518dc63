import type { Queryable } from '../pool.js';

export interface DueTimers {
  /** Incidents with at least one due timer, the most overdue first. */
  readonly incidents: readonly string[];
  /** As many timers are due as were looked for: there may be more. */
  readonly isFull: boolean;
  /** Until the next pending timer that is not yet due, by PostgreSQL's clock; null = none. */
  readonly nextInMs: number | null;
}

/**
 * Found without a lock: whoever fires them locks their incidents and looks again. `limit` counts timers; `without`:
 * incidents that are not looked at. The clock stands in a scalar subquery, so that the index ends at it: as a join the
 * whole of what is pending was walked (112 ms with 100,000 timers far in the future, four times a second; now 0.1 ms).
 */
export async function findDueTimers(q: Queryable, limit: number, without: readonly string[] = []): Promise<DueTimers> {
  const { rows } = await q.query<{ incidents: string[] | null; found: number; next_ms: number | null }>({
    name: 'timers-due',
    text: `WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS now),
             due AS MATERIALIZED (SELECT subject_id, due_at FROM timer
               WHERE state = 'pending' AND due_at <= (SELECT now FROM clock) AND subject_id <> ALL($2::uuid[]) ORDER BY due_at LIMIT $1)
           SELECT (SELECT count(*) FROM due)::int AS found, (SELECT array_agg(subject_id ORDER BY first) FROM (SELECT subject_id, min(due_at) AS first FROM due GROUP BY subject_id) AS d) AS incidents,
             (SELECT extract(epoch FROM min(due_at) - (SELECT now FROM clock)) * 1000
                FROM timer WHERE state = 'pending' AND due_at > (SELECT now FROM clock))::float8 AS next_ms`,
    values: [limit, without],
  });
  return {
    incidents: rows[0]?.incidents ?? [],
    isFull: (rows[0]?.found ?? 0) >= limit,
    nextInMs: rows[0]?.next_ms ?? null,
  };
}

/**
 * The law "never silent" (decisions.md section 6) as a query: unresolved critical or high incidents for which nothing
 * runs, is due or is assigned. Tests, the chaos checker and a SYS watch run it; it must be empty. Two index looks for
 * each incident: by run_id alone there is no index, and OFFSET 0 keeps it from becoming a join of all pending timers
 * with all incidents (46 s of one core at 4,000 open incidents, every five seconds; now 60 ms).
 */
export const silentIncidentsSql = `
  SELECT i.id, i.number FROM incident i
  WHERE i.state IN ('open', 'acknowledged') AND i.severity IN ('critical', 'high')
    AND NOT EXISTS (SELECT 1 FROM run r JOIN timer t ON t.run_id = r.id AND t.subject_id = i.id AND t.state = 'pending'
      WHERE r.incident_id = i.id AND r.kind = 'alerting'
        AND (r.state = 'running' AND t.kind IN ('step', 'exhaustion', 'repeat') OR r.state = 'held' AND t.kind = 'taken-idle')
      OFFSET 0)
    AND NOT EXISTS (SELECT 1 FROM assignment a WHERE a.incident_id = i.id
      AND (a.state IN ('accepted', 'en_route', 'on_scene')
        OR a.state = 'notified' AND EXISTS (SELECT 1 FROM run r WHERE r.id = a.run_id AND r.state = 'running')))`;

export async function findSilentIncidents(q: Queryable): Promise<{ id: string; number: string }[]> {
  const { rows } = await q.query<{ id: string; number: string }>(silentIncidentsSql);
  return rows;
}
