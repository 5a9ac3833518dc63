import { because, giveBack } from '@tocsin/domain';
import {
  clockNow,
  endAttempts,
  loadAggregates,
  lockDeliveries,
  lockPagers,
  movePages,
  type PageMove,
  type PageRow,
  pagesById,
  transaction,
  updateDeliveries,
  updatePagers,
} from '@tocsin/store';
import { isLive } from './claim-deliveries.js';
import { PageChanges } from './page-changes.js';
import type { ClaimedDelivery, PageContext } from './page-context.js';
import { pageEvent } from './page-event.js';
import { writeOf } from './record-result-decide.js';

/**
 * Too much time passed since the choice: an acknowledgement may have been answered in between, so nothing is sent. What
 * still runs waits again; a first attempt gives back exactly its slot, or the critical's mark; a repeat stays due.
 * Locks: incidents, deliveries, then pager rows.
 */
export async function abandonDeliveries(context: PageContext, claimed: readonly ClaimedDelivery[]): Promise<void> {
  if (claimed.length === 0) return;
  const ordinals = new Map(claimed.map(({ id, ordinal }) => [id, ordinal]));
  await transaction(context.pool, async (tx) => {
    const loaded = await loadAggregates(tx, [...new Set(claimed.flatMap(({ incidentIds }) => incidentIds))]);
    const locked = await lockDeliveries(tx, [...ordinals.keys()]);
    const mine = locked.filter(({ id, state, attempts }) => state === 'sending' && attempts === ordinals.get(id));
    const firsts = mine.filter(({ attempts }) => attempts === 1);
    const paced = firsts.filter(({ target_kind }) => target_kind === 'person');
    const pagers = await lockPagers(
      tx,
      context.channel.kind,
      paced.map(({ target_id }) => target_id),
    );
    const now = await clockNow(tx);
    const pages = await pagesById(
      tx,
      firsts.flatMap(({ notification_ids }) => notification_ids),
    );
    const changes = new PageChanges();
    const moves = pages
      .filter(({ state }) => state === 'sent')
      .map((page) => takeBack(changes, page, isLive(page, loaded), now));
    const refunds = new Map(
      [...pagers].map(([person, row]) => [person, { sentAt: row.sent_at, lastCriticalAt: row.last_critical_at }]),
    );
    for (const { target_id, made_at } of paced)
      refunds.set(target_id, giveBack(refunds.get(target_id) ?? { sentAt: [], lastCriticalAt: null }, made_at));
    await endAttempts(
      tx,
      mine.map(({ id, attempts }) => ({
        deliveryId: id,
        ordinal: attempts,
        state: 'abandoned',
        at: now,
        code: 'too-late',
        providerId: null,
      })),
    );
    await updateDeliveries(
      tx,
      mine.map((row) => ({
        ...writeOf(row),
        ...(row.attempts === 1
          ? { state: 'abandoned' as const, actAt: null }
          : { state: 'retry' as const, actAt: now }),
      })),
    );
    // crash-point: abandon.before-commit
    await movePages(tx, moves);
    await changes.commit(tx, now, loaded);
    await updatePagers(
      tx,
      [...refunds].map(([personId, pager]) => ({ personId, channel: context.channel.kind, ...pager })),
    );
  });
  context.log.warn('page.abandoned', { deliveries: claimed.length, channel: context.channel.kind });
}

function takeBack(changes: PageChanges, page: PageRow, live: boolean, now: number): PageMove {
  const reason = because(live ? 'page-abandoned' : 'page-run-over');
  changes.add(
    page.incident_id,
    pageEvent({
      page,
      type: live ? 'notification.queued' : 'notification.suppressed',
      reason,
      deliveryId: page.delivery_id,
    }),
  );
  return {
    id: page.id,
    from: 'sent',
    to: live ? 'waiting' : 'suppressed',
    deliveryId: null,
    reason: live ? null : reason,
    at: now,
  };
}
