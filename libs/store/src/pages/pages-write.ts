import { type ChannelKind, Fault, type Instant, instantText, type Reason } from '@tocsin/domain';
import { type Column, insertOf, run, type Statement, textArray, updateOf } from '../column-arrays.js';
import type { DeliveryRow, DeliveryState, PageRow } from './pages-rows.js';
import type { Tx } from '../pool.js';
import { together } from '../together.js';

export interface NewDelivery
  extends Pick<
    DeliveryRow,
    | 'id'
    | 'agency_id'
    | 'target_kind'
    | 'target_id'
    | 'channel'
    | 'rung'
    | 'severity'
    | 'notification_ids'
    | 'incident_ids'
  > {
  readonly codeHash: Buffer | null;
  readonly madeAt: Instant;
  /** When the attempt counts as unknown. */
  readonly actAt: Instant;
}

const newDeliveries = insertOf<NewDelivery>('delivery', [
  { name: 'id', type: 'uuid', of: (row) => row.id },
  { name: 'agency_id', type: 'text', of: (row) => row.agency_id },
  { name: 'target_kind', type: 'text', of: (row) => row.target_kind },
  { name: 'target_id', type: 'text', of: (row) => row.target_id },
  { name: 'channel', type: 'text', of: (row) => row.channel },
  { name: 'rung', type: 'int', of: (row) => row.rung },
  { name: 'severity', type: 'text', of: (row) => row.severity },
  { name: 'notification_ids', type: 'uuid[]', of: (row) => textArray(row.notification_ids) },
  { name: 'incident_ids', type: 'uuid[]', of: (row) => textArray(row.incident_ids) },
  { name: 'state', type: 'text', of: () => 'sending' },
  { name: 'code_hash', type: 'bytea', of: (row) => row.codeHash },
  { name: 'made_at', type: 'timestamptz', of: (row) => instantText(row.madeAt) },
  { name: 'act_at', type: 'timestamptz', of: (row) => instantText(row.actAt) },
]);

/** New deliveries, in the state `sending`; their first attempt is written by `beginAttempts`. */
export async function insertDeliveries(tx: Tx, deliveries: readonly NewDelivery[]): Promise<void> {
  await run(tx, newDeliveries, deliveries);
}

export interface AttemptBegin {
  readonly deliveryId: string;
  readonly ordinal: number;
  readonly at: Instant;
}
const newAttempts = insertOf<AttemptBegin>('attempt', [
  { name: 'delivery_id', type: 'uuid', of: (row) => row.deliveryId },
  { name: 'ordinal', type: 'int', of: (row) => row.ordinal },
  { name: 'state', type: 'text', of: () => 'sending' },
  { name: 'began_at', type: 'timestamptz', of: (row) => instantText(row.at) },
]);
export async function beginAttempts(tx: Tx, attempts: readonly AttemptBegin[]): Promise<void> {
  await run(tx, newAttempts, attempts);
}

export interface AttemptEnd {
  readonly deliveryId: string;
  readonly ordinal: number;
  readonly state: 'accepted' | 'failed' | 'unknown' | 'abandoned';
  readonly at: Instant;
  readonly code: string | null;
  readonly providerId: string | null;
}
const attemptEnds: readonly Column<AttemptEnd>[] = [
  { name: 'delivery_id', type: 'uuid', of: (row) => row.deliveryId },
  { name: 'ordinal', type: 'int', of: (row) => row.ordinal },
  { name: 'state', type: 'text', of: (row) => row.state },
  { name: 'ended_at', type: 'timestamptz', of: (row) => instantText(row.at) },
  { name: 'code', type: 'text', of: (row) => row.code },
  { name: 'provider_id', type: 'text', of: (row) => row.providerId },
];
const endedAttempts = updateOf('attempt', attemptEnds, { where: 'attempt.ordinal = r.ordinal' });
export async function endAttempts(tx: Tx, attempts: readonly AttemptEnd[]): Promise<void> {
  await run(tx, endedAttempts, attempts);
}

/** How a delivery stands from now on. */
export interface DeliveryWrite {
  readonly id: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly actAt: Instant | null;
  readonly proofDueAt: Instant | null;
  readonly codeUsedAt: Instant | null;
}
const textOf = (at: Instant | null): string | null => (at === null ? null : instantText(at));
const deliveryWrites = updateOf<DeliveryWrite>('delivery', [
  { name: 'id', type: 'uuid', of: (row) => row.id },
  { name: 'state', type: 'text', of: (row) => row.state },
  { name: 'attempts', type: 'int', of: (row) => row.attempts },
  { name: 'act_at', type: 'timestamptz', of: (row) => textOf(row.actAt) },
  { name: 'proof_due_at', type: 'timestamptz', of: (row) => textOf(row.proofDueAt) },
  { name: 'code_used_at', type: 'timestamptz', of: (row) => textOf(row.codeUsedAt) },
]);
export async function updateDeliveries(tx: Tx, deliveries: readonly DeliveryWrite[]): Promise<void> {
  await run(tx, deliveryWrites, deliveries);
}

