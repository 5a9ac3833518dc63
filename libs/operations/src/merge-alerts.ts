import { pageQueue, laneName } from '@tocsin/contracts';
import { type Instant, MINUTE, SECOND, type NewNotification } from '@tocsin/domain';
import {
  appendToStreams, clockNow, commitDecisions, findGroupIncidents, loadAggregates, lockStreams, lockWaitingAlerts, markMerged, transaction,
  type Tx, type WaitingAlert,
} from '@tocsin/store';
import { type Context, factsOf } from './context.js';
import { MergeBatch } from './merge-batch.js';
import { recordedEvent, sourceStream } from './recorded-alerts.js';

/**
 * Alerts that wait become part of their incidents: new episodes open, extend, re-alert or reopen one, repeats and
 * restores are reported, first pages are queued. One transaction for the batch; whatever another copy holds is skipped.
 * A failure by the data of one alert is thrown as it is: `mergeIsolating` bisects.
 */
export async function mergeAlerts(context: Context, ids: readonly string[]): Promise<number> {
  const config = await context.config.current();
  const merged = await transaction(context.pool, async (tx) => {
    const alerts = await lockWaitingAlerts(tx, ids);
    if (alerts.length === 0) return { count: 0, notifications: [] };
    const infos = alerts.filter((alert) => alert.severity === 'info');
    if (infos.length > 0) await lockStreams(tx, infos.map(sourceStream));
    const loaded = await loadAggregates(tx, await incidentsOf(tx, alerts, config.document.timing.reopenWithinS));
    const now = await clockNow(tx);
    const batch = new MergeBatch(loaded, factsOf(config), now);
    for (const alert of alerts) batch.take(alert);
    batch.fireDueTimers();
    const committed = await commitDecisions(tx, now, batch.changes());
    await appendToStreams(tx, now, batch.recorded.map((alert) => ({
      stream: sourceStream(alert), events: [recordedEvent(alert)], reality: alert.reality, site: alert.site_id,
    })));
    await markMerged(tx, now, batch.marks());
    return { count: alerts.length, notifications: committed.notifications };
  });
  if (merged.count > 0) {
    relayNotifications(context, merged.notifications);
    context.tick();
  }
  return merged.count;
}

/** New waiting notifications go to the page lanes at once; the notifier's sweeper finds what does not arrive. */
export function relayNotifications(context: Pick<Context, 'relay'>, notifications: readonly NewNotification[]): void {
  const lanes = new Map<string, string[]>();
  for (const { id, channel, severity, suppressed } of notifications) {
    if (suppressed) continue;
    const queue = pageQueue(channel, laneName(severity));
    const ids = lanes.get(queue);
    if (ids) ids.push(id);
    else lanes.set(queue, [id]);
  }
  for (const [queue, ids] of lanes) context.relay(queue, ids);
}

/** Every incident that the batch may touch: those the alerts belong to, and per group the one that takes new ones. */
async function incidentsOf(tx: Tx, alerts: readonly WaitingAlert[], reopenWithinS: number): Promise<string[]> {
  const keys = new Set(alerts.flatMap((alert) => (alert.group_key === null ? [] : [alert.group_key])));
  // A minute more than the rule needs: the rule decides by the clock that is read under the locks.
  const now: Instant = await clockNow(tx);
  const groups = await findGroupIncidents(tx, [...keys], now - reopenWithinS * SECOND - MINUTE);
  const own = alerts.flatMap((alert) => (alert.incident_id === null ? [] : [alert.incident_id]));
  return [...new Set([...groups, ...own])];
}
