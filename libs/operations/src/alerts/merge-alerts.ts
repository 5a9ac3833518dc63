import { pageQueue, laneName } from '@tocsin/contracts';
import type { NewNotification } from '@tocsin/domain';
import {
  appendToStreams,
  clockNow,
  findGroupIncidents,
  loadAggregates,
  lockInLine,
  lockStreams,
  lockWaitingAlerts,
  markMerged,
  streamIdOf,
  together,
  type TransactionOptions,
  type Tx,
  type WaitingAlert,
} from '@tocsin/store';
import { deciding } from '../commit-throttled.js';
import { type Context, factsOf } from '../context.js';
import type { HeldOptions } from '../patience.js';
import { MergeBatch } from './merge-batch.js';
import { recordedEvent, sourceStream } from './recorded-alerts.js';

/** What a merge does about what others hold. Default: incidents are waited for, alerts that somebody holds are his. */
export interface MergeOptions extends HeldOptions {
  /** Incidents that are known to be held: their alerts are left as well. */
  readonly without?: ReadonlySet<string>;
  /** One alert alone: waits also for whoever holds the alert itself. */
  readonly waitsForAlert?: boolean;
}

export interface Merged {
  /** What was merged; what is neither here nor among the locked was done already, or is somebody else's just now. */
  readonly ids: readonly string[];
  /** Left waiting, by the incident that somebody holds. */
  readonly locked: ReadonlyMap<string, readonly string[]>;
}

/** `mergeUnder` as every writer does it; answers how many were merged. */
export async function mergeAlerts(context: Context, ids: readonly string[]): Promise<number> {
  return (await mergeUnder(context, ids)).ids.length;
}

/**
 * Alerts that wait become part of their incidents: new episodes open, extend, re-alert or reopen one, repeats and
 * restores are reported, first pages are queued. One transaction for the batch; whatever another copy holds is skipped.
 * A failure by the data of one alert is thrown as it is: `isolatePoison` bisects.
 */
export function mergeUnder(context: Context, ids: readonly string[], options: MergeOptions = {}): Promise<Merged> {
  const { lockWaitMs, ...held } = options;
  return merging(
    context,
    (tx) => lockWaitingAlerts(tx, ids, { waits: options.waitsForAlert === true }),
    held,
    lockWaitMs === undefined ? {} : { lockWaitMs },
  );
}

/**
 * The same for alerts of one incident that somebody holds: waits in line for it with nothing in hand, and asks for the
 * ids when its turn has come. Whatever else somebody holds is left: who has waited so long waits for nothing more.
 */
export function mergeInLine(
  context: Context,
  incident: string,
  ids: () => readonly string[],
  { lockWaitMs }: { readonly lockWaitMs: number },
): Promise<Merged> {
  return merging(
    context,
    async (tx) => {
      await lockInLine(tx, incident, lockWaitMs);
      return lockWaitingAlerts(tx, ids());
    },
    { skipsLocked: true },
  );
}

async function merging(
  context: Context,
  lockAlerts: (tx: Tx) => Promise<readonly WaitingAlert[]>,
  { skipsLocked = false, without }: Pick<MergeOptions, 'skipsLocked' | 'without'>,
  wait: TransactionOptions = {},
): Promise<Merged> {
  const config = await context.config.current();
  const { notifications, ...merged } = await deciding(
    context.pool,
    async (tx, commit) => {
      const waiting = await withStreams(tx, await lockAlerts(tx), skipsLocked);
      if (waiting.length === 0) return nothing;
      // crash-point: merge.alerts-locked
      const incidents = await incidentsOf(tx, waiting, config.document.timing.reopenWithinS);
      const wanted = [...new Set([...incidents.values()].flat())].filter((id) => without?.has(id) !== true);
      const [loaded, now] = await together(loadAggregates(tx, wanted, { skipsLocked }), clockNow(tx));
      const { free, locked } = apart(waiting, incidents, loaded);
      const batch = new MergeBatch(loaded, factsOf(config), now);
      for (const alert of free) batch.take(alert);
      batch.fireDueTimers();
      const recorded = batch.recorded.map(({ alert, as }) => ({
        stream: sourceStream(alert),
        events: [recordedEvent(alert, as)],
        reality: alert.reality,
        site: alert.site_id,
      }));
      // crash-point: merge.before-write
      const [committed] = await together(
        commit(now, batch.changes()),
        appendToStreams(tx, now, recorded),
        markMerged(tx, now, batch.marks()),
      );
      // crash-point: merge.before-commit
      return { ids: free.map(({ id }) => id), locked, notifications: committed.notifications };
    },
    wait,
  );
  if (merged.ids.length > 0) {
    // crash-point: merge.after-commit
    relayNotifications(context, notifications);
    // crash-point: merge.before-tick
    context.tick();
  }
  return merged;
}

const nothing: Merged & { readonly notifications: readonly NewNotification[] } = {
  ids: [],
  locked: new Map(),
  notifications: [],
};

/** Information may be recorded in the stream of its source, which is locked before any incident; left is what somebody else records there. */
async function withStreams(
  tx: Tx,
  alerts: readonly WaitingAlert[],
  skipsLocked: boolean,
): Promise<readonly WaitingAlert[]> {
  const isInfo = ({ severity }: WaitingAlert): boolean => severity === 'info';
  const infos = alerts.filter(isInfo);
  if (infos.length === 0) return alerts;
  const streams = await lockStreams(tx, infos.map(sourceStream), { skipsLocked });
  return alerts.filter((alert) => !isInfo(alert) || streams.has(streamIdOf(sourceStream(alert))));
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

/** Every incident that each alert may touch: the one it belongs to, and the one that takes new alerts of its group. */
async function incidentsOf(
  tx: Tx,
  alerts: readonly WaitingAlert[],
  reopenWithinS: number,
): Promise<Map<WaitingAlert, string[]>> {
  const keys = new Set(alerts.flatMap((alert) => (alert.group_key === null ? [] : [alert.group_key])));
  const groups = new Map((await findGroupIncidents(tx, [...keys], reopenWithinS)).map(({ key, id }) => [key, id]));
  return new Map(
    alerts.map((alert) => [
      alert,
      [alert.incident_id, groups.get(alert.group_key ?? '')].filter((id) => id !== null && id !== undefined),
    ]),
  );
}

/** Without its incidents an alert cannot be decided upon: what `skipsLocked` and `without` left out. */
function apart(
  alerts: readonly WaitingAlert[],
  incidents: ReadonlyMap<WaitingAlert, readonly string[]>,
  loaded: ReadonlyMap<string, unknown>,
) {
  const free: WaitingAlert[] = [];
  const locked = new Map<string, string[]>();
  for (const alert of alerts) {
    const held = incidents.get(alert)?.find((id) => !loaded.has(id));
    if (held === undefined) free.push(alert);
    else locked.set(held, [...(locked.get(held) ?? []), alert.id]);
  }
  return { free, locked };
}
