import { setTimeout as wait } from 'node:timers/promises';
import { readIncidents } from '../../dumps/read-api';
import type { ApiIncident } from '../../dumps/shapes';
import { monotonicMs } from '../../history/recorder';
import type { SignedIn } from '../sign-in';
import type { ReplicaState } from './replica';

export interface Watched {
  readonly who: SignedIn;
  readonly replica: ReplicaState;
  /** Connected, and holding a cursor. */
  readonly isLive: boolean;
  /** Ms after `since` until it held what the API says; null = not yet. */
  convergedMs: number | null;
}

export interface Convergence {
  readonly gateway: string;
  /** CLOCK_MONOTONIC in ms. */
  readonly since: number;
  readonly maxMs: number;
  /** Asked instead of each: somebody who sees all, of which each is held against what is in his scope. */
  readonly teller?: SignedIn;
}

/** A read of all incidents is not for nothing: several a second would slow a gateway that has just started. */
const lookEveryMs = 300;
const againMs = 250;
const onItsWayMs = 700;

/** Compares every replica with what the API tells its person, until each was once up to date or `maxMs` have passed. */
export async function converge(consoles: readonly Watched[], how: Convergence): Promise<void> {
  for (const one of consoles) one.convergedMs = null;
  const until = monotonicMs() + how.maxMs;
  for (;;) {
    const left = consoles.filter(({ convergedMs }) => convergedMs === null);
    if (left.length === 0 || monotonicMs() > until) return;
    const back = left.filter(({ isLive }) => isLive);
    const tellers = [...new Set(back.map(({ who }) => how.teller ?? who))];
    await Promise.all(
      tellers.map((teller) => {
        const theirs = back.filter(({ who }) => (how.teller ?? who) === teller);
        return compare(theirs, teller, how);
      }),
    );
    await wait(lookEveryMs);
  }
}

/** What was told a moment ago is to be held: while the load goes on, a frame may be on its way still. */
async function compare(
  theirs: readonly Watched[],
  { token }: SignedIn,
  { gateway, since }: Convergence,
): Promise<void> {
  const askedAt = Date.now();
  const all = await readIncidents(gateway, token, 'open,acknowledged').catch(() => null);
  if (all === null) return;
  const until = monotonicMs() + onItsWayMs;
  for (;;) {
    const left = theirs.filter(({ convergedMs }) => convergedMs === null);
    for (const one of left) {
      const { scope } = one.who.person;
      const told = scope === null ? all : all.filter(({ site }) => site !== null && scope.includes(site));
      if (isUpToDate(told, one.replica, askedAt)) one.convergedMs = Math.round(monotonicMs() - since);
    }
    if (left.length === 0 || monotonicMs() > until) return;
    await wait(againMs);
  }
}

/** Nothing older than what was told; what has happened since it was asked for (wall clock, ms) may be newer already. */
function isUpToDate(told: readonly ApiIncident[], { incidents }: ReplicaState, askedAt: number): boolean {
  const isHeld = told.every(({ id, seq, state }) => {
    const held = incidents.get(id);
    return held !== undefined && (held.seq > seq || (held.seq === seq && held.state === state));
  });
  if (!isHeld) return false;
  const ids = new Set(told.map(({ id }) => id));
  const unresolved = [...incidents.values()].filter(({ state }) => state === 'open' || state === 'acknowledged');
  return unresolved.every(({ id, openedAt }) => ids.has(id) || Date.parse(openedAt) >= askedAt);
}
