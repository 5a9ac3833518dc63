import type { SendOutcome } from '@tocsin/channels';
import { because, severityRank } from '@tocsin/domain';
import {
  type AttemptEnd,
  clockNow,
  type DeliveryRow,
  type DeliveryWrite,
  endAttempts,
  endSubscriptions,
  loadAggregates,
  type Loaded,
  lockDeliveries,
  movePages,
  type PageMove,
  pagesById,
  together,
  type PageRow,
  transaction,
  type Tx,
  updateDeliveries,
} from '@tocsin/store';
import { isLive } from './claim-deliveries.js';
import { climb, rungAfter, unreachable } from './climb-ladder.js';
import { relayNotifications } from '../alerts/merge-alerts.js';
import { PageChanges } from './page-changes.js';
import type { HeldOptions } from '../patience.js';
import type { PageContext } from './page-context.js';
import { pageEvent } from './page-event.js';
import { decideResult, type ResultDecision } from './record-result-decide.js';
import { raiseWithin, type SystemCause } from '../system-alerts.js';

/** How an attempt ended. */
export interface SendResult {
  readonly deliveryId: string;
  readonly ordinal: number;
  readonly incidentIds: readonly string[];
  readonly outcome: SendOutcome;
  /** Phones whose push service said that they are gone. */
  readonly gone: readonly { readonly id: string; readonly code: string }[];
}

type Config = Awaited<ReturnType<PageContext['config']['current']>>;

/**
 * Results of any number of attempts in one transaction: incidents in id order, then deliveries (never a pager row).
 * With `skipsLocked` those that name an incident which somebody holds are left, and answered.
 */
export async function recordResults(
  context: PageContext,
  results: readonly SendResult[],
  { skipsLocked = false, ...wait }: HeldOptions = {},
): Promise<readonly SendResult[]> {
  const config = await context.config.current();
  await endSubscriptions(
    context.pool,
    results.flatMap(({ gone }) => gone),
  );
  const recording = async (tx: Tx) => {
    const wanted = [...new Set(results.flatMap(({ incidentIds }) => incidentIds))];
    const loaded = await loadAggregates(tx, wanted, { skipsLocked });
    const isFree = ({ incidentIds }: SendResult): boolean => incidentIds.every((id) => loaded.has(id));
    const free = results.filter(isFree);
    const [rows, now] = await together(
      lockDeliveries(
        tx,
        free.map(({ deliveryId }) => deliveryId),
      ),
      clockNow(tx),
    );
    const deliveries = new Map(rows.map((row) => [row.id, row]));
    const named = await pagesById(
      tx,
      rows.flatMap(({ notification_ids }) => notification_ids),
    );
    const pages = new Map(named.map((page) => [page.id, page]));
    const batch = new ResultBatch(context, config, loaded);
    for (const result of free) {
      const delivery = deliveries.get(result.deliveryId);
      if (delivery)
        batch.take(
          delivery,
          result,
          delivery.notification_ids.flatMap((id) => pages.get(id) ?? []),
          now,
        );
    }
    // crash-point: result.before-write
    const [, , , notifications, raised] = await together(
      endAttempts(tx, batch.attempts),
      updateDeliveries(tx, batch.writes),
      movePages(tx, batch.moves),
      batch.changes.commit(tx, now, loaded),
      raiseWithin(context, tx, { now, causes: batch.causes }),
    );
    // crash-point: result.before-commit
    return { notifications, raised, left: results.filter((result) => !isFree(result)) };
  };
  const recorded = await transaction(context.pool, recording, wait);
  recorded.raised();
  // crash-point: result.after-commit
  relayNotifications(context, recorded.notifications);
  context.tick();
  return recorded.left;
}

/** The pure middle of a batch of results. */
export class ResultBatch {
  readonly attempts: AttemptEnd[] = [];
  readonly writes: DeliveryWrite[] = [];
  readonly moves: PageMove[] = [];
  readonly changes = new PageChanges();
  readonly causes: SystemCause[] = [];

  constructor(
    private readonly context: Pick<PageContext, 'channel'>,
    private readonly config: Config,
    private readonly loaded: ReadonlyMap<string, Loaded>,
  ) {}

  take(
    delivery: DeliveryRow,
    { ordinal, outcome }: Pick<SendResult, 'ordinal' | 'outcome'>,
    pages: readonly PageRow[],
    now: number,
  ): ResultDecision {
    const next = rungAfter(this.config.document, delivery);
    const { provesArrival } = this.context.channel;
    const own = pages.filter((page) => page.delivery_id === delivery.id);
    const decision = decideResult(delivery, {
      now,
      ordinal,
      outcome,
      provesArrival,
      next,
      pages: own,
      isLive: (page) => isLive(page, this.loaded),
    });
    this.attempts.push({ deliveryId: delivery.id, ordinal, at: now, ...decision.attempt });
    this.writes.push(decision.delivery);
    for (const page of decision.arrived)
      this.move(page, 'delivered', { type: 'notification.delivered', reason: decision.reason, attempt: ordinal }, now);
    for (const page of decision.over)
      this.move(page, 'suppressed', { type: 'notification.suppressed', reason: because('page-run-over') }, now);
    const code = outcome.kind === 'accepted' ? '' : outcome.code;
    for (const page of decision.failed)
      this.moves.push(climb(this.changes, { page, next, reason: decision.reason, code, now }));
    this.raise(decision, next === null, code);
    return decision;
  }

  private move(
    page: PageRow,
    to: 'delivered' | 'suppressed',
    said: Omit<Parameters<typeof pageEvent>[0], 'page'>,
    at: number,
  ): void {
    this.changes.add(page.incident_id, pageEvent({ page, deliveryId: page.delivery_id, ...said }));
    this.moves.push({ id: page.id, from: page.state, to, deliveryId: page.delivery_id, reason: said.reason, at });
  }

  private raise({ failed }: ResultDecision, isLastRung: boolean, code: string): void {
    if (code === 'not-configured') {
      const { kind } = this.context.channel;
      this.causes.push({ cause: 'channel-not-configured', subject: kind, params: { channel: kind } });
    }
    const [gravest] = [...failed].sort((a, b) => severityRank(b.severity) - severityRank(a.severity));
    if (isLastRung && gravest) this.causes.push(...unreachable(gravest, this.loaded, code));
  }
}
