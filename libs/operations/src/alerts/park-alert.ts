import { decideDue, openPoisoned } from '@tocsin/domain';
import { clockNow, newLoaded, parkAlert, readPoisoned } from '@tocsin/store';
import { deciding } from '../commit-throttled.js';
import { type Context, factsOf } from '../context.js';
import { relayNotifications } from './merge-alerts.js';

/**
 * A poisoned alert is set aside, and somebody is paged for it all the same: an incident of its own that joins no
 * group, titled by the raw key, on the catch-all's policy. Reads nothing else of the alert, since anything else may be
 * the poison.
 */
export async function parkPoisonedAlert(context: Context, alertId: string, code: string): Promise<void> {
  const config = await context.config.current();
  const notifications = await deciding(context.pool, async (tx, commit) => {
    const alert = await readPoisoned(tx, alertId);
    if (alert === undefined) return null;
    const now = await clockNow(tx);
    const facts = factsOf(config);
    const { opened, decision } = openPoisoned(
      {
        alertId,
        key: alert.key,
        principal: { kind: alert.principal_kind, id: alert.principal_id },
        reality: alert.reality,
        severity: alert.severity,
        acceptedAt: alert.accepted_at,
        code,
      },
      facts,
      now,
    );
    if (!decision.ok) throw new Error(decision.refusal.reason.text);
    const decisions = [decision, ...decideDue(decision.next, facts, now)].filter((one) => one.ok);
    const committed = await commit(now, [{ loaded: newLoaded(opened), isNew: true, decisions }]);
    await parkAlert(tx, alertId, code, opened.incident.id);
    return committed.notifications;
  });
  // Somebody else has it, or was faster.
  if (notifications === null) return;
  context.log.error('alert.parked', { alertId, code });
  relayNotifications(context, notifications);
  context.tick();
}
