import { decideDue, dueTimers, type NewNotification } from '@tocsin/domain';
import { type Change, clockNow, loadAggregates, together } from '@tocsin/store';
import { deciding } from '../commit-throttled.js';
import { type Context, factsOf } from '../context.js';
import { relayNotifications } from '../alerts/merge-alerts.js';
import type { HeldOptions } from '../patience.js';

export interface FiredIncidents {
  /** With `skipsLocked`: what somebody holds. */
  readonly locked: readonly string[];
  /** Something is due, and the rules make nothing of it. */
  readonly stuck: readonly string[];
}

/**
 * The due timers of these incidents, in one transaction. They were found without a lock: they are locked in id order
 * (waiting, as every writer does) and decided upon again, so that a late, doubled or lost call is harmless.
 */
export async function fireIncidents(
  context: Context,
  incidents: readonly string[],
  { lockWaitMs, skipsLocked = false }: HeldOptions = {},
): Promise<FiredIncidents> {
  const config = await context.config.current();
  const { notifications, ...fired } = await deciding(
    context.pool,
    async (tx, commit) => {
      const [loaded, now] = await together(loadAggregates(tx, incidents, { skipsLocked }), clockNow(tx));
      const facts = factsOf(config);
      const changes: Change[] = [];
      const stuck: string[] = [];
      for (const [id, one] of loaded) {
        const decisions = decideDue(one.aggregate, facts, now).filter((decision) => decision.ok);
        if (decisions.length > 0) changes.push({ loaded: one, decisions });
        else if (dueTimers(one.aggregate, now).length > 0) stuck.push(id);
      }
      const committed: readonly NewNotification[] =
        changes.length === 0 ? [] : (await commit(now, changes)).notifications;
      // crash-point: timers.before-commit
      return { notifications: committed, stuck, locked: incidents.filter((id) => skipsLocked && !loaded.has(id)) };
    },
    lockWaitMs === undefined ? {} : { lockWaitMs },
  );
  // crash-point: timers.after-commit
  relayNotifications(context, notifications);
  // crash-point: timers.before-tick
  context.tick();
  return fired;
}
