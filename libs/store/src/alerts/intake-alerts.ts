import { type Instant, instantText, laneOf, type Severity, type Signal } from '@tocsin/domain';
import {
  arraysOf,
  cellsOf,
  type Column,
  expressionOf,
  namesOf,
  rowOf,
  rowsOf,
  run,
  updateOf,
} from '../column-arrays.js';
import type { Tx } from '../pool.js';

/** A request's bytes as they came. One row a request, kept only if the request made or ended an episode. */
export interface NewRawSignal {
  readonly id: string;
  readonly agency: string;
  readonly principalKind: 'source' | 'person';
  readonly principalId: string;
  /** "POST /v1/alerts" */
  readonly door: string;
  readonly contentType: string | null;
  readonly body: Buffer;
}

/** A new episode. `endedAt` is set when it ended in the very batch that began it. */
export interface NewAlert {
  readonly id: string;
  readonly agency: string;
  readonly principalKind: 'source' | 'person';
  readonly principalId: string;
  /** SHA-256 over agency, principal, reality and key (`keyHash`): bytes, or their hex. */
  readonly keyHash: Buffer | string;
  readonly signal: Signal;
  readonly groupKey: string | null;
  readonly rawId: string;
  readonly rawIndex: number;
  readonly count: number;
  readonly endedAt: Instant | null;
  readonly endedBy?: EndedAlert['by'] | null;
}

const at = (instant: Instant | null): string | null => (instant === null ? null : instantText(instant));

const alertColumns: readonly Column<NewAlert>[] = [
  { name: 'id', type: 'uuid', of: ({ id }) => id },
  { name: 'agency_id', type: 'text', of: ({ agency }) => agency },
  { name: 'principal_kind', type: 'text', of: ({ principalKind }) => principalKind },
  { name: 'principal_id', type: 'text', of: ({ principalId }) => principalId },
  { name: 'key', type: 'text', of: ({ signal }) => signal.key },
  { name: 'key_hash', type: 'bytea', of: ({ keyHash }) => (typeof keyHash === 'string' ? `\\x${keyHash}` : keyHash) },
  { name: 'reality', type: 'text', of: ({ signal }) => signal.reality },
  { name: 'site_id', type: 'text', of: ({ signal }) => signal.site },
  { name: 'zone', type: 'text', of: ({ signal }) => signal.zone },
  { name: 'category', type: 'text', of: ({ signal }) => signal.category },
  { name: 'severity', type: 'text', of: ({ signal }) => signal.severity },
  { name: 'lane', type: 'smallint', of: ({ signal }) => laneOf(signal.severity) },
  { name: 'title', type: 'text', of: ({ signal }) => signal.title },
  { name: 'description', type: 'text', of: ({ signal }) => signal.description },
  { name: 'lang', type: 'text', of: ({ signal }) => signal.lang },
  { name: 'labels', type: 'jsonb', of: ({ signal }) => JSON.stringify(signal.labels) },
  { name: 'links', type: 'jsonb', of: ({ signal }) => JSON.stringify(signal.links) },
  {
    name: 'location',
    type: 'jsonb',
    of: ({ signal }) => (signal.location === null ? null : JSON.stringify(signal.location)),
  },
  { name: 'occurred_at', type: 'timestamptz', of: ({ signal }) => at(signal.occurredAt) },
  { name: 'starts_at', type: 'timestamptz', of: ({ signal }) => at(signal.startsAt) },
  { name: 'ends_at', type: 'timestamptz', of: ({ signal }) => at(signal.endsAt) },
  { name: 'count', type: 'int', of: ({ count }) => count },
  { name: 'raw_id', type: 'uuid', of: ({ rawId }) => rawId },
  { name: 'raw_index', type: 'int', of: ({ rawIndex }) => rawIndex },
  { name: 'group_key', type: 'text', of: ({ groupKey }) => groupKey },
  { name: 'ended_at', type: 'timestamptz', of: ({ endedAt }) => at(endedAt) },
  { name: 'ended_by', type: 'text', of: ({ endedBy }) => endedBy ?? null },
];

const rawColumns: readonly Column<NewRawSignal>[] = [
  { name: 'id', type: 'uuid', of: ({ id }) => id },
  { name: 'agency_id', type: 'text', of: ({ agency }) => agency },
  { name: 'principal_kind', type: 'text', of: ({ principalKind }) => principalKind },
  { name: 'principal_id', type: 'text', of: ({ principalId }) => principalId },
  { name: 'door', type: 'text', of: ({ door }) => door },
  { name: 'content_type', type: 'text', of: ({ contentType }) => contentType },
  { name: 'length', type: 'int', of: ({ body }) => body.length },
];

const insertion = (isOne: boolean): { readonly name: string; readonly text: string } => {
  const source = isOne ? rowOf : rowsOf;
  return {
    name: isOne ? 'intake-insert-one' : 'intake-insert',
    text: `
    WITH clock AS (SELECT coalesce($1::timestamptz, clock_timestamp()) AS now),
    raw AS (
      INSERT INTO raw_signal (id, agency_id, principal_kind, principal_id, door, content_type, body, received_at)
      SELECT r.id, r.agency_id, r.principal_kind, r.principal_id, r.door, r.content_type,
             substring($2::bytea FROM (r.upto - r.length + 1)::int FOR r.length), clock.now
      FROM clock, (SELECT *, sum(length) OVER (ROWS UNBOUNDED PRECEDING) AS upto
                   FROM ${source(rawColumns, 3)} AS u(${namesOf(rawColumns)})) AS r
    )
    INSERT INTO alert (${namesOf(alertColumns)}, status, accepted_at, last_signal_at, work_due_at)
    SELECT ${alertColumns.map(expressionOf).join(', ')},
      CASE WHEN r.ended_at IS NULL THEN 'firing' ELSE 'resolved' END, clock.now, clock.now, clock.now
    FROM clock, ${source(alertColumns, 3 + rawColumns.length)} AS r(${namesOf(alertColumns)})
    ORDER BY r.key_hash
    ON CONFLICT (key_hash) WHERE status = 'firing' DO NOTHING`,
  };
};
const [insertOne, insertMany] = [insertion(true), insertion(false)];

