import type { AlertRow, EventRow } from '../dumps/shapes';
import type { Context } from './context';
import { grouped } from './context';
import { deadlineOf } from './disturbance';
import { type Check, Findings } from './finding';
import { groupOf } from './oracles';

/** Beyond the 2 s of everything that is due. */
const mergeMs = 3_000;

/**
 * I5 grouping: each alert is in exactly one incident (lone `info` in none); same group and incident open at accept ->
 * same incident; different group -> different; member count = |members|; at most one unresolved incident per group at
 * every seq. A parked alert and one by hand stand alone.
 */
export const grouping: Check = (context) => {
  const findings = new Findings('I5');
  const acceptances = grouped(
    context.dumps.sql.events.filter(({ type }) => type === 'alert.accepted' || type === 'alert.recorded'),
    ({ data }) => (typeof data?.['alertId'] === 'string' ? data['alertId'] : undefined),
  );
  for (const alert of context.dumps.sql.alerts) {
    findings.look();
    const fault = placeFault(context, alert, acceptances.get(alert.id) ?? []);
    if (fault !== undefined) findings.violate(alert.key, fault);
  }
  for (const incident of context.dumps.sql.incidents) {
    const members = context.alertsOfIncident.get(incident.id)?.length ?? 0;
    if (members !== incident.alertCount && incident.class !== 'manual')
      findings.violate(incident.id, `counts ${incident.alertCount} alerts and has ${members}`);
  }
  for (const { key, what } of groupFaults(context)) findings.violate(key, what);
  return findings;
};

/** Alerts of the product itself come until the tables are read: 5 s in calm are the engine's to merge one. */
function isOnItsWay({ toMonotonic, windows, dumps }: Context, { isWaiting, acceptedAt }: AlertRow): boolean {
  return isWaiting && toMonotonic(dumps.sql.now) < deadlineOf(windows, toMonotonic(acceptedAt)) + mergeMs;
}

/** The row names one incident, and the log took the alert in once, there; lone `info` entered its source's stream. */
function placeFault(context: Context, alert: AlertRow, acceptances: readonly EventRow[]): string | undefined {
  const { id, incident, severity } = alert;
  const { incidents } = context;
  if (alert.mergedAt === null && isOnItsWay(context, alert)) return undefined;
  if (incident === null && severity !== 'info') return `alert ${id} (${severity}) is in no incident`;
  if (incident !== null && !incidents.has(incident))
    return `alert ${id} is in incident ${incident}, which is not stored`;
  const streams = acceptances.map(({ stream }) => stream);
  if (streams.length !== 1) return `alert ${id} was taken into the log ${streams.length} times: ${streams.join(', ')}`;
  const logged = acceptances[0]?.isIncident ? streams[0] : null;
  return logged === incident ? undefined : `alert ${id} says incident ${incident}, the log says ${logged}`;
}

/** By group: each incident's alerts are all of it, and no two of its incidents were unresolved at one time. */
function* groupFaults(context: Context): Generator<{ key: string; what: string }> {
  const incidentsOfGroup = new Map<string, Set<string>>();
  for (const [id, alerts] of context.alertsOfIncident) {
    if (context.incidents.get(id)?.class === 'manual' || alerts.some(({ parkedAt }) => parkedAt !== null)) continue;
    const groups = new Set(alerts.map((alert) => groupOf(context.scene, alert)));
    if (groups.size > 1) yield { key: id, what: `holds alerts of ${groups.size} groups: ${[...groups].join(' ')}` };
    for (const group of groups) incidentsOfGroup.set(group, (incidentsOfGroup.get(group) ?? new Set()).add(id));
  }
  for (const [group, ids] of incidentsOfGroup) {
    if (![...ids].every(context.isTimed)) continue;
    const spans = [...ids].flatMap((id) => unresolvedSpans(context, id)).sort((a, b) => a.from - b.from);
    for (const [index, span] of spans.entries()) {
      const before = spans[index - 1];
      if (before !== undefined && before.id !== span.id && before.to > span.from)
        yield { key: span.id, what: `unresolved together with ${before.id} of the same group ${group}` };
    }
  }
}

interface Span {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

/** When an incident was unresolved, in the database's ms. */
function unresolvedSpans({ logs }: Context, id: string): Span[] {
  const spans: { id: string; from: number; to: number }[] = [];
  for (const { to, event } of logs.get(id)?.moves ?? []) {
    const last = spans.at(-1);
    const isUnresolved = to === 'open' || to === 'acknowledged';
    if (isUnresolved && (last === undefined || last.to !== Number.POSITIVE_INFINITY))
      spans.push({ id, from: event.at, to: Number.POSITIVE_INFINITY });
    else if (!isUnresolved && last?.to === Number.POSITIVE_INFINITY) last.to = event.at;
  }
  return spans;
}
