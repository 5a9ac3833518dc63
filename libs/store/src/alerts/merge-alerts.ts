import type { Instant, Reality, Severity } from '@tocsin/domain';
import { instantText } from '@tocsin/domain';
import { run, updateOf } from '../column-arrays.js';
import type { Queryable, Tx } from '../pool.js';

/** An alert as the engine's merge sees it: what it is, and what of it has been reported to its incident. */
export interface WaitingAlert {
  readonly id: string;
  readonly agency_id: string;
  readonly principal_kind: 'source' | 'person' | 'system';
  readonly principal_id: string;
  readonly key: string;
  readonly reality: Reality;
  readonly site_id: string | null;
  readonly zone: string | null;
  readonly category: string;
  readonly severity: Severity;
  readonly title: string;
  readonly description: string | null;
  readonly labels: Record<string, string>;
  readonly status: 'firing' | 'resolved';
  readonly ended_by: string | null;
  readonly count: number;
  readonly accepted_at: Instant;
  readonly last_signal_at: Instant;
  readonly starts_at: Instant | null;
  readonly ends_at: Instant | null;
  readonly group_key: string | null;
  readonly incident_id: string | null;
  readonly merged_severity: Severity | null;
  readonly reported_count: number;
  readonly reported_at: Instant | null;
  readonly resolve_reported: boolean;
  readonly stale_reported: boolean;
  readonly attempts: number;
}

const columns = `id, agency_id, principal_kind, principal_id, key, reality, site_id, zone, category, severity, title, description,
  labels, status, ended_by, count, accepted_at, last_signal_at, starts_at, ends_at, group_key, incident_id, merged_severity,
  reported_count, reported_at, resolve_reported, stale_reported, attempts`;

/**
 * Locks those of `ids` that still wait and that nobody else holds, in id order. What another copy holds is its work.
 * `waits`: for one id alone, which intake seems to hold whenever it is looked for (a panel that repeats itself a thousand
 * times a second); waiting for several could meet intake crosswise, which locks them in the order of their keys.
 */
export async function lockWaitingAlerts(
  tx: Tx,
  ids: readonly string[],
  { waits = false }: { readonly waits?: boolean } = {},
): Promise<WaitingAlert[]> {
  if (waits && ids.length > 1) throw new TypeError('one alert at a time may be waited for');
  const { rows } = await tx.query<WaitingAlert>({
    name: `merge-lock-alerts${waits ? '-waiting' : ''}`,
    text: `SELECT ${columns} FROM alert WHERE id = ANY($1::uuid[]) AND work_due_at IS NOT NULL AND parked_at IS NULL
           ORDER BY id FOR NO KEY UPDATE ${waits ? '' : 'SKIP LOCKED'}`,
    values: [ids],
  });
  return rows;
}

export interface GroupIncident {
  readonly key: string;
  readonly id: string;
}

/**
 * Per group key the unresolved incident, else the newest that was resolved within `withinS` seconds and a minute (the rule
 * decides by the clock that is read under the locks). Found without a lock: the caller locks the ids and looks again at
 * what it got.
 */
export async function findGroupIncidents(
  q: Queryable,
  groupKeys: readonly string[],
  withinS: number,
): Promise<GroupIncident[]> {
  if (groupKeys.length === 0) return [];
  const { rows } = await q.query<{ key: string; id: string | null }>({
    name: 'merge-find-incidents',
    text: `SELECT k.key, coalesce(
             (SELECT id FROM incident WHERE group_key = k.key AND state IN ('open', 'acknowledged')),
             (SELECT id FROM incident WHERE group_key = k.key AND state = 'resolved' AND resolved_at >= statement_timestamp() - $2 * interval '1 second'
               ORDER BY resolved_at DESC LIMIT 1)) AS id
           FROM unnest($1::text[]) AS k(key)`,
    values: [groupKeys, withinS + 60],
  });
  return rows.flatMap(({ key, id }) => (id === null ? [] : [{ key, id }]));
}

/** What the merge writes back to an alert. `workDueAt` is when its further repeats may be reported; null = nothing waits. */
export interface MergedAlert {
  readonly id: string;
  readonly incidentId: string | null;
  readonly severity: Severity;
  readonly reportedCount: number;
  readonly reportedAt: Instant;
  readonly resolveReported: boolean;
  readonly staleReported: boolean;
  readonly workDueAt: Instant | null;
}

type Marked = MergedAlert & { readonly mergedAt: Instant };
const marks = updateOf<Marked>('alert', [
  { name: 'id', type: 'uuid', of: ({ id }) => id },
  { name: 'incident_id', type: 'uuid', of: ({ incidentId }) => incidentId },
  {
    name: 'merged_at',
    type: 'timestamptz',
    of: ({ mergedAt }) => instantText(mergedAt),
    as: 'coalesce(alert.merged_at, r.merged_at)',
  },
  { name: 'merged_severity', type: 'text', of: ({ severity }) => severity },
  { name: 'reported_count', type: 'int', of: ({ reportedCount }) => reportedCount },
  { name: 'reported_at', type: 'timestamptz', of: ({ reportedAt }) => instantText(reportedAt) },
  { name: 'resolve_reported', type: 'boolean', of: ({ resolveReported }) => resolveReported },
  { name: 'stale_reported', type: 'boolean', of: ({ staleReported }) => staleReported },
  {
    name: 'work_due_at',
    type: 'timestamptz',
    of: ({ workDueAt }) => (workDueAt === null ? null : instantText(workDueAt)),
  },
  { name: 'attempts', type: 'int', of: () => 0 },
]);