/**
 * One statement for all new episodes of a batch and the requests they came in, locks taken in the order of the key
 * hashes (bytes). `at` null: the database's clock. Answers how many alerts it made: fewer than were given means that
 * one of the keys fires already, and the caller must roll back.
 * The bodies travel as one binary parameter that the server cuts: as an array of bytea they cost twice their size in hex.
 */
export async function insertAlerts(
  tx: Tx,
  at: Instant | null,
  alerts: readonly NewAlert[],
  raws: readonly NewRawSignal[],
): Promise<number> {
  const clock = at === null ? null : instantText(at);
  const [alert, raw] = [alerts[0], raws[0]];
  const isOne = alerts.length === 1 && raws.length === 1;
  const query =
    isOne && alert !== undefined && raw !== undefined
      ? { ...insertOne, values: [clock, raw.body, ...cellsOf(raw, rawColumns), ...cellsOf(alert, alertColumns)] }
      : {
          ...insertMany,
          values: [
            clock,
            Buffer.concat(raws.map(({ body }) => body)),
            ...arraysOf(raws, rawColumns),
            ...arraysOf(alerts, alertColumns),
          ],
        };
  const { rowCount } = await tx.query(query);
  return rowCount ?? 0;
}

/** Further signals of a stored episode, folded: what its row says from now on. */
export interface UpdatedAlert {
  readonly id: string;
  readonly count: number;
  readonly severity: Severity;
  readonly startsAt: Instant | null;
  readonly endsAt: Instant | null;
  readonly lastSignalAt: Instant;
  /** Tell the engine: null = counted only, else the time at which there is something to report. */
  readonly reportAt: Instant | null;
}

const updateColumns: readonly Column<UpdatedAlert>[] = [
  { name: 'id', type: 'uuid', of: ({ id }) => id },
  { name: 'count', type: 'int', of: ({ count }) => count },
  { name: 'severity', type: 'text', of: ({ severity }) => severity },
  { name: 'lane', type: 'smallint', of: ({ severity }) => laneOf(severity) },
  { name: 'starts_at', type: 'timestamptz', of: ({ startsAt }) => at(startsAt) },
  // A renewed `endsAt` takes an old mark of staleness back, and may become stale again.
  {
    name: 'stale_reported',
    type: 'boolean',
    of: () => false,
    as: 'alert.stale_reported AND r.ends_at IS NOT DISTINCT FROM alert.ends_at',
  },
  { name: 'ends_at', type: 'timestamptz', of: ({ endsAt }) => at(endsAt) },
  { name: 'last_signal_at', type: 'timestamptz', of: ({ lastSignalAt }) => instantText(lastSignalAt) },
  {
    name: 'work_due_at',
    type: 'timestamptz',
    of: ({ reportAt }) => at(reportAt),
    // Reported before: not sooner than 10 s after the last report (decisions.md section 4); a higher severity at once.
    // What was parked has an incident of its own and is looked at no more: it must not count as a backlog.
    as: `LEAST(alert.work_due_at, CASE WHEN alert.parked_at IS NOT NULL THEN NULL WHEN alert.merged_at IS NULL OR alert.reported_count <= 1 OR r.severity <> alert.severity OR r.ends_at <= r.work_due_at
           THEN r.work_due_at ELSE GREATEST(r.work_due_at, alert.reported_at + interval '10 seconds') END)`,
  },
];
const updateStatement = updateOf('alert', updateColumns, {
  tail: 'RETURNING alert.id, coalesce(alert.work_due_at <= r.work_due_at, false) AS due',
});

/**
 * Writes what the fold made of stored episodes; the caller holds the rows' locks. Answers the ids whose report is due
 * now, so that only these are sent on a lane.
 */
export async function updateAlerts(tx: Tx, updates: readonly UpdatedAlert[]): Promise<string[]> {
  const { rows } = await run<UpdatedAlert, { id: string; due: boolean }>(tx, updateStatement, updates);
  return rows.flatMap(({ id, due }) => (due ? [id] : []));
}

export interface EndedAlert {
  readonly id: string;
  /** source: its own resolve. superseded: a newer episode of the key begins in the same transaction. */
  readonly by: 'source' | 'superseded';
  readonly at: Instant;
}

const endColumns: readonly Column<EndedAlert>[] = [
  { name: 'id', type: 'uuid', of: ({ id }) => id },
  { name: 'status', type: 'text', of: () => 'resolved' },
  { name: 'ended_by', type: 'text', of: ({ by }) => by },
  { name: 'ended_at', type: 'timestamptz', of: ({ at: endedAt }) => instantText(endedAt) },
  { name: 'last_signal_at', type: 'timestamptz', of: ({ at: endedAt }) => instantText(endedAt) },
  {
    name: 'work_due_at',
    type: 'timestamptz',
    of: ({ at: endedAt }) => instantText(endedAt),
    as: 'CASE WHEN alert.parked_at IS NULL THEN r.work_due_at END',
  },
];
const endStatement = updateOf('alert', endColumns, { where: "alert.status = 'firing'" });

/** Ends episodes; the caller holds the rows' locks. In a statement of its own before the inserts: in one, an accepted alert was lost. */
export async function endAlerts(tx: Tx, ended: readonly EndedAlert[]): Promise<void> {
  await run(tx, endStatement, ended);
}
