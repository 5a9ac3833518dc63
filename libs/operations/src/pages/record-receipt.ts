import { because } from '@tocsin/domain';
import { timingSafeEqual } from 'node:crypto';
import {
  type AttemptEnd,
  clockNow,
  type DeliveryRow,
  endAttempts,
  findDelivery,
  loadAggregates,
  lockDeliveries,
  movePages,
  type PageMove,
  pagesById,
  transaction,
  type Tx,
  updateDeliveries,
  waitingAbove,
} from '@tocsin/store';
import type { Context } from '../context.js';
import { PageChanges } from './page-changes.js';
import { pageEvent } from './page-event.js';
import { codeHash } from './page-secrets.js';
import { writeOf } from './record-result-decide.js';

export interface Receipt {
  readonly deliveryId: string;
  /** The delivery's code: a receipt has no session, so that the code is its proof. */
  readonly code: string;
  readonly state: 'delivered' | 'seen';
}
export type ReceiptAnswer =
  | { readonly ok: true; readonly recorded: boolean }
  | { readonly ok: false; readonly refusal: 'unknown-delivery' };

/**
 * A phone's word that a page arrived, or that its reader opened it. Idempotent. Also a late one counts: the page of the
 * next rung that still waits is then taken back. A wrong code and an unknown delivery are answered alike.
 */
export async function recordReceipt(context: Context, receipt: Receipt): Promise<ReceiptAnswer> {
  const known = await findDelivery(context.pool, { id: receipt.deliveryId });
  if (!known?.code_hash || !timingSafeEqual(known.code_hash, codeHash(receipt.code)))
    return { ok: false, refusal: 'unknown-delivery' };
  const recorded = await transaction(context.pool, async (tx) => {
    const loaded = await loadAggregates(tx, known.incident_ids);
    const [delivery] = await lockDeliveries(tx, [known.id]);
    if (!delivery) return false;
    const now = await clockNow(tx);
    const changes = new PageChanges();
    const moves = await arrive(tx, { changes, delivery, state: receipt.state, now });
    await updateDeliveries(tx, [{ ...writeOf(delivery), ...arrivedState(delivery, receipt.state) }]);
    await endAttempts(tx, provenAttempt(delivery, now));
    // crash-point: receipt.before-commit
    await movePages(tx, moves);
    await changes.commit(tx, now, loaded);
    return moves.length > 0;
  });
  if (recorded) context.tick();
  return { ok: true, recorded };
}

/** Seen is more than delivered and never goes back; nothing is waited for or sent again. */
export function arrivedState(delivery: DeliveryRow, state: Receipt['state']) {
  return { state: delivery.state === 'seen' ? ('seen' as const) : state, actAt: null, proofDueAt: null };
}

/**
 * Proof of arrival also ends the attempt that is under way: its sender may have died, and a delivery that is over is sent
 * no more. A sender that comes back still writes down how the call ended.
 */
export function provenAttempt({ id, state, attempts }: DeliveryRow, now: number): AttemptEnd[] {
  if (state !== 'sending') return [];
  return [{ deliveryId: id, ordinal: attempts, state: 'accepted', at: now, code: null, providerId: null }];
}

export interface Arrival {
  readonly changes: PageChanges;
  readonly delivery: DeliveryRow;
  readonly state: Receipt['state'];
  readonly now: number;
}

/** Moves of the delivery's pages, and of those that had climbed from them and still wait; their events go to `changes`. */
export async function arrive(tx: Tx, { changes, delivery, state, now }: Arrival): Promise<PageMove[]> {
  const before = state === 'seen' ? ['sent', 'failed', 'delivered'] : ['sent', 'failed'];
  const pages = (await pagesById(tx, delivery.notification_ids)).filter(
    (page) => page.delivery_id === delivery.id && before.includes(page.state),
  );
  const reason =
    state === 'seen'
      ? because('page-seen')
      : because('page-delivered', { channel: delivery.channel, proof: 'receipt' });
  const moves = pages.map((page): PageMove => {
    changes.add(page.incident_id, pageEvent({ page, type: `notification.${state}`, reason, deliveryId: delivery.id }));
    return { id: page.id, from: page.state, to: state, deliveryId: delivery.id, reason: null, at: now };
  });
  const below = because('page-arrived-below', { channel: delivery.channel });
  for (const page of pages.length === 0
    ? []
    : await waitingAbove(
        tx,
        pages.map(({ id }) => id),
      )) {
    changes.add(page.incident_id, pageEvent({ page, type: 'notification.suppressed', reason: below }));
    moves.push({ id: page.id, from: 'waiting', to: 'suppressed', deliveryId: null, reason: below, at: now });
  }
  return moves;
}
