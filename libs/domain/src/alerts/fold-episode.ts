import { isWorse } from '../severity.js';
import type { AnswerStatus, Episode, Signal } from './signal.js';
import type { Instant, Severity } from '../words.js';
import { HOUR } from '../words.js';

export interface FoldSignal {
  readonly signal: Signal;
  /** The caller's own mark (request and place in it); comes back with the answer. */
  readonly requestIndex: number;
}
export interface FoldFacts {
  readonly now: Instant;
  readonly newId: () => string;
  /** The last episode of the key that has ended, for doors with `startsAt`. */
  readonly past?: PastEpisode | null;
}
export interface PastEpisode {
  readonly alertId: string;
  readonly startsAt: Instant | null;
  readonly endedAt: Instant;
}

export interface FoldAnswer {
  readonly requestIndex: number;
  readonly key: string;
  readonly status: AnswerStatus;
  /** null: ignored, nothing is kept of it. */
  readonly id: string | null;
}

/** Why an episode ended: its source's word, a later start, or the first signal after its incident had ended. */
export type EndedBy = 'source' | 'later-start' | 'after-resolution';

/** A new row. When it ended within the same batch it is inserted ended. */
export interface BegunEpisode {
  readonly alertId: string;
  readonly signal: Signal;
  readonly requestIndex: number;
  readonly severity: Severity;
  readonly count: number;
  readonly acceptedAt: Instant;
  readonly lastSignalAt: Instant;
  readonly endsAt: Instant | null;
  readonly endedBy: EndedBy | null;
}

/** The stored episode ends. Tell the engine (resolve to apply): its incident counts what fires. */
export interface EndedEpisode {
  readonly alertId: string;
  readonly by: EndedBy;
  readonly at: Instant;
  readonly requestIndex: number;
}

/** The stored episode goes on (or went on before it ended in this batch). */
export interface EpisodeUpdate {
  readonly alertId: string;
  readonly count: number;
  readonly severity: Severity;
  readonly raised: boolean;
  readonly lastSignalAt: Instant;
  readonly startsAt: Instant | null;
  /** As last said; null = not said. A signal without one takes an old mark back. */
  readonly endsAt: Instant | null;
  /** `endsAt` has passed: the engine marks it stale. */
  readonly stale: boolean;
  /** False: counted only (a repeat of the same start after a person's resolution); do not wake the engine for it. */
  readonly report: boolean;
}

export interface Fold {
  readonly answers: readonly FoldAnswer[];
  readonly begins: readonly BegunEpisode[];
  readonly ends: readonly EndedEpisode[];
  readonly updates: readonly EpisodeUpdate[];
}

/** An episode while it is folded. */
interface Open {
  readonly alertId: string;
  readonly stored: Episode | null;
  readonly begun: { readonly signal: Signal; readonly requestIndex: number } | null;
  severity: Severity;
  count: number;
  startsAt: Instant | null;
  endsAt: Instant | null;
  lastSignalAt: Instant;
  touched: boolean;
  stale: boolean;
  report: boolean;
}

interface Folding {
  readonly facts: FoldFacts;
  open: Open | null;
  past: PastEpisode | null;
  readonly answers: FoldAnswer[];
  readonly begins: BegunEpisode[];
  readonly ends: EndedEpisode[];
  readonly updates: EpisodeUpdate[];
}

/**
 * Folds the signals of one (principal, reality, key), in their order of arrival, into the firing episode that is stored
 * (null = none): one firing episode at most, every signal answered (decisions.md section 5). Pure; intake writes what
 * it says: `ends`, then `begins`, then `updates`.
 */
export function foldEpisode(current: Episode | null, signals: readonly FoldSignal[], facts: FoldFacts): Fold {
  const folding: Folding = {
    facts,
    open: current === null ? null : reopen(current),
    past: facts.past ?? null,
    answers: [],
    begins: [],
    ends: [],
    updates: [],
  };
  for (const one of signals) {
    const { id, status } = fold(folding, one);
    folding.answers.push({ requestIndex: one.requestIndex, key: one.signal.key, status, id });
  }
  if (folding.open !== null) put(folding, folding.open, null);
  const { answers, begins, ends, updates } = folding;
  return { answers, begins, ends, updates };
}

function reopen(stored: Episode): Open {
  const { alertId, severity, count, startsAt, lastSignalAt } = stored;
  return {
    alertId,
    stored,
    begun: null,
    severity,
    count,
    startsAt,
    endsAt: null,
    lastSignalAt,
    touched: false,
    stale: false,
    report: false,
  };
}

