import { because, type NewNotification } from '@tocsin/domain';
import {
  beginAttempts,
  clockNow,
  type DeliveryRow,
  type DeliveryWork,
  type DeliveryWrite,
  endAttempts,
  loadAggregates,
  type Loaded,
  lockDeliveries,
  movePages,
  pagesById,
  type PageRow,
  transaction,
  type Tx,
  updateDeliveries,
} from '@tocsin/store';
import { attemptEndsAt, incidentsOf, isLive } from './claim-deliveries.js';
import { raiseWithin } from '../system-alerts.js';
import { relayNotifications } from '../alerts/merge-alerts.js';
import type { HeldOptions } from '../patience.js';
import type { Claim, ClaimedDelivery, PageContext, Reach } from './page-context.js';
import { type Addressee, reachOf } from './page-recipients.js';
import { pageEvent } from './page-event.js';
import { writeOf } from './record-result-decide.js';
import { ResultBatch } from './record-result.js';

/**
 * Deliveries whose repeat is due, or whose attempt never came to a result (its process died): the attempt ends as
 * unknown, the runs are looked at again, and what is still wanted is sent again with the same key. No pace is spent.
 */
export async function claimAgain(
  context: PageContext,
  work: readonly DeliveryWork[],
  { skipsLocked = false, ...wait }: HeldOptions = {},
): Promise<Claim> {
  const config = await context.config.current();
  const wanted = [...new Set(work.flatMap(({ incidents }) => incidents))];
  const claiming = async (tx: Tx) => {
    const loaded = await loadAggregates(tx, wanted, { skipsLocked });
    const locked = await lockDeliveries(
      tx,
      work.filter(({ incidents }) => incidents.every((id) => loaded.has(id))).map(({ id }) => id),
    );
    const chosenAtMs = performance.now();
    const now = await clockNow(tx);
    const due = locked.filter(
      ({ state, act_at }) => (state === 'sending' || state === 'retry') && act_at !== null && act_at <= now,
    );
    const pages = new Map(
      (
        await pagesById(
          tx,
          due.flatMap(({ notification_ids }) => notification_ids),
        )
      ).map((page) => [page.id, page]),
    );
    const reach = await reachOf(
      { context, q: tx },
      config.document,
      due.map(({ target_kind: kind, target_id: id, rung }) => ({ kind, id, rung })),
    );
    const batch = new ResultBatch(context, config, loaded);
    const again = new Resends(batch, { now, loaded, reach, deadlineMs: context.channel.deadlineMs });
    for (const delivery of due)
      again.take(
        delivery,
        delivery.notification_ids.flatMap((id) => pages.get(id) ?? []),
      );
    await endAttempts(tx, batch.attempts);
    await updateDeliveries(tx, again.writes());
    // crash-point: again.before-commit
    await beginAttempts(
      tx,
      again.claimed.map(({ id, ordinal }) => ({ deliveryId: id, ordinal, at: now })),
    );
    await movePages(tx, batch.moves);
    const notifications: readonly NewNotification[] = await batch.changes.commit(tx, now, loaded);
    return {
      claim: {
        deliveries: again.claimed,
        locked: wanted.filter((id) => !loaded.has(id)),
        chosenAtMs,
        config: config.document,
      },
      notifications,
      raised: await raiseWithin(context, tx, { now, causes: batch.causes }),
    };
  };
  const claimed = await transaction(context.pool, claiming, wait);
  claimed.raised();
  // crash-point: again.after-commit
  relayNotifications(context, claimed.notifications);
  return claimed.claim;
}

interface ResendFacts {
  readonly now: number;
  readonly loaded: ReadonlyMap<string, Loaded>;
  readonly reach: (of: Addressee) => Reach;
  readonly deadlineMs: number;
}

/** The pure middle: which deliveries go out again, and which have ended. */
class Resends {
  readonly claimed: ClaimedDelivery[] = [];
  private readonly begun = new Map<string, DeliveryWrite>();

  constructor(
    private readonly batch: ResultBatch,
    private readonly facts: ResendFacts,
  ) {}

  take(delivery: DeliveryRow, pages: readonly PageRow[]): void {
    const { now, loaded } = this.facts;
    const own = pages.filter((page) => page.delivery_id === delivery.id);
    if (delivery.state === 'sending') {
      const lost = { ordinal: delivery.attempts, outcome: { kind: 'unknown', code: 'no-result' } } as const;
      if (this.batch.take(delivery, lost, own, now).delivery.state !== 'retry') return;
    }
    const live = own.filter((page) => page.state === 'sent' && isLive(page, loaded));
    const over = own.filter((page) => page.state === 'sent' && !isLive(page, loaded));
    if (delivery.state === 'retry') this.endOver(over);
    if (live.length === 0) this.begun.set(delivery.id, { ...writeOf(delivery), state: 'failed', actAt: null });
    else this.begin(delivery, live);
  }

  /** One write a delivery: what begins again outweighs what its lost attempt said. */
  writes(): DeliveryWrite[] {
    return [...this.batch.writes.filter(({ id }) => !this.begun.has(id)), ...this.begun.values()];
  }

  private endOver(pages: readonly PageRow[]): void {
    const reason = because('page-run-over');
    for (const page of pages) {
      this.batch.changes.add(
        page.incident_id,
        pageEvent({ page, type: 'notification.suppressed', reason, deliveryId: page.delivery_id }),
      );
      this.batch.moves.push({
        id: page.id,
        from: 'sent',
        to: 'suppressed',
        deliveryId: page.delivery_id,
        reason,
        at: this.facts.now,
      });
    }
  }

  private begin(delivery: DeliveryRow, pages: readonly PageRow[]): void {
    const { now, loaded, reach, deadlineMs } = this.facts;
    const ordinal = delivery.attempts + 1;
    this.begun.set(delivery.id, {
      ...writeOf(delivery),
      state: 'sending',
      attempts: ordinal,
      actAt: attemptEndsAt(now, deadlineMs),
    });
    const reason = because('page-sent', { channel: delivery.channel, attempt: ordinal });
    for (const page of pages) {
      this.batch.changes.add(
        page.incident_id,
        pageEvent({ page, type: 'notification.sent', reason, deliveryId: delivery.id, attempt: ordinal }),
      );
    }
    const target = { kind: delivery.target_kind, id: delivery.target_id };
    this.claimed.push({
      id: delivery.id,
      ordinal,
      channel: delivery.channel,
      rung: delivery.rung,
      target,
      pages,
      incidents: incidentsOf([...new Set(pages.map(({ incident_id }) => incident_id))], loaded),
      incidentIds: delivery.incident_ids,
      madeAt: delivery.made_at,
      reach: reach({ ...target, rung: delivery.rung }),
    });
  }
}
