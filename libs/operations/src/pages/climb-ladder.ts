import {
  because,
  type ConfigDocument,
  findPerson,
  type Instant,
  nextRung,
  type Reason,
  type Rung,
  severityRank,
} from '@tocsin/domain';
import {
  clockNow,
  type DeliveryRow,
  type DeliveryWork,
  loadAggregates,
  type Loaded,
  lockDeliveries,
  movePages,
  type PageMove,
  pagesById,
  type PageRow,
  transaction,
  type Tx,
  updateDeliveries,
} from '@tocsin/store';
import { v7 } from 'uuid';
import { isLive } from './claim-deliveries.js';
import type { Context } from '../context.js';
import { relayNotifications } from '../alerts/merge-alerts.js';
import { PageChanges } from './page-changes.js';
import type { HeldOptions } from '../patience.js';
import { pageEvent } from './page-event.js';
import { writeOf } from './record-result-decide.js';
import { raiseWithin, type SystemCause } from '../system-alerts.js';

/** Where a target's ladder goes on after `rung`. Channels have no ladder. */
export function rungAfter(
  config: ConfigDocument,
  { target_kind, target_id, rung }: Pick<DeliveryRow, 'target_kind' | 'target_id' | 'rung'>,
): Rung | null {
  if (target_kind === 'channel') return null;
  const person = findPerson(config, target_id);
  return person ? nextRung(person, rung) : null;
}

export interface Climb {
  readonly page: PageRow;
  readonly next: Rung | null;
  /** Why this rung failed, and the short code of it. */
  readonly reason: Reason;
  readonly code: string;
  readonly now: Instant;
}

/**
 * A page has failed by its rung: said as an event, and queued by the next rung at once, for the same run, step and
 * repeat. Answers the page's own move.
 */
export function climb(changes: PageChanges, { page, next, reason, code, now }: Climb): PageMove {
  changes.add(page.incident_id, pageEvent({ page, type: 'notification.failed', reason, deliveryId: page.delivery_id }));
  if (next) {
    const higher = { ...page, id: v7(), channel: next.channel, rung: next.rung };
    changes.queue(page.incident_id, {
      id: higher.id,
      runId: page.run_id,
      kind: page.kind,
      step: page.step,
      repeat: page.repeat,
      target: { kind: page.target_kind, id: page.target_id },
      channel: next.channel,
      rung: next.rung,
      severity: page.severity,
      dueAt: page.due_at,
      ...(page.notice === null ? {} : { notice: page.notice }),
    });
    const why = because('page-next-way', { channel: next.channel, from: page.channel, code });
    changes.add(page.incident_id, pageEvent({ page: higher, type: 'notification.queued', reason: why }));
  }
  return { id: page.id, from: page.state, to: 'failed', deliveryId: page.delivery_id, reason, at: now };
}

/** Nobody could be reached by any way: said aloud, except about the product's own incidents, whose pages fail alike. */
export function unreachable(page: PageRow, loaded: ReadonlyMap<string, Loaded>, code: string): SystemCause[] {
  const one = loaded.get(page.incident_id);
  if (!one || one.aggregate.incident.class === 'system') return [];
  return [
    {
      cause: 'page-failed',
      subject: page.target_id,
      params: { target: page.target_id, channel: page.channel, code, incident: one.number },
    },
  ];
}

/**
 * Deliveries that were accepted and have not proved their arrival in time: the next rung is tried at once. The first
 * one may still arrive; its late receipt counts.
 */
export async function climbUnproven(
  context: Context,
  work: readonly DeliveryWork[],
  { skipsLocked = false, ...wait }: HeldOptions = {},
): Promise<void> {
  const { document } = await context.config.current();
  const climbing = async (tx: Tx) => {
    const wanted = [...new Set(work.flatMap(({ incidents }) => incidents))];
    const loaded = await loadAggregates(tx, wanted, { skipsLocked });
    const locked = await lockDeliveries(
      tx,
      work.filter(({ incidents }) => incidents.every((id) => loaded.has(id))).map(({ id }) => id),
    );
    const now = await clockNow(tx);
    const due = locked.filter(
      ({ state, proof_due_at }) => state === 'accepted' && proof_due_at !== null && proof_due_at <= now,
    );
    const pages = new Map(
      (
        await pagesById(
          tx,
          due.flatMap(({ notification_ids }) => notification_ids),
        )
      ).map((page) => [page.id, page]),
    );
    const changes = new PageChanges();
    const causes: SystemCause[] = [];
    const moves = due.flatMap((delivery) => {
      const next = rungAfter(document, delivery);
      const reason = because('page-no-proof', { channel: delivery.channel });
      const live = delivery.notification_ids
        .flatMap((id) => pages.get(id) ?? [])
        .filter((page) => page.state === 'sent' && isLive(page, loaded));
      // Every way was tried, and none has proved anything: as loud as a last way that refuses.
      const [gravest] = [...live].sort((a, b) => severityRank(b.severity) - severityRank(a.severity));
      if (next === null && gravest) causes.push(...unreachable(gravest, loaded, 'no-proof'));
      return live.map((page) => climb(changes, { page, next, reason, code: 'no-proof', now }));
    });
    await updateDeliveries(
      tx,
      due.map((delivery) => ({ ...writeOf(delivery), proofDueAt: null })),
    );
    // crash-point: climb.before-commit
    await movePages(tx, moves);
    const raised = await raiseWithin(context, tx, { now, causes });
    return { notifications: await changes.commit(tx, now, loaded), raised };
  };
  const { notifications, raised } = await transaction(context.pool, climbing, wait);
  raised();
  // crash-point: climb.after-commit
  relayNotifications(context, notifications);
  context.tick();
}