function fold(folding: Folding, one: FoldSignal): { id: string | null; status: AnswerStatus } {
  const { signal } = one;
  const { open } = folding;
  if (signal.status === 'resolved') {
    // A resolve of an older start is late word about an episode that has ended already.
    if (open === null || isOlder(signal, open.startsAt)) return { id: null, status: 'ignored' };
    end(folding, open, 'source', one);
    return { id: open.alertId, status: 'resolved' };
  }
  const isStale = signal.endsAt !== null && signal.endsAt <= folding.facts.now;
  if (open === null) {
    const same = pastOf(folding, signal);
    if (same !== null) return { id: same.alertId, status: 'duplicate' };
    // Even with an end that has passed: by a sender whose clock is wrong it would else vanish unseen. It is stale at once.
    return begin(folding, one);
  }
  const over = isStale ? null : overBecause(open, signal, folding.facts.now);
  if (over !== null) {
    end(folding, open, over, one);
    return begin(folding, one);
  }
  repeat(open, signal, { now: folding.facts.now, isStale });
  return { id: open.alertId, status: 'duplicate' };
}

/** Why this signal is not of the open episode any more; null = it is. */
function overBecause(open: Open, signal: Signal, now: Instant): EndedBy | null {
  if (signal.startsAt !== null && open.startsAt !== null && signal.startsAt > open.startsAt) return 'later-start';
  return hasEnded(open) && !isOlder(signal, open.startsAt) && !isHeldBack(open, signal, now)
    ? 'after-resolution'
    : null;
}

function isOlder(signal: Signal, startsAt: Instant | null): boolean {
  return signal.startsAt !== null && startsAt !== null && signal.startsAt < startsAt;
}

/** The ended episode of which this signal is still word: its start is no later, and the end is not 1 h ago. */
function pastOf({ past, facts }: Folding, signal: Signal): PastEpisode | null {
  if (past === null || past.startsAt === null || signal.startsAt === null) return null;
  return signal.startsAt <= past.startsAt && facts.now - past.endedAt < HOUR ? past : null;
}

function hasEnded(open: Open): boolean {
  const state = open.stored?.incident.state;
  return state === 'resolved-by-person' || state === 'closed';
}

/** A door with `startsAt` says the same start for ever: for 1 h after the resolution that is no news. */
function isHeldBack(open: Open, signal: Signal, now: Instant): boolean {
  const resolvedAt = open.stored?.incident.resolvedAt ?? null;
  return (
    signal.startsAt !== null && signal.startsAt === open.startsAt && resolvedAt !== null && now - resolvedAt < HOUR
  );
}

function repeat(open: Open, signal: Signal, at: { readonly now: Instant; readonly isStale: boolean }): void {
  open.touched = true;
  open.endsAt = signal.endsAt;
  open.stale = at.isStale;
  // An end that was due is no further signal of the alarm.
  if (at.isStale) {
    open.report = true;
    return;
  }
  open.count += 1;
  open.lastSignalAt = Math.max(open.lastSignalAt, at.now);
  open.startsAt ??= signal.startsAt;
  if (isWorse(signal.severity, open.severity)) open.severity = signal.severity;
  if (!hasEnded(open)) open.report = true;
}

function begin(folding: Folding, { signal, requestIndex }: FoldSignal): { id: string; status: 'accepted' } {
  const { now, newId } = folding.facts;
  const alertId = newId();
  folding.open = {
    alertId,
    stored: null,
    begun: { signal, requestIndex },
    severity: signal.severity,
    count: 1,
    startsAt: signal.startsAt,
    endsAt: signal.endsAt,
    lastSignalAt: now,
    touched: false,
    stale: false,
    report: true,
  };
  return { id: alertId, status: 'accepted' };
}

function end(folding: Folding, open: Open, by: EndedBy, { requestIndex }: FoldSignal): void {
  put(folding, open, by);
  if (open.stored !== null) folding.ends.push({ alertId: open.alertId, by, at: folding.facts.now, requestIndex });
  folding.past = { alertId: open.alertId, startsAt: open.startsAt, endedAt: folding.facts.now };
  folding.open = null;
}

function put(folding: Folding, open: Open, endedBy: EndedBy | null): void {
  const { alertId, severity, count, lastSignalAt, startsAt, endsAt, stale, report } = open;
  if (open.begun !== null) {
    folding.begins.push({
      alertId,
      ...open.begun,
      severity,
      count,
      acceptedAt: folding.facts.now,
      lastSignalAt,
      endsAt,
      endedBy,
    });
  } else if (open.touched) {
    const raised = open.stored !== null && isWorse(severity, open.stored.severity);
    folding.updates.push({ alertId, count, severity, raised, lastSignalAt, startsAt, endsAt, stale, report });
  }
}
