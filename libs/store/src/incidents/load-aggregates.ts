import type { Aggregate, Assignment, AssignmentState, Incident, Instant, Run, RunPlan, Timer } from '@tocsin/domain';
import type { Queryable, Tx } from '../pool.js';
import { together } from '../together.js';

/** An incident as loaded under its lock: what rules decide upon, and where its stream stands. */
export interface Loaded {
  readonly aggregate: Aggregate;
  /** Radio number; empty until a new incident is committed. */
  readonly number: string;
  readonly head: Head;
  readonly isNew?: boolean;
}
export interface Head {
  /** Of the stream's last event; 0 = it has none. */
  readonly seq: number;
  readonly hash: Buffer | null;
  readonly at: Instant | null;
}

/** States of an assignment in which somebody is counted upon. */
export const activeAssignmentStates: readonly AssignmentState[] = ['notified', 'accepted', 'en_route', 'on_scene'];

/**
 * Locks the incidents in id order (FOR NO KEY UPDATE, the one lock order) and loads what a decision needs: unended
 * runs, pending timers, active assignments. Four statements and one round trip whatever their number. Ids that are no
 * incident are missing from the answer.
 */
export async function loadAggregates(
  tx: Tx,
  ids: readonly string[],
  options: LoadOptions = {},
): Promise<Map<string, Loaded>> {
  return load(tx, ids, options.skipsLocked === true ? 'FOR NO KEY UPDATE SKIP LOCKED' : 'FOR NO KEY UPDATE');
}

export interface LoadOptions {
  /** What somebody else holds is missing from the answer. Only for batches that a held incident must not hold up; it is then waited for apart. */
  readonly skipsLocked?: boolean;
}

/**
 * The first lock of a transaction that waits for nothing else: in line, as every writer does, for as long as a statement
 * may take; whatever it asks for afterwards it waits for `thenWaitMs` at most.
 */
export async function lockInLine(tx: Tx, id: string, thenWaitMs: number): Promise<void> {
  await together(
    tx.query({
      name: 'lock in line',
      text: 'SELECT 1 FROM incident WHERE id = $1 FOR NO KEY UPDATE',
      values: [id],
    }),
    tx.query(`SET LOCAL lock_timeout = ${Math.max(1, Math.trunc(thenWaitMs))}`),
  );
}

/** The same without a lock, for looking and dry runs: a decision upon it must not be committed. */
export async function readAggregates(q: Queryable, ids: readonly string[]): Promise<Map<string, Loaded>> {
  return load(q, ids, '');
}

/** For what `openIncident` has just made: commitDecisions inserts it and gives it its number. */
export function newLoaded(aggregate: Aggregate): Loaded {
  return { aggregate, number: '', head: { seq: 0, hash: null, at: null }, isNew: true };
}

async function load(q: Queryable, ids: readonly string[], lock: string): Promise<Map<string, Loaded>> {
  if (ids.length === 0) return new Map();
  // The parts are read by statements that begin when the locks are held; parts of what was skipped are left aside.
  const [incidents, runs, timers, assignments] = await together(
    q.query<IncidentRow>({
      name: `load incidents ${lock}`,
      text: `SELECT * FROM incident WHERE id = ANY($1::uuid[]) ORDER BY id ${lock}`,
      values: [ids],
    }),
    q.query<RunRow>({
      name: 'load runs',
      text: ofEach(`SELECT * FROM run WHERE incident_id = i.id AND state <> 'ended'`),
      values: [ids],
    }),
    q.query<TimerRow>({
      name: 'load timers',
      // Sorted afterwards: within, the order tempts the planner to walk every pending timer by its due time.
      text: `${ofEach(`SELECT id, kind, subject_id, run_id, ordinal, due_at, state FROM timer
                    WHERE subject_id = i.id AND state = 'pending' AND subject_kind = 'incident'`)} ORDER BY due_at, id`,
      values: [ids],
    }),
    q.query<AssignmentRow>({
      name: 'load assignments',
      text: ofEach('SELECT * FROM assignment WHERE incident_id = i.id AND state = ANY($2::text[]) ORDER BY id'),
      values: [ids, activeAssignmentStates],
    }),
  );
  return assemble(incidents.rows, runs.rows, timers.rows, assignments.rows);
}

/**
 * One look into the index for each incident, whatever the planner believes: of a table that was never analysed it
 * expects 200 incidents to own everything, and reads all of it.
 */
function ofEach(query: string): string {
  return `SELECT one.* FROM unnest($1::uuid[]) AS i(id) CROSS JOIN LATERAL (${query} OFFSET 0) AS one`;
}

