import { decide, decideTimers, openIncident, type AlertSignal } from '@tocsin/domain';
import { clockNow, commitDecisions, insertSystemAlerts, newLoaded, parkAlert, readPoisoned, transaction } from '@tocsin/store';
import { type Context, factsOf } from './context.js';
import { relayNotifications } from './merge-alerts.js';

/**
 * A poisoned alert is set aside, and somebody is paged for it all the same: an incident of its own that joins no
 * group, titled by the raw key, on whatever the routes say of an alert without site and category. Reads nothing else
 * of the alert, since anything else may be the poison.
 */
export async function parkPoisonedAlert(context: Context, alertId: string, code: string): Promise<void> {
  const config = await context.config.current();
  const notifications = await transaction(context.pool, async (tx) => {
    const alert = await readPoisoned(tx, alertId);
    if (alert === undefined) return [];
    const now = await clockNow(tx);
    const facts = factsOf(config);
    const signal: AlertSignal = {
      alertId, key: alert.key, principal: { kind: alert.principal_kind, id: alert.principal_id }, source: null, site: null, zone: null,
      category: 'other', severity: alert.severity === 'critical' ? 'critical' : 'high', reality: alert.reality, title: alert.key, labels: {},
      acceptedAt: alert.accepted_at, count: 1, firing: true,
    };
    const loaded = newLoaded(openIncident(signal, null, facts, now));
    const opened = decide(loaded.aggregate, { kind: 'alert', signal }, facts, now);
    if (!opened.ok) throw new Error(opened.refusal.reason.text);
    const due = opened.next.timers.filter((timer) => timer.dueAt <= now);
    const fired = decideTimers(opened.next, due, facts, now);
    const parked = {
      ...opened,
      events: [...opened.events, {
        type: 'alert.parked' as const, data: { alertId, key: alert.key, code }, actor: { kind: 'system' as const, id: 'engine' },
        reason: { code: 'poisoned', params: { code }, text: `The alert could not be merged (${code}); it stands alone.` },
      }],
    };
    const committed = await commitDecisions(tx, now, [{ loaded, isNew: true, decisions: fired.ok ? [parked, fired] : [parked] }]);
    await parkAlert(tx, alertId, code, loaded.aggregate.incident.id);
    await insertSystemAlerts(tx, now, [{ cause: 'alert-parked', subject: code, params: { alertId } }]);
    return committed.notifications;
  });
  context.log.error('alert.parked', { alertId, code });
  relayNotifications(context, notifications);
  context.tick();
}