/** A notification's move: compare-and-set on the state that the caller saw under the incident's lock. */
export interface PageMove {
  readonly id: string;
  readonly from: PageRow['state'];
  readonly to: PageRow['state'];
  readonly deliveryId: string | null;
  readonly reason: Reason | null;
  readonly at: Instant;
}
const moveColumns: readonly Column<PageMove>[] = [
  { name: 'id', type: 'uuid', of: (row) => row.id },
  { name: 'state', type: 'text', of: (row) => row.to },
  { name: 'delivery_id', type: 'uuid', of: (row) => row.deliveryId },
  { name: 'reason', type: 'jsonb', of: (row) => (row.reason === null ? null : JSON.stringify(row.reason)) },
  { name: 'changed_at', type: 'timestamptz', of: (row) => instantText(row.at) },
];
const movesFrom = (from: PageRow['state']): Statement<PageMove> =>
  updateOf('notification', moveColumns, { where: `notification.state = '${from}'` });
const pageMoves: Readonly<Record<PageRow['state'], Statement<PageMove>>> = {
  waiting: movesFrom('waiting'),
  sent: movesFrom('sent'),
  delivered: movesFrom('delivered'),
  seen: movesFrom('seen'),
  failed: movesFrom('failed'),
  suppressed: movesFrom('suppressed'),
};

/** @throws Fault 'begin-again' when a row is no longer as the caller saw it: somebody changed it without its incident. */
export async function movePages(tx: Tx, moves: readonly PageMove[]): Promise<void> {
  const states = [...new Set(moves.map((move) => move.from))];
  await together(
    ...states.map((from) =>
      moveFrom(
        tx,
        from,
        moves.filter((move) => move.from === from),
      ),
    ),
  );
}

async function moveFrom(tx: Tx, from: PageRow['state'], moves: readonly PageMove[]): Promise<void> {
  const { rowCount } = await run(tx, pageMoves[from], moves);
  if (rowCount !== moves.length)
    throw new Fault('begin-again', { message: `${moves.length - rowCount} notifications were no longer ${from}` });
}

const postponements = updateOf<{ id: string; until: Instant }>(
  'notification',
  [
    { name: 'id', type: 'uuid', of: (row) => row.id },
    { name: 'wait_until', type: 'timestamptz', of: (row) => instantText(row.until) },
  ],
  { where: `notification.state = 'waiting'` },
);
/** Pace said: not before then. */
export async function postponePages(
  tx: Tx,
  pages: readonly { readonly id: string; readonly until: Instant }[],
): Promise<void> {
  await run(tx, postponements, pages);
}

/** The same without the incidents' locks: a row that somebody holds is left as it is. */
export async function postponeFreePages(
  tx: Tx,
  pages: readonly { readonly id: string; readonly until: Instant }[],
): Promise<void> {
  if (pages.length === 0) return;
  await tx.query({
    name: 'pages-postpone-free',
    text: `UPDATE notification SET wait_until = r.until
           FROM (SELECT n.id, p.until FROM unnest($1::uuid[], $2::timestamptz[]) AS p(id, until) JOIN notification n USING (id)
                 WHERE n.state = 'waiting' FOR NO KEY UPDATE OF n SKIP LOCKED) AS r
           WHERE notification.id = r.id`,
    values: [pages.map(({ id }) => id), pages.map(({ until }) => instantText(until))],
  });
}

export interface PagerWrite {
  readonly personId: string;
  readonly channel: ChannelKind;
  readonly sentAt: readonly Instant[];
  readonly lastCriticalAt: Instant | null;
}
const pagerWrites = updateOf<PagerWrite>(
  'pager',
  [
    { name: 'person_id', type: 'uuid', of: (row) => row.personId },
    { name: 'channel', type: 'text', of: (row) => row.channel },
    { name: 'sent_at', type: 'timestamptz[]', of: (row) => textArray(row.sentAt.map(instantText)) },
    { name: 'last_critical_at', type: 'timestamptz', of: (row) => textOf(row.lastCriticalAt) },
  ],
  { where: 'pager.channel = r.channel' },
);
export async function updatePagers(tx: Tx, pagers: readonly PagerWrite[]): Promise<void> {
  await run(tx, pagerWrites, pagers);
}
