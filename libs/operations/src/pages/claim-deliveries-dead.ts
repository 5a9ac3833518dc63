import { because } from '@tocsin/domain';
import { clockNow, deadPagesOf, loadAggregates, movePages, transaction } from '@tocsin/store';
import type { Context } from '../context.js';
import { PageChanges } from './page-changes.js';
import { pageEvent } from './page-event.js';

/**
 * Waiting pages whose run is over end as suppressed. Whoever ends a run does this himself in the same transaction; this
 * is the net under it, so that such a page neither waits for ever nor goes unexplained.
 */
export async function suppressDeadPages(context: Context, incidents: readonly string[]): Promise<number> {
  if (incidents.length === 0) return 0;
  const count = await transaction(context.pool, async (tx) => {
    const loaded = await loadAggregates(tx, incidents);
    const now = await clockNow(tx);
    const pages = await deadPagesOf(tx, [...loaded.keys()]);
    const reason = because('page-run-over');
    const changes = new PageChanges();
    for (const page of pages)
      changes.add(page.incident_id, pageEvent({ page, type: 'notification.suppressed', reason }));
    await movePages(
      tx,
      pages.map(({ id }) => ({ id, from: 'waiting', to: 'suppressed', deliveryId: null, reason, at: now })),
    );
    await changes.commit(tx, now, loaded);
    return pages.length;
  });
  if (count > 0) context.log.warn('page.dead_suppressed', { count });
  context.tick();
  return count;
}
