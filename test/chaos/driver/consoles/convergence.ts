import { readIncidents } from '../../dumps/read-api';
import type { ApiIncident } from '../../dumps/shapes';
import { monotonicMs } from '../../history/recorder';
import type { SignedIn } from '../sign-in';
import type { ReplicaState } from './replica';

export interface Watched {
  readonly who: SignedIn;
  readonly replica: ReplicaState;
  /** Ms after `since` until it held what the API says; null = not yet. */
  convergedMs: number | null;
}

const lookEveryMs = 250;

/**
 * Compares every replica with what the API tells the same person, until each was once up to date or `maxMs` have passed.
 * `since`: CLOCK_MONOTONIC in ms.
 */
export async function converge(
  consoles: readonly Watched[],
  { gateway, since, maxMs }: { gateway: string; since: number; maxMs: number },
): Promise<void> {
  for (const one of consoles) one.convergedMs = null;
  const until = monotonicMs() + maxMs;
  for (;;) {
    const left = consoles.filter(({ convergedMs }) => convergedMs === null);
    if (left.length === 0 || monotonicMs() > until) return;
    for (const who of new Set(left.map((one) => one.who))) await compare(gateway, who, left, since);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

async function compare(gateway: string, who: SignedIn, left: readonly Watched[], since: number): Promise<void> {
  const askedAt = Date.now();
  const told = await readIncidents(gateway, who.token, 'open,acknowledged').catch(() => null);
  if (told === null) return;
  for (const one of left)
    if (one.who === who && isUpToDate(told, one.replica, askedAt)) one.convergedMs = Math.round(monotonicMs() - since);
}

/** Nothing older than what was told; what has happened since it was asked for (wall clock, ms) may be newer already. */
function isUpToDate(told: readonly ApiIncident[], { incidents }: ReplicaState, askedAt: number): boolean {
  const ids = new Set(told.map(({ id }) => id));
  const unresolved = [...incidents.values()].filter(({ state }) => state === 'open' || state === 'acknowledged');
  if (unresolved.some(({ id, openedAt }) => !ids.has(id) && Date.parse(openedAt) < askedAt)) return false;
  return told.every(({ id, seq, state }) => {
    const held = incidents.get(id);
    return held !== undefined && (held.seq > seq || (held.seq === seq && held.state === state));
  });
}