function assemble(
  incidents: IncidentRow[],
  runs: RunRow[],
  timers: TimerRow[],
  assignments: AssignmentRow[],
): Map<string, Loaded> {
  const parts = new Map(
    incidents.map(({ id }) => [id, { runs: [] as Run[], timers: [] as Timer[], assignments: [] as Assignment[] }]),
  );
  for (const row of runs) parts.get(row.incident_id)?.runs.push(runOf(row));
  for (const row of timers) parts.get(row.subject_id)?.timers.push(timerOf(row));
  for (const row of assignments) parts.get(row.incident_id)?.assignments.push(assignmentOf(row));
  const loaded = incidents.map((row): [string, Loaded] => {
    const {
      runs: own,
      timers: due,
      assignments: active,
    } = parts.get(row.id) ?? { runs: [], timers: [], assignments: [] };
    const aggregate: Aggregate = { incident: incidentOf(row), runs: own, timers: due, assignments: active };
    return [
      row.id,
      { aggregate, number: row.number, head: { seq: Number(row.head_seq), hash: row.head_hash, at: row.head_at } },
    ];
  });
  return new Map(loaded);
}

/** Rows as the driver gives them: int8 as text, timestamptz as Instant. */
export interface IncidentRow {
  readonly id: string;
  readonly agency_id: string;
  readonly number: string;
  readonly class: Incident['class'];
  readonly category: string;
  readonly reality: Incident['reality'];
  readonly group_key: string | null;
  readonly state: Incident['state'];
  readonly condition: Incident['condition'];
  readonly severity: Incident['severity'];
  readonly site_id: string | null;
  readonly zone: string | null;
  readonly zones: string[];
  readonly source_id: string | null;
  readonly labels: Record<string, string>;
  readonly team_id: string | null;
  readonly route_id: string | null;
  readonly title: string;
  readonly description: string | null;
  readonly owner: string | null;
  readonly version: number;
  readonly opened_at: Instant;
  readonly last_signal_at: Instant;
  readonly acknowledged_at: Instant | null;
  readonly resolved_at: Instant | null;
  readonly resolved_by: Incident['resolvedBy'];
  readonly closed_at: Instant | null;
  readonly disposition: Incident['disposition'];
  readonly auto_resolve: boolean;
  readonly alert_count: number;
  readonly firing_count: number;
  readonly epoch: number;
  readonly idle_ordinal: number;
  readonly idle_rearmed: boolean;
  readonly last_dispatch: string[];
  readonly head_seq: string;
  readonly head_hash: Buffer | null;
  readonly head_at: Instant | null;
}

export function incidentOf(row: IncidentRow): Incident {
  return {
    id: row.id,
    agency: row.agency_id,
    class: row.class,
    category: row.category,
    reality: row.reality,
    groupKey: row.group_key,
    state: row.state,
    condition: row.condition,
    severity: row.severity,
    site: row.site_id,
    zone: row.zone,
    zones: row.zones,
    source: row.source_id,
    labels: row.labels,
    team: row.team_id,
    route: row.route_id,
    title: row.title,
    description: row.description,
    owner: row.owner,
    version: row.version,
    openedAt: row.opened_at,
    lastSignalAt: row.last_signal_at,
    acknowledgedAt: row.acknowledged_at,
    resolvedAt: row.resolved_at,
    resolvedBy: row.resolved_by,
    closedAt: row.closed_at,
    disposition: row.disposition,
    autoResolve: row.auto_resolve,
    alertCount: row.alert_count,
    firingCount: row.firing_count,
    epoch: row.epoch,
    idleOrdinal: row.idle_ordinal,
    idleRearmed: row.idle_rearmed,
    lastDispatch: row.last_dispatch,
  };
}

interface RunRow {
  readonly id: string;
  readonly incident_id: string;
  readonly kind: Run['kind'];
  readonly epoch: number;
  readonly state: Run['state'];
  readonly config_version: string;
  readonly plan: RunPlan;
  readonly started_at: Instant;
  readonly ended_at: Instant | null;
  readonly ended_by: string | null;
  readonly assignment_id: string | null;
  readonly step: number;
  readonly repeats: number[];
  readonly exhausted_at: Instant | null;
}

function runOf(row: RunRow): Run {
  return {
    id: row.id,
    kind: row.kind,
    epoch: row.epoch,
    state: row.state,
    configVersion: row.config_version,
    plan: row.plan,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    endedBy: row.ended_by,
    assignmentId: row.assignment_id,
    step: row.step,
    repeats: row.repeats,
    exhaustedAt: row.exhausted_at,
  };
}

interface TimerRow {
  readonly id: string;
  readonly kind: Timer['kind'];
  readonly subject_id: string;
  readonly run_id: string;
  readonly ordinal: number;
  readonly due_at: Instant;
  readonly state: Timer['state'];
}

function timerOf(row: TimerRow): Timer {
  return { id: row.id, kind: row.kind, runId: row.run_id, ordinal: row.ordinal, dueAt: row.due_at, state: row.state };
}

interface AssignmentRow {
  readonly id: string;
  readonly incident_id: string;
  readonly person_id: string;
  readonly team_id: string | null;
  readonly state: AssignmentState;
  readonly run_id: string;
  readonly dispatched_at: Instant;
  readonly changed_at: Instant;
}

function assignmentOf(row: AssignmentRow): Assignment {
  return {
    id: row.id,
    person: row.person_id,
    team: row.team_id,
    state: row.state,
    runId: row.run_id,
    at: row.changed_at,
  };
}
