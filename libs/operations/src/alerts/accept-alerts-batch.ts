import { insertAlerts, intakeTransaction, type NewAlert, type NewRawSignal } from '@tocsin/store';
import { newId } from './accept-alerts-new-id.js';
import { foldBatch } from './accept-alerts-fold-batch.js';
import type { AcceptOutcome, SignalOutcome } from './accept-alerts-request.js';
import {
  type BatchOptions,
  type BatchResult,
  type HashedRequest,
  newAlert,
  rawOf,
  waitingOf,
} from './accept-alerts-rows.js';

/**
 * One batch of requests in one transaction, as decisions.md section 3 says: a bare insert under shared locks while
 * every key is new; else, and when a key does not come back, the exclusive locks and the fold. Throws without effect.
 */
export async function acceptBatch(options: BatchOptions, requests: readonly HashedRequest[]): Promise<BatchResult> {
  if (!options.expectsRepeats && isPlain(requests)) {
    const inserted = await insertBatch(options, requests);
    if (inserted !== null) return inserted;
  }
  return await foldBatch(options, requests);
}

/** Every key stands once and fires, none says when it began (it may be late word of an ended episode), no answer is to be kept. */
function isPlain(requests: readonly HashedRequest[]): boolean {
  const keys = new Set<string>();
  let count = 0;
  for (const { request, keyHashes } of requests) {
    if (request.idempotencyKey !== null) return false;
    for (const { status, startsAt } of request.signals) if (status !== 'firing' || startsAt !== null) return false;
    for (const hash of keyHashes) keys.add(hash);
    count += keyHashes.length;
  }
  return keys.size === count;
}

class ComesShort extends Error {}

async function insertBatch(
  { pool, withinMs }: BatchOptions,
  requests: readonly HashedRequest[],
): Promise<BatchResult | null> {
  const alerts: NewAlert[] = [];
  const raws: NewRawSignal[] = [];
  for (const hashed of requests) {
    const raw = rawOf(hashed.request);
    raws.push(raw);
    hashed.request.signals.forEach((signal, index) => {
      alerts.push(newAlert(hashed, raw.id, { index, id: newId(), signal, count: 1, endedAt: null, endedBy: null }));
    });
  }
  try {
    await intakeTransaction(pool, {
      principals: requests.map(({ lock }) => lock),
      lock: 'shared',
      withinMs,
      work: async (tx) => {
        // crash-point: intake.before-insert
        if ((await insertAlerts(tx, null, alerts, raws)) < alerts.length) throw new ComesShort();
      },
    });
  } catch (error) {
    if (error instanceof ComesShort) return null;
    throw error;
  }
  let next = 0;
  const outcomes = requests.map(({ request }): AcceptOutcome => {
    const answers = request.signals.map(
      ({ key }): SignalOutcome => ({ id: (alerts[next++] as NewAlert).id, key, status: 'accepted' }),
    );
    return { ok: true, answer: request.render(answers), outcomes: answers, isReplay: false };
  });
  return { outcomes, waiting: alerts.map(({ id, signal }) => waitingOf(id, signal.severity)), path: 'insert' };
}
