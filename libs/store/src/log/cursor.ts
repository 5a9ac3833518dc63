import type { Pool, Queryable } from '../pool.js';
import type { ShownEvent } from '../incidents/reads-events.js';
import { transaction } from '../transaction.js';

/**
 * A place in the event log that no commit can fall behind of: generation, life of this PostgreSQL, and a snapshot that
 * says which transactions had been seen. Opaque to clients. `position` alone would lose what a slower transaction
 * commits later. After a crash PostgreSQL hands out rolled-back transaction ids again, hence the life: its start time
 * and the reset of its statistics. A SIGKILL of one backend restarts all of them without a new start time (tried on
 * 15.18: the same transaction id was given twice), but every crash recovery resets the statistics (15 and later).
 */
export type Cursor = string;

export interface EventsSince {
  readonly cursor: Cursor;
  /** Committed since, in order of position; within a stream that is the order of seq. */
  readonly rows: readonly ShownEvent[];
}

export interface CursorLimits {
  /** Further behind than this many events, or transactions, a snapshot is cheaper. */
  readonly rows?: number;
  readonly transactions?: number;
}

interface Place {
  readonly life: string;
  readonly snapshot: string;
  readonly xmax: bigint;
}

const defaults = { rows: 5_000, transactions: 50_000 };
/** More transactions at once than any server of ours has connections. */
const MAX_IN_PROGRESS = 10_000;
const XID_LIMIT = 2n ** 63n;

/** A cursor from which everything that commits later will be told. */
export async function currentCursor(q: Queryable): Promise<Cursor> {
  const { life, snapshot } = await currentPlace(q);
  return `${life}:${snapshot}`;
}

/**
 * What was committed after `cursor`: every event once, none missed, whatever order transactions ended in.
 * 'snapshot-needed' when the cursor is not ours, of another life of the database, or too far behind.
 */
export async function eventsSince(
  q: Queryable,
  cursor: Cursor,
  limits: CursorLimits = {},
): Promise<EventsSince | 'snapshot-needed'> {
  const old = parseCursor(cursor);
  if (old === null) return 'snapshot-needed';
  const now = await currentPlace(q);
  if (!follows(old, now, limits.transactions ?? defaults.transactions)) return 'snapshot-needed';
  const next = `${now.life}:${now.snapshot}`;
  // Nothing has ended since: the same snapshot means the same events.
  if (now.snapshot === old.snapshot) return { cursor: next, rows: [] };
  const limit = limits.rows ?? defaults.rows;
  const { rows } = await q.query<ShownEvent & { seq: string; behind: number }>({
    name: 'events since',
    text: `${delta('LIMIT $3')} ${countedInOrder}`,
    values: [old.snapshot, now.snapshot, Number.isFinite(limit) ? limit + 1 : null],
  });
  const behind = rows[0]?.behind ?? 0;
  if (behind > limit) return 'snapshot-needed';
  return { cursor: next, rows: behind === 0 ? [] : rows.map(shown) };
}

/**
 * The same without a limit on rows, in portions, in one snapshot: for a reader that must have all of it (the gateway's
 * own). The new cursor counts once `take` has had every portion.
 */
export async function readEventsSince(
  pool: Pool,
  cursor: Cursor,
  take: (rows: readonly ShownEvent[]) => void | Promise<void>,
  portion = 2_000,
): Promise<Cursor | 'snapshot-needed'> {
  const old = parseCursor(cursor);
  if (old === null) return 'snapshot-needed';
  const work = async (tx: Queryable): Promise<Cursor | 'snapshot-needed'> => {
    const now = await currentPlace(tx);
    if (!follows(old, now, Number.POSITIVE_INFINITY)) return 'snapshot-needed';
    // DECLARE takes no parameters; both texts have been parsed above or come from the server.
    const text = delta('').replaceAll('$1', `'${old.snapshot}'`).replaceAll('$2', `'${now.snapshot}'`);
    await tx.query(`DECLARE delta_portal NO SCROLL CURSOR FOR ${text} ${inOrder}`);
    for (;;) {
      const { rows } = await tx.query<ShownEvent & { seq: string }>(`FETCH ${Math.trunc(portion)} FROM delta_portal`);
      if (rows.length === 0) return `${now.life}:${now.snapshot}`;
      await take(rows.map(shown));
    }
  };
  return transaction(pool, work, { isolation: 'REPEATABLE READ', readOnly: true, attempts: 1 });
}

