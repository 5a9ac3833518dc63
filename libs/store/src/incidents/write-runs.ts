import { Fault, type Assignment, type Incident, type Instant, instantText, type Run, type Timer } from '@tocsin/domain';
import { type Column, insertOf, run, type Statement, updateOf } from '../column-arrays.js';
import type { Folded, Written } from './fold-change.js';
import type { Tx } from '../pool.js';
import { together } from '../together.js';

type Owned<T> = T & { readonly incident: Incident };

const textOf = (instant: Instant | null): string | null => (instant === null ? null : instantText(instant));

/** First, so that it can serve as the key of updates. */
const idColumn = { name: 'id', type: 'uuid', of: (row: { readonly id: string }) => row.id };
const ownership: readonly Column<Owned<unknown>>[] = [
  { name: 'agency_id', type: 'text', of: ({ incident }) => incident.agency },
  { name: 'incident_id', type: 'uuid', of: ({ incident }) => incident.id },
];

const runMoving: readonly Column<Run>[] = [
  { name: 'state', type: 'text', of: (row) => row.state },
  { name: 'started_at', type: 'timestamptz', of: (row) => instantText(row.startedAt) },
  { name: 'ended_at', type: 'timestamptz', of: (row) => textOf(row.endedAt) },
  { name: 'ended_by', type: 'text', of: (row) => row.endedBy },
  { name: 'assignment_id', type: 'uuid', of: (row) => row.assignmentId },
  { name: 'step', type: 'int', of: (row) => row.step },
  // `repeats` is indexed by step (from 1): the hole at 0 travels as 0.
  { name: 'repeats', type: 'int[]', of: (row) => `{${Array.from(row.repeats, (highest) => highest ?? 0).join(',')}}` },
  { name: 'exhausted_at', type: 'timestamptz', of: (row) => textOf(row.exhaustedAt) },
];
const runColumns: readonly Column<Owned<Run>>[] = [
  idColumn,
  ...ownership,
  { name: 'kind', type: 'text', of: (row) => row.kind },
  { name: 'epoch', type: 'int', of: (row) => row.epoch },
  { name: 'config_version', type: 'bigint', of: (row) => row.configVersion },
  { name: 'plan', type: 'jsonb', of: (row) => JSON.stringify(row.plan) },
  ...runMoving,
];
const insertRuns = insertOf('run', runColumns);
const updateRuns = updateOf<Run>('run', [idColumn, ...runMoving], { where: `run.state <> 'ended'` });

interface TimerWrite extends Timer {
  readonly endedAt: Instant;
}
const timerMoving: readonly Column<TimerWrite>[] = [
  { name: 'due_at', type: 'timestamptz', of: (row) => instantText(row.dueAt) },
  { name: 'state', type: 'text', of: (row) => row.state },
  { name: 'ended_at', type: 'timestamptz', of: (row) => (row.state === 'pending' ? null : instantText(row.endedAt)) },
];
const timerColumns: readonly Column<Owned<TimerWrite>>[] = [
  idColumn,
  { name: 'agency_id', type: 'text', of: ({ incident }) => incident.agency },
  { name: 'subject_id', type: 'uuid', of: ({ incident }) => incident.id },
  { name: 'kind', type: 'text', of: (row) => row.kind },
  { name: 'run_id', type: 'uuid', of: (row) => row.runId },
  { name: 'ordinal', type: 'int', of: (row) => row.ordinal },
  ...timerMoving,
];
const insertTimers = insertOf('timer', timerColumns);
const updateTimers = updateOf<TimerWrite>('timer', [idColumn, ...timerMoving], { where: `timer.state = 'pending'` });

const assignmentMoving: readonly Column<Assignment>[] = [
  { name: 'state', type: 'text', of: (row) => row.state },
  { name: 'run_id', type: 'uuid', of: (row) => row.runId },
  { name: 'changed_at', type: 'timestamptz', of: (row) => instantText(row.at) },
];
const assignmentColumns: readonly Column<Owned<Assignment>>[] = [
  idColumn,
  ...ownership,
  { name: 'person_id', type: 'uuid', of: (row) => row.person },
  { name: 'team_id', type: 'text', of: (row) => row.team },
  { name: 'dispatched_at', type: 'timestamptz', of: (row) => instantText(row.at) },
  ...assignmentMoving,
];
const insertAssignments = insertOf('assignment', assignmentColumns);
const updateAssignments = updateOf<Assignment>('assignment', [idColumn, ...assignmentMoving]);

/**
 * Writes runs, timers and assignments of incidents whose locks are held. What ends is written before what begins: one
 * unended alerting run per incident, one active assignment per person.
 */
export async function writeRuns(tx: Tx, now: Instant, changes: readonly Folded[]): Promise<void> {
  const all = <T>(of: (change: Folded) => readonly T[]): Owned<T>[] =>
    changes.flatMap((change) => of(change).map((one) => ({ ...one, incident: change.next.incident })));
  const ending = (timer: Owned<Timer>): Owned<TimerWrite> => ({ ...timer, endedAt: now });

  await together(
    updateAll(
      tx,
      updateRuns,
      all(({ runs }) => runs.updated),
    ),
    insertAll(
      tx,
      insertRuns,
      all(({ runs }) => runs.inserted),
    ),
    updateAll(tx, updateTimers, all(({ timers }) => timers.updated).map(ending)),
    insertAll(tx, insertTimers, all(({ timers }) => timers.inserted).map(ending)),
    updateAll(
      tx,
      updateAssignments,
      all(({ assignments }) => assignments.updated),
    ),
    insertAll(
      tx,
      insertAssignments,
      all(({ assignments }) => assignments.inserted),
    ),
  );
}

/** Under the incident's lock nobody else writes these rows: one that did not match is a bug, and not a conflict to repeat. */
async function updateAll<Row>(tx: Tx, statement: Statement<Row>, rows: readonly Row[]): Promise<void> {
  const { rowCount } = await run(tx, statement, rows);
  if (rowCount !== rows.length)
    throw new Error(`${statement.what}: ${rowCount} of ${rows.length} rows were as they had been loaded`);
}

/**
 * Likewise a unique violation here is a rule that numbered something twice. It must not look like a race, for races are
 * repeated and never set aside as poison.
 */
export async function insertAll<Row>(tx: Tx, statement: Statement<Row>, rows: readonly Row[]): Promise<void> {
  try {
    await run(tx, statement, rows);
  } catch (error) {
    if ((error as { code?: unknown }).code !== '23505') throw error;
    throw new Fault('store-refused', {
      message: `${statement.what}: ${(error as { detail?: string }).detail ?? String(error)}`,
      cause: error,
    });
  }
}

export type { Written };
