import { decide, findPerson, type Incident, type NewNotification } from '@tocsin/domain';
import {
  clockNow,
  type DeliveryRow,
  endAttempts,
  findDelivery,
  loadAggregates,
  lockDeliveries,
  movePages,
  pagesById,
  transaction,
  updateDeliveries,
} from '@tocsin/store';
import { type Context, factsOf } from '../context.js';
import { relayNotifications } from '../alerts/merge-alerts.js';
import { PageChanges } from './page-changes.js';
import { codeHash } from './page-secrets.js';
import { arrive, arrivedState, provenAttempt } from './record-receipt.js';
import { writeOf } from './record-result-decide.js';

export interface AcknowledgeByCode {
  readonly code: string;
  /** When it is given it must be the code's own. */
  readonly deliveryId?: string;
}
export interface AcknowledgedIncident {
  readonly id: string;
  readonly number: string;
  readonly state: Incident['state'];
  /** Code of the refusal, when there was nothing to acknowledge any more. */
  readonly refusal?: string;
}
export type AcknowledgeAnswer =
  | { readonly ok: true; readonly person: string; readonly incidents: readonly AcknowledgedIncident[] }
  | { readonly ok: false; readonly refusal: 'unknown-code' };

/**
 * The one-time code of a page acknowledges exactly the incidents which that page named, as the person to whom it was
 * sent. A code that was used answers with the incidents as they stand and changes nothing.
 */
export async function acknowledgeByCode(
  context: Context,
  { code, deliveryId }: AcknowledgeByCode,
): Promise<AcknowledgeAnswer> {
  const known = await findDelivery(context.pool, { codeHash: codeHash(code) });
  const config = await context.config.current();
  const isIts = known?.target_kind === 'person' && (deliveryId === undefined || deliveryId === known.id);
  const person = known && isIts ? findPerson(config.document, known.target_id) : undefined;
  if (!known || !person) return { ok: false, refusal: 'unknown-code' };
  const done = await transaction(context.pool, (tx) => acknowledgeLocked(tx, known, factsOf(config)));
  relayNotifications(context, done.notifications);
  context.tick();
  return { ok: true, person: person.id, incidents: done.incidents };
}

type Tx = Parameters<Parameters<typeof transaction>[1]>[0];

async function acknowledgeLocked(tx: Tx, known: DeliveryRow, facts: ReturnType<typeof factsOf>) {
  const loaded = await loadAggregates(tx, known.incident_ids);
  const [delivery] = await lockDeliveries(tx, [known.id]);
  const now = await clockNow(tx);
  const changes = new PageChanges();
  const isUsed = !delivery || delivery.code_used_at !== null;
  // A notice asks nothing: its code only proves that it was seen.
  const asked = new Set(
    (await pagesById(tx, known.notification_ids))
      .filter(({ kind }) => kind !== 'notice')
      .map(({ incident_id }) => incident_id),
  );
  const named = [...loaded.values()].filter(({ aggregate }) => asked.has(aggregate.incident.id));
  const incidents = named.map(({ aggregate, number }): AcknowledgedIncident => {
    const { id, state } = aggregate.incident;
    if (isUsed) return { id, number, state };
    const actor = { kind: 'person', id: delivery.target_id } as const;
    const decision = decide(aggregate, { kind: 'act', act: { act: 'acknowledge' }, actor }, facts, now);
    if (!decision.ok) return { id, number, state, refusal: decision.refusal.code };
    if (decision.next !== aggregate) changes.decide(id, decision);
    return { id, number, state: decision.next.incident.state };
  });
  let notifications: readonly NewNotification[] = [];
  if (!isUsed) {
    const moves = await arrive(tx, { changes, delivery, state: 'seen', now });
    await updateDeliveries(tx, [{ ...writeOf(delivery), ...arrivedState(delivery, 'seen'), codeUsedAt: now }]);
    await endAttempts(tx, provenAttempt(delivery, now));
    // Before the decisions suppress what waits: a page taken back here is no longer theirs.
    await movePages(tx, moves);
    notifications = await changes.commit(tx, now, loaded);
  }
  return { incidents, notifications };
}
