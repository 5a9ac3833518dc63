import type { Instant, Reality, Severity } from '@tocsin/domain';
import type { Queryable } from '../pool.js';

/** A source as intake knows it: who a token belongs to and what it may do. Rows without a token hash speak no HTTP. */
export interface SourceRow {
  readonly agency_id: string;
  readonly id: string;
  readonly protocol: string;
  readonly token_hash: Buffer;
  readonly scope: readonly { readonly kind: 'unit' | 'group' | 'site'; readonly id?: string }[];
  readonly budget: { readonly perSecond: number; readonly criticalPerSecond: number; readonly criticalBurst: number };
  readonly defaults: { readonly site?: string; readonly category?: string; readonly severity?: Severity };
}

export async function readSources(q: Queryable): Promise<SourceRow[]> {
  const { rows } = await q.query<SourceRow>({
    name: 'intake-sources',
    text: 'SELECT agency_id, id, protocol, token_hash, scope, budget, defaults FROM source WHERE active AND token_hash IS NOT NULL',
  });
  return rows;
}

export interface AlertRow {
  readonly id: string;
  readonly key: string;
  readonly site_id: string | null;
  readonly zone: string | null;
  readonly category: string;
  readonly severity: Severity;
  readonly reality: Reality;
  readonly title: string;
  readonly status: 'firing' | 'resolved';
  readonly count: number;
  readonly incident_id: string | null;
  readonly accepted_at: Instant;
  readonly last_signal_at: Instant;
  readonly occurred_at: Instant | null;
  readonly ended_at: Instant | null;
  readonly merged_at: Instant | null;
}

/** An alert of this principal; undefined for another's, which is told apart from none by nobody. */
export async function readAlert(
  q: Queryable,
  principal: { kind: string; id: string; agency: string },
  id: string,
): Promise<AlertRow | undefined> {
  const { rows } = await q.query<AlertRow>({
    name: 'intake-alert',
    text: `SELECT id, key, site_id, zone, category, severity, reality, title, status, count, incident_id, accepted_at, last_signal_at,
             occurred_at, ended_at, merged_at
           FROM alert WHERE id = $1 AND agency_id = $2 AND principal_kind = $3 AND principal_id = $4`,
    values: [id, principal.agency, principal.kind, principal.id],
  });
  return rows[0];
}

/** Seconds that the longest-waiting alert has been due for the engine; 0 = nothing waits. One index probe a lane. */
export async function secondsBehind(q: Queryable): Promise<number> {
  const { rows } = await q.query<{ behind: number }>({
    name: 'intake-behind',
    text: `SELECT coalesce(extract(epoch FROM clock_timestamp() - min(
             (SELECT min(work_due_at) FROM alert WHERE work_due_at IS NOT NULL AND parked_at IS NULL AND lane = l.lane))), 0)::float8 AS behind
           FROM generate_series(0, 3) AS l(lane)`,
  });
  return Math.max(0, rows[0]?.behind ?? 0);
}

/** Version of the newest effective configuration; null when none was ever applied. */
export async function newestConfig(q: Queryable): Promise<string | null> {
  const { rows } = await q.query<{ newest: string | null }>({
    name: 'intake-newest-config',
    text: `SELECT max(id) AS newest FROM config_version WHERE state = 'effective'`,
  });
  return rows[0]?.newest ?? null;
}
