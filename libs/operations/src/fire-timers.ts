import { decideTimers, type NewNotification } from '@tocsin/domain';
import { type Change, clockNow, commitDecisions, findDueTimers, loadAggregates, transaction } from '@tocsin/store';
import { type Context, factsOf } from './context.js';
import { relayNotifications } from './merge-alerts.js';

export interface Fired {
  readonly incidents: number;
  /** Until the next timer is due by PostgreSQL's clock; null = none pending. */
  readonly nextInMs: number | null;
}

/**
 * Fires what PostgreSQL's clock calls due. Incidents are found without a lock, locked in id order (waiting, as every
 * writer does), and decided upon again: a late, doubled or lost call is harmless.
 */
export async function fireTimers(context: Context, limit = 500): Promise<Fired> {
  const due = await findDueTimers(context.pool, limit);
  if (due.incidents.length > 0) await fireIncidents(context, due.incidents);
  return { incidents: due.incidents.length, nextInMs: due.incidents.length >= limit ? 0 : due.nextInMs };
}

/** The due timers of these incidents, in one transaction. */
export async function fireIncidents(context: Context, incidents: readonly string[]): Promise<void> {
  const config = await context.config.current();
  const notifications = await transaction(context.pool, async (tx): Promise<readonly NewNotification[]> => {
    const loaded = await loadAggregates(tx, incidents);
    const now = await clockNow(tx);
    const facts = factsOf(config);
    const changes: Change[] = [];
    for (const one of loaded.values()) {
      const timers = one.aggregate.timers.filter((timer) => timer.dueAt <= now);
      if (timers.length === 0) continue;
      const decision = decideTimers(one.aggregate, timers, facts, now);
      if (decision.ok) changes.push({ loaded: one, decisions: [decision] });
    }
    return changes.length === 0 ? [] : (await commitDecisions(tx, now, changes)).notifications;
  });
  relayNotifications(context, notifications);
  context.tick();
}