/**
 * Events whose transaction the old snapshot ($1) had not seen ended and the new one ($2) has: what began since, and what
 * was in progress then. The cost is that of the delta (0.2 ms); `xid >= xmin` costs 0.9 s with one old writer open.
 * Materialised, so that no plan walks the log in order of position to save itself a sort; those in progress one by one,
 * for of `xid = ANY(..)` the planner expects so many rows that it reads the whole log (20 ms at 100,000 events).
 */
function delta(limit: string): string {
  const columns = `position, ${shownColumns}`;
  const visible = 'pg_visible_in_snapshot(xid, $2::pg_snapshot)';
  return `WITH delta AS MATERIALIZED (
    SELECT ${columns} FROM event
      WHERE xid >= pg_snapshot_xmax($1::pg_snapshot) AND xid < pg_snapshot_xmax($2::pg_snapshot) AND ${visible}
    UNION ALL
    SELECT late.* FROM pg_snapshot_xip($1::pg_snapshot) AS began(xid)
      CROSS JOIN LATERAL (SELECT ${columns} FROM event WHERE event.xid = began.xid AND pg_visible_in_snapshot(began.xid, $2::pg_snapshot) OFFSET 0) AS late
    ${limit})`;
}

const shownColumns = `stream, seq, type, at, occurred_at AS "occurredAt", actor_kind AS "actorKind", actor_id AS "actorId",
  on_behalf_of AS "onBehalfOf", data, reason, reality, site_id AS site, incident`;
const shownFields =
  'stream, seq, type, at, "occurredAt", "actorKind", "actorId", "onBehalfOf", data, reason, reality, site, incident';
const inOrder = `SELECT ${shownFields} FROM delta ORDER BY position`;

/** The same with their number, and none of them when there are as many as the limit $3: what would be thrown away is not sent. */
const countedInOrder = `SELECT ${shownFields}, behind FROM (SELECT count(*)::int AS behind FROM delta) AS counted
  LEFT JOIN delta ON $3::bigint IS NULL OR behind < $3::bigint ORDER BY position`;

async function currentPlace(q: Queryable): Promise<Place> {
  const { rows } = await q.query<{ life: string; snapshot: string; xmax: string }>({
    name: 'current cursor',
    text: `SELECT generation || '.' || micros(pg_postmaster_start_time()) || '.' || coalesce(micros(w.stats_reset), 0) AS life, s::text AS snapshot, pg_snapshot_xmax(s)::text AS xmax
           FROM cluster, pg_stat_wal AS w, pg_current_snapshot() AS s`,
  });
  const row = rows[0];
  if (row === undefined) throw new Error('the table `cluster` must have its row');
  return { life: row.life, snapshot: row.snapshot, xmax: BigInt(row.xmax) };
}

function follows(old: Place, now: Place, transactions: number): boolean {
  return old.life === now.life && old.xmax <= now.xmax && Number(now.xmax - old.xmax) <= transactions;
}

const cursorForm = /^(\d{1,9}(?:\.\d{1,18}){2}):((\d{1,19}):(\d{1,19}):(\d{1,19}(?:,\d{1,19})*)?)$/;

/** A client may send anything: only what PostgreSQL's own pg_snapshot input would take passes; null = not one of ours. */
export function parseCursor(cursor: unknown): Place | null {
  if (typeof cursor !== 'string' || cursor.length > 20 * (MAX_IN_PROGRESS + 4)) return null;
  const match = cursorForm.exec(cursor);
  if (match === null) return null;
  const [, life, snapshot, xminText, xmaxText, xipText] = match;
  const [xmin, xmax] = [BigInt(xminText ?? 0), BigInt(xmaxText ?? 0)];
  const xip = xipText === undefined ? [] : xipText.split(',').map(BigInt);
  const rising = xip.every((xid, index) => xid >= xmin && xid < xmax && (index === 0 || xid > (xip[index - 1] ?? xid)));
  if (xmin < 1n || xmin > xmax || xmax >= XID_LIMIT || xip.length > MAX_IN_PROGRESS || !rising) return null;
  return { life: life ?? '', snapshot: snapshot ?? '', xmax };
}

function shown(row: ShownEvent & { seq: string }): ShownEvent {
  const { stream, type, at, occurredAt, actorKind, actorId, onBehalfOf, data, reason, reality, site, incident } = row;
  const seq = Number(row.seq);
  return { stream, seq, type, at, occurredAt, actorKind, actorId, onBehalfOf, data, reason, reality, site, incident };
}