export async function markMerged(tx: Tx, now: Instant, alerts: readonly MergedAlert[]): Promise<void> {
  await run(
    tx,
    marks,
    alerts.map((alert) => ({ ...alert, mergedAt: now })),
  );
}

export interface SweptAlert {
  readonly id: string;
  /** How often it was begun by a sweeper that never came back from it. */
  readonly attempts: number;
  readonly waitedMs: number;
}

/** Rows of a lane that have waited longer than `waitedMs`, the longest first. Looked at only: see beginAlerts. */
export async function findSweptAlerts(
  q: Queryable,
  search: {
    readonly lane: number;
    readonly waitedMs: number;
    readonly limit: number;
    readonly without?: readonly string[];
  },
): Promise<SweptAlert[]> {
  const { rows } = await q.query<SweptAlert & Record<string, unknown>>({
    name: 'sweep-find',
    text: `SELECT id, attempts, (extract(epoch FROM clock_timestamp() - work_due_at) * 1000)::float8 AS "waitedMs" FROM alert
           WHERE lane = $1 AND work_due_at <= clock_timestamp() - $2 * interval '1 ms' AND parked_at IS NULL AND id <> ALL($4::uuid[])
           ORDER BY work_due_at LIMIT $3`,
    values: [search.lane, search.waitedMs, search.limit, search.without ?? []],
  });
  return rows;
}

/**
 * Counts rows as begun: the count commits on its own, so that a row that kills its process is known by it. Rows that
 * somebody holds are being worked and stay uncounted; they are missing from the answer.
 */
export async function beginAlerts(q: Queryable, ids: readonly string[]): Promise<{ id: string; attempts: number }[]> {
  if (ids.length === 0) return [];
  const { rows } = await q.query<{ id: string; attempts: number }>({
    name: 'sweep-begin',
    text: `UPDATE alert SET attempts = attempts + 1
           WHERE id IN (SELECT id FROM alert WHERE id = ANY($1::uuid[]) AND work_due_at IS NOT NULL AND parked_at IS NULL
                        ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)
           RETURNING id, attempts`,
    values: [ids],
  });
  return rows;
}

/**
 * Takes the count back of rows that the process came back from without having merged them: it was not their fault.
 * Answers those that somebody holds, which are to be forgiven later.
 */
export async function forgiveAlerts(q: Queryable, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const { rows } = await q.query<{ id: string }>({
    name: 'sweep-forgive',
    text: `WITH counted AS MATERIALIZED (SELECT id FROM alert WHERE id = ANY($1::uuid[]) AND attempts > 0 AND work_due_at IS NOT NULL AND parked_at IS NULL),
             forgiven AS (UPDATE alert SET attempts = attempts - 1
               WHERE id IN (SELECT id FROM alert WHERE id = ANY($1::uuid[]) AND attempts > 0 AND work_due_at IS NOT NULL AND parked_at IS NULL
                            ORDER BY id FOR NO KEY UPDATE SKIP LOCKED) RETURNING id)
           SELECT id FROM counted EXCEPT SELECT id FROM forgiven`,
    values: [ids],
  });
  return rows.map(({ id }) => id);
}

/** Firing alerts whose `endsAt` has passed wait for the engine again: it records them as stale. */
export async function wakeStaleAlerts(q: Queryable, limit: number): Promise<string[]> {
  const { rows } = await q.query<{ id: string }>({
    name: 'wake-stale',
    text: `UPDATE alert SET work_due_at = clock_timestamp()
           WHERE id IN (SELECT id FROM alert WHERE status = 'firing' AND ends_at IS NOT NULL AND NOT stale_reported
                          AND ends_at < clock_timestamp() AND work_due_at IS NULL AND merged_at IS NOT NULL AND parked_at IS NULL
                        LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED)
           RETURNING id`,
    values: [limit],
  });
  return rows.map((row) => row.id);
}

/** Sets a poisoned alert aside. It keeps its row and its raw bytes; `incidentId` is the incident of its own. */
export async function parkAlert(tx: Tx, alertId: string, code: string, incidentId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE alert SET parked_at = clock_timestamp(), parked_code = $2, incident_id = $3, merged_at = clock_timestamp(), work_due_at = NULL
     WHERE id = $1 AND parked_at IS NULL`,
    [alertId, code, incidentId],
  );
  return rowCount === 1;
}

/** What the park function may read: nothing that could be the poison but the key. */
export async function readPoisoned(
  tx: Tx,
  alertId: string,
): Promise<
  | {
      agency_id: string;
      key: string;
      reality: Reality;
      severity: Severity;
      principal_kind: 'source' | 'person' | 'system';
      principal_id: string;
      accepted_at: Instant;
    }
  | undefined
> {
  const { rows } = await tx.query(
    `SELECT agency_id, key, reality, severity, principal_kind, principal_id, accepted_at FROM alert
     WHERE id = $1 AND parked_at IS NULL AND work_due_at IS NOT NULL FOR NO KEY UPDATE SKIP LOCKED`,
    [alertId],
  );
  return rows[0];
}
