import { because } from '../reason.js';
import type { Instant, Reason, Severity } from '../words.js';
import { MINUTE, SECOND } from '../words.js';

/** At most this many deliveries per person and channel in `window`; beyond it critical ones, one in `criticalEvery`. */
export const paceLimits = { deliveries: 12, window: 10 * MINUTE, criticalEvery: 30 * SECOND } as const;

/** What a person was sent lately by one channel. */
export interface Pager {
  /** Deliveries within the limit, oldest first. Those beyond it are not counted here: `lastCriticalAt` paces them. */
  readonly sentAt: readonly Instant[];
  /** The last delivery beyond the limit, made for a critical. */
  readonly lastCriticalAt: Instant | null;
}
export interface Waiting {
  readonly id: string;
  readonly severity: Severity;
  readonly dueAt: Instant;
}

export interface Paced {
  /** Ids of one delivery, critical first; empty = wait until `nextAt`. */
  readonly chosen: readonly string[];
  /** When to look again at what is left waiting (or would come now); never null while something waits. */
  readonly nextAt: Instant;
  /** To be stored when the delivery is made. */
  readonly pager: Pager;
  readonly reason: Reason;
}

/**
 * What of a person's waiting notifications goes out now, as one delivery. Within the limit everything that waits goes
 * together. Beyond it a critical goes 30 s after the last such delivery, and the others ride with it; without a
 * critical they gather until a slot is free. Never zero: `nextAt` is at most 10 min away, with a critical 30 s.
 */
export function pace(waiting: readonly Waiting[], pager: Pager, now: Instant): Paced {
  // What lies ahead was written before the database's clock was put back: believed, it would hold criticals for as long.
  const sentAt = pager.sentAt.filter((at) => at > now - paceLimits.window && at <= now);
  const lastCriticalAt = pager.lastCriticalAt !== null && pager.lastCriticalAt <= now ? pager.lastCriticalAt : null;
  const kept = { sentAt, lastCriticalAt };
  const limit = paceLimits.deliveries;
  if (waiting.length === 0) return { chosen: [], nextAt: now, pager: kept, reason: because('pace-nothing') };
  const all = [...waiting].sort(byUrgency).map(({ id }) => id);
  if (sentAt.length < limit) {
    const reason = because('pace-free', { sent: sentAt.length + 1, limit });
    return { chosen: all, nextAt: now, pager: { ...kept, sentAt: [...sentAt, now] }, reason };
  }
  const slotAt = (sentAt[sentAt.length - limit] ?? now) + paceLimits.window;
  if (!waiting.some(({ severity }) => severity === 'critical')) {
    return { chosen: [], nextAt: slotAt, pager: kept, reason: because('pace-wait', { limit }) };
  }
  const criticalAt = lastCriticalAt === null ? now : lastCriticalAt + paceLimits.criticalEvery;
  if (criticalAt <= now)
    return {
      chosen: all,
      nextAt: now,
      pager: { ...kept, lastCriticalAt: now },
      reason: because('pace-critical', { limit }),
    };
  return { chosen: [], nextAt: Math.min(criticalAt, slotAt), pager: kept, reason: because('pace-wait', { limit }) };
}

function byUrgency(a: Waiting, b: Waiting): number {
  return (
    Number(b.severity === 'critical') - Number(a.severity === 'critical') || a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1)
  );
}

/** An abandoned delivery gives back exactly what it took: its slot, or its mark as the critical beyond the limit. */
export function giveBack(pager: Pager, sentAt: Instant): Pager {
  const slot = pager.sentAt.lastIndexOf(sentAt);
  if (slot >= 0) return { ...pager, sentAt: pager.sentAt.filter((_, i) => i !== slot) };
  return pager.lastCriticalAt === sentAt ? { ...pager, lastCriticalAt: null } : pager;
}
