import type { SendOutcome } from '@tocsin/channels';
import { because, type ChannelKind, type Instant, MINUTE, type Reason, type Rung, SECOND } from '@tocsin/domain';
import type { AttemptEnd, DeliveryRow, DeliveryWrite, PageRow } from '@tocsin/store';

export interface ResultFacts {
  readonly now: Instant;
  /** Of the attempt that the outcome is of. */
  readonly ordinal: number;
  readonly outcome: SendOutcome;
  readonly provesArrival: boolean;
  /** Where the target's ladder goes on; null at its end and for channels. */
  readonly next: Rung | null;
  /** The delivery's notifications. */
  readonly pages: readonly PageRow[];
  readonly isLive: (page: PageRow) => boolean;
}

export interface ResultDecision {
  readonly attempt: Omit<AttemptEnd, 'deliveryId' | 'ordinal' | 'at'>;
  readonly delivery: DeliveryWrite;
  /** Pages that have arrived. */
  readonly arrived: readonly PageRow[];
  /** Live pages for which this rung has failed: the ladder goes on, or has ended. */
  readonly failed: readonly PageRow[];
  /** Pages that need nothing more, since their run is over. */
  readonly over: readonly PageRow[];
  readonly reason: Reason;
}

/** How long a rung may try or wait for proof before the next one is tried, when the configuration does not say. */
const rungWithinS: Readonly<Record<ChannelKind, number>> = { push: 20, email: 60, webhook: 20 };
/** How long the last rung, or a channel without a ladder, is tried. */
const lastWithin = 15 * MINUTE;
/** 1, 2, 4 ... 60 s. */
const longestBackoffS = 60;

/** Microseconds that this rung has from the moment when its delivery was made, or proof from acceptance. */
export function rungPatience(channel: ChannelKind, next: Rung | null): Instant {
  return (next?.afterS ?? rungWithinS[channel]) * SECOND;
}

/**
 * What an attempt's outcome means for its delivery and pages. Pure, total. Law: a delivery that has arrived stays so,
 * whatever a late result says; a repeat is due strictly later; a failed rung names every live page once.
 */
export function decideResult(delivery: DeliveryRow, facts: ResultFacts): ResultDecision {
  const { outcome, now, pages } = facts;
  const sent = pages.filter((page) => page.state === 'sent');
  const keep: Omit<ResultDecision, 'reason'> = {
    attempt: attemptOf(outcome),
    delivery: writeOf(delivery),
    arrived: [],
    failed: [],
    over: [],
  };
  // A receipt or a later attempt was faster than this result: only the attempt learns its end.
  const isOpen = (delivery.state === 'sending' || delivery.state === 'retry') && delivery.attempts === facts.ordinal;
  if (outcome.kind === 'accepted' && outcome.proof) {
    const arrived = pages.filter((page) => page.state === 'sent' || page.state === 'failed');
    const state = delivery.state === 'seen' ? 'seen' : 'delivered';
    return {
      ...keep,
      delivery: { ...keep.delivery, state, actAt: null, proofDueAt: null },
      arrived,
      reason: arrivedReason(delivery),
    };
  }
  if (!isOpen) return { ...keep, reason: arrivedReason(delivery) };
  if (outcome.kind === 'accepted') {
    const proofDueAt = facts.provesArrival || facts.next ? now + rungPatience(delivery.channel, facts.next) : null;
    return {
      ...keep,
      delivery: { ...keep.delivery, state: 'accepted', actAt: null, proofDueAt },
      reason: arrivedReason(delivery),
    };
  }
  const live = sent.filter(facts.isLive);
  const over = sent.filter((page) => !facts.isLive(page));
  const closed = { ...keep.delivery, state: 'failed' as const, actAt: null, proofDueAt: null };
  if (live.length === 0) return { ...keep, delivery: closed, over, reason: because('page-run-over') };
  if (outcome.kind === 'refused-for-good') {
    return {
      ...keep,
      delivery: closed,
      failed: live,
      over,
      reason: because('page-refused', { channel: delivery.channel, code: outcome.code }),
    };
  }
  const againAt = now + backoff(delivery.attempts, outcome.kind === 'try-later' ? outcome.retryAfterMs : undefined);
  const until = delivery.made_at + (facts.next ? rungPatience(delivery.channel, facts.next) : lastWithin);
  const reason = because('page-given-up', {
    channel: delivery.channel,
    attempts: delivery.attempts,
    code: outcome.code,
  });
  if (againAt > until) return { ...keep, delivery: closed, failed: live, over, reason };
  return { ...keep, delivery: { ...keep.delivery, state: 'retry', actAt: againAt }, over, reason };
}

function attemptOf(outcome: SendOutcome): ResultDecision['attempt'] {
  if (outcome.kind === 'accepted') return { state: 'accepted', code: null, providerId: outcome.providerId ?? null };
  return { state: outcome.kind === 'unknown' ? 'unknown' : 'failed', code: outcome.code, providerId: null };
}

export function writeOf(delivery: DeliveryRow): DeliveryWrite {
  const { id, state, attempts, act_at, proof_due_at, code_used_at } = delivery;
  return { id, state, attempts, actAt: act_at, proofDueAt: proof_due_at, codeUsedAt: code_used_at };
}

function arrivedReason({ channel }: DeliveryRow): Reason {
  return because('page-delivered', { channel, proof: 'answer' });
}

function backoff(attempts: number, retryAfterMs = 0): Instant {
  const seconds = Math.min(2 ** (attempts - 1), longestBackoffS);
  return Math.max(seconds * SECOND, retryAfterMs * 1_000);
}
