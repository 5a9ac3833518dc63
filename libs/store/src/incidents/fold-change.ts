import type {
  Actor,
  Aggregate,
  Assignment,
  Decision,
  DomainEvent,
  Effect,
  NewNotification,
  Reason,
  Run,
  Timer,
} from '@tocsin/domain';
import type { Loaded } from './load-aggregates.js';

export type OkDecision = Extract<Decision, { ok: true }>;

/** What one transaction does to one incident. */
export interface Change {
  readonly loaded: Loaded;
  readonly isNew?: boolean;
  /** In the order in which they were taken: each decided upon the `next` of the one before. */
  readonly decisions: readonly OkDecision[];
  /** Events that are no rule's decision (a receipt, an attempt's result); they follow the decisions' own. */
  readonly events?: readonly DomainEvent[];
}

/** A run whose waiting notifications will not be sent. */
export interface Suppression {
  readonly incidentId: string;
  readonly runId: string;
  readonly reason: Reason;
}

/** A waiting notification that an ending run took back. */
export interface SuppressedRow {
  readonly id: string;
  readonly run_id: string;
  readonly target_kind: NewNotification['target']['kind'];
  readonly target_id: string;
  readonly channel: string;
  readonly step: number;
}

export interface Written<T> {
  readonly inserted: readonly T[];
  readonly updated: readonly T[];
}

/** Everything of a change that becomes rows, decisions folded in order. */
export interface Folded {
  readonly loaded: Loaded;
  readonly isNew: boolean;
  readonly next: Aggregate;
  readonly runs: Written<Run>;
  readonly timers: Written<Timer>;
  readonly assignments: Written<Assignment>;
  readonly notifications: readonly NewNotification[];
  readonly events: readonly DomainEvent[];
  readonly sys: readonly Extract<Effect, { kind: 'sys' }>[];
}

/** Who acts when nobody does: the rules' own word for it. */
const machine: Actor = { kind: 'system', id: 'tocsin' };

/** Runs whose waiting notifications end with this change, with the reason of the first effect that says so. */
export function suppressionsOf({ loaded, decisions }: Change): Suppression[] {
  const incidentId = loaded.aggregate.incident.id;
  const byRun = new Map<string, Suppression>();
  for (const effect of decisions.flatMap(({ effects }) => effects))
    if (effect.kind === 'suppress' && !byRun.has(effect.runId))
      byRun.set(effect.runId, { incidentId, runId: effect.runId, reason: effect.reason });
  return [...byRun.values()];
}

/** Pure. `suppressed`: rows of the database that `suppressionsOf` has just ended, by run. */
export function foldChange(change: Change, suppressed: ReadonlyMap<string, readonly SuppressedRow[]>): Folded {
  const { loaded, decisions } = change;
  const before = loaded.aggregate;
  const next = decisions.at(-1)?.next ?? before;
  const ended = decisions.map((decision) => decision.ended);
  const notified = foldEffects(decisions, suppressed);
  return {
    loaded,
    isNew: change.isNew ?? loaded.isNew ?? false,
    next,
    runs: written(
      before.runs,
      ended.flatMap(({ runs }) => runs),
      next.runs,
    ),
    timers: written(
      before.timers,
      ended.flatMap(({ timers }) => timers),
      next.timers,
    ),
    assignments: written(
      before.assignments,
      ended.flatMap(({ assignments }) => assignments),
      next.assignments,
    ),
    notifications: notified.notifications,
    events: [...notified.events, ...(change.events ?? [])],
    sys: decisions.flatMap(({ effects }) => effects).filter((effect) => effect.kind === 'sys'),
  };
}

/** What is new and what differs, by id: the last word counts, and a later decision's `next` outlives an earlier `ended`. */
function written<T extends { readonly id: string }>(
  before: readonly T[],
  ended: readonly T[],
  next: readonly T[],
): Written<T> {
  const known = new Map(before.map((one) => [one.id, one]));
  const last = new Map([...ended, ...next].map((one) => [one.id, one]));
  const lost = before.find(({ id }) => !last.has(id));
  if (lost !== undefined) throw new Error(`a rule dropped ${lost.id} without ending it`);
  const all = [...last.values()];
  return {
    inserted: all.filter(({ id }) => !known.has(id)),
    updated: all.filter((one) => known.has(one.id) && known.get(one.id) !== one),
  };
}

/**
 * A suppression ends the run's rows in the database, and what this decision or an earlier one of the same change queued
 * for it: when several timers fire at once, a page and the end of its run stand in one decision, in any order. Each
 * ended page is an event after its decision's own.
 */
function foldEffects(decisions: readonly OkDecision[], suppressed: ReadonlyMap<string, readonly SuppressedRow[]>) {
  const notifications = new Map<string, NewNotification>();
  const events: DomainEvent[] = [];
  const taken = new Set<string>();
  for (const decision of decisions) {
    events.push(...decision.events);
    const actor = decision.events[0]?.actor ?? machine;
    for (const effect of decision.effects)
      if (effect.kind === 'notify') notifications.set(effect.notification.id, effect.notification);
    for (const effect of decision.effects) {
      if (effect.kind !== 'suppress') continue;
      const rows = taken.has(effect.runId) ? [] : (suppressed.get(effect.runId) ?? []);
      taken.add(effect.runId);
      events.push(...rows.map((row) => suppressedEvent(row, effect.reason, actor)));
      for (const one of notifications.values()) {
        if (one.runId !== effect.runId || one.suppressed !== undefined) continue;
        notifications.set(one.id, { ...one, suppressed: effect.reason });
        events.push(suppressedEvent(rowOf(one, effect.runId), effect.reason, actor));
      }
    }
  }
  return { notifications: [...notifications.values()], events };
}

function rowOf({ id, target, channel, step }: NewNotification, runId: string): SuppressedRow {
  return { id, run_id: runId, target_kind: target.kind, target_id: target.id, channel, step };
}

function suppressedEvent(row: SuppressedRow, reason: Reason, actor: Actor): DomainEvent {
  const target = row.target_kind === 'person' ? { person: row.target_id } : { target: row.target_id };
  return {
    type: 'notification.suppressed',
    data: { notificationId: row.id, ...target, channel: row.channel, step: row.step, runId: row.run_id },
    reason,
    actor,
  };
}
