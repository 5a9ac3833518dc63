import type { ChannelKind, Instant, NewNotification, Reality, Severity } from '@tocsin/domain';
import type { Tx } from '../pool.js';

/** A notification as its row stands. */
export interface PageRow {
  readonly id: string;
  readonly incident_id: string;
  readonly run_id: string | null;
  readonly kind: NewNotification['kind'];
  readonly notice: string | null;
  readonly step: number;
  readonly repeat: number;
  readonly target_kind: 'person' | 'channel';
  readonly target_id: string;
  readonly channel: ChannelKind;
  readonly rung: number;
  readonly severity: Severity;
  readonly reality: Reality;
  readonly state: 'waiting' | 'sent' | 'delivered' | 'seen' | 'failed' | 'suppressed';
  readonly due_at: Instant;
  readonly wait_until: Instant;
  readonly delivery_id: string | null;
}
const pageColumns = `id, incident_id, run_id, kind, notice, step, repeat, target_kind, target_id, channel, rung, severity, reality, state,
  due_at, wait_until, delivery_id`;

export type DeliveryState = 'sending' | 'retry' | 'accepted' | 'delivered' | 'seen' | 'failed' | 'abandoned';
export interface DeliveryRow {
  readonly id: string;
  readonly agency_id: string;
  readonly target_kind: 'person' | 'channel';
  readonly target_id: string;
  readonly channel: ChannelKind;
  readonly rung: number;
  readonly severity: Severity;
  readonly notification_ids: readonly string[];
  readonly incident_ids: readonly string[];
  readonly state: DeliveryState;
  readonly code_hash: Buffer | null;
  readonly code_used_at: Instant | null;
  readonly made_at: Instant;
  /** Ordinal of the latest attempt. */
  readonly attempts: number;
  readonly act_at: Instant | null;
  readonly proof_due_at: Instant | null;
}

/** What waits for these people on this channel, of incidents that the caller has locked (or looks at without a lock). */
export async function waitingOfPeople(
  tx: Tx,
  channel: ChannelKind,
  people: readonly string[],
  incidents: readonly string[],
): Promise<PageRow[]> {
  const { rows } = await tx.query<PageRow & Record<string, unknown>>({
    name: 'pages-waiting-people',
    text: `SELECT ${pageColumns} FROM notification
      WHERE state = 'waiting' AND target_kind = 'person' AND channel = $1 AND target_id = ANY($2::text[]) AND incident_id = ANY($3::uuid[])
      ORDER BY due_at, id`,
    values: [channel, people, incidents],
  });
  return rows;
}

/** Notifications by id, whatever their state, of incidents that the caller has locked. */
export async function pagesById(tx: Tx, ids: readonly string[]): Promise<PageRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await tx.query<PageRow & Record<string, unknown>>({
    name: 'pages-by-id',
    text: `SELECT ${pageColumns} FROM notification WHERE id = ANY($1::uuid[]) ORDER BY due_at, id`,
    values: [ids],
  });
  return rows;
}

/** Pages that climbed from one of these and still wait: the same run, step, repeat and target, a higher rung. */
export async function waitingAbove(tx: Tx, ids: readonly string[]): Promise<PageRow[]> {
  const { rows } = await tx.query<PageRow & Record<string, unknown>>({
    name: 'pages-above',
    text: `SELECT ${pageColumns.replace(/(\w+)/g, 'w.$1')} FROM notification n JOIN notification w
        ON w.incident_id = n.incident_id AND w.run_id IS NOT DISTINCT FROM n.run_id AND w.kind = n.kind AND w.step = n.step
        AND w.repeat = n.repeat AND w.target_kind = n.target_kind AND w.target_id = n.target_id
        AND w.notice IS NOT DISTINCT FROM n.notice AND w.rung > n.rung
      WHERE n.id = ANY($1::uuid[]) AND w.state = 'waiting'`,
    values: [ids],
  });
  return rows;
}

/** Waiting pages of these (locked) incidents whose run is not running. */
export async function deadPagesOf(tx: Tx, incidents: readonly string[]): Promise<PageRow[]> {
  const { rows } = await tx.query<PageRow & Record<string, unknown>>({
    name: 'pages-dead-of',
    text: `SELECT ${pageColumns} FROM notification WHERE incident_id = ANY($1::uuid[]) AND state = 'waiting'
      AND run_id IN (SELECT id FROM run WHERE incident_id = ANY($1::uuid[]) AND state <> 'running')`,
    values: [incidents],
  });
  return rows;
}

/** Locks deliveries in id order. The caller holds the locks of their incidents. */
export async function lockDeliveries(tx: Tx, ids: readonly string[]): Promise<DeliveryRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await tx.query<DeliveryRow & Record<string, unknown>>({
    name: 'deliveries-lock',
    text: `SELECT * FROM delivery WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
    values: [ids],
  });
  return rows;
}

/**
 * Without a lock: which incidents a delivery names, and whose code it is. Null also for what was sent before its person's
 * rights or password changed: the phone that shows it may be in other hands, and proves nothing any more.
 */
export async function findDelivery(
  tx: Pick<Tx, 'query'>,
  by: { readonly id: string } | { readonly codeHash: Buffer },
): Promise<DeliveryRow | null> {
  const [column, value] = 'id' in by ? ['id', by.id] : ['code_hash', by.codeHash];
  const { rows } = await tx.query<DeliveryRow & Record<string, unknown>>({
    name: `delivery-by-${column}`,
    text: `SELECT d.* FROM delivery d LEFT JOIN person p ON p.id = CASE WHEN d.target_kind = 'person' THEN d.target_id::uuid END
           WHERE d.${column} = $1 AND (p.id IS NULL OR d.made_at >= p.rights_changed_at)`,
    values: [value],
  });
  return rows[0] ?? null;
}

export interface PagerRow {
  readonly person_id: string;
  readonly sent_at: readonly Instant[];
  readonly last_critical_at: Instant | null;
}

/** The pager rows of these people as they are; whoever was never paged has none. */
export async function readPagers(
  tx: Tx,
  channel: ChannelKind,
  people: readonly string[],
): Promise<Map<string, PagerRow>> {
  const { rows } = await tx.query<PagerRow & Record<string, unknown>>({
    name: 'pagers-read',
    text: 'SELECT person_id, sent_at, last_critical_at FROM pager WHERE person_id = ANY($1::uuid[]) AND channel = $2',
    values: [people, channel],
  });
  return new Map(rows.map((row) => [row.person_id, row]));
}

/** Makes and locks the pager rows of these people, in their order: the last locks that a claim takes. */
export async function lockPagers(
  tx: Tx,
  channel: ChannelKind,
  people: readonly string[],
): Promise<Map<string, PagerRow>> {
  const sorted = [...new Set(people)].sort();
  if (sorted.length === 0) return new Map();
  const select = async () =>
    (
      await tx.query<PagerRow & Record<string, unknown>>({
        name: 'pagers-lock',
        text: `SELECT person_id, sent_at, last_critical_at FROM pager WHERE person_id = ANY($1::uuid[]) AND channel = $2 ORDER BY person_id FOR UPDATE`,
        values: [sorted, channel],
      })
    ).rows;
  let rows = await select();
  if (rows.length < sorted.length) {
    await tx.query({
      name: 'pagers-make',
      text: `INSERT INTO pager (person_id, channel) SELECT id, $2 FROM unnest($1::uuid[]) AS p(id) ORDER BY id ON CONFLICT DO NOTHING`,
      values: [sorted, channel],
    });
    rows = await select();
  }
  return new Map(rows.map((row) => [row.person_id, row]));
}
