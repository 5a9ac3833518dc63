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
  const members = membersOf(acceptances);
  for (const { id, alertCount } of context.dumps.sql.incidents)
    if ((members.get(id)?.size ?? 0) !== alertCount)
      findings.violate(id, `counts ${alertCount} alerts, its log took in ${members.get(id)?.size ?? 0}`);
  for (const { key, what } of groupFaults(context)) findings.violate(key, what);
  return findings;
};

/** Alerts of the product itself come until the tables are read: 5 s in calm are the engine's to merge one. */
function isOnItsWay({ toMonotonic, windows, dumps }: Context, { isWaiting, acceptedAt }: AlertRow): boolean {
  return isWaiting && toMonotonic(dumps.sql.now) < deadlineOf(windows, toMonotonic(acceptedAt)) + mergeMs;
}

function membersOf(acceptances: ReadonlyMap<string, readonly EventRow[]>): Map<string, Set<string>> {
  const members = new Map<string, Set<string>>();
  for (const [alert, events] of acceptances)
    for (const { stream } of events) members.set(stream, (members.get(stream) ?? new Set()).add(alert));
  return members;
}

/**
 * The row names one incident, and the log took the alert in there, last and as a rule once: a repeat that came after its
 * incident was resolved or closed may take it on to the next one. Lone `info` entered its source's stream.
 */
function placeFault(context: Context, alert: AlertRow, acceptances: readonly EventRow[]): string | undefined {
  const { id, incident, severity } = alert;
  if (alert.mergedAt === null && isOnItsWay(context, alert)) return undefined;
  if (incident === null && severity !== 'info') return `alert ${id} (${severity}) is in no incident`;
  if (incident !== null && !context.incidents.has(incident))
    return `alert ${id} is in ${incident}, which is not stored`;
  const inOrder = [...acceptances].sort((a, b) => Number(a.position) - Number(b.position));
  const last = inOrder.at(-1);
  const logged = last?.isIncident ? last.stream : null;
  if (last === undefined || logged !== incident) return `alert ${id} says incident ${incident}, the log says ${logged}`;
  const kept = inOrder.find((event, index) => {
    const next = inOrder[index + 1];
    return next !== undefined && !isOver(context, event, next);
  });
  return kept && `alert ${id} was taken in by ${incident} while it was in ${kept.stream}, which was not resolved`;
}

/** Had the incident that an alert was taken in by been resolved or closed when another took it? */
function isOver({ logs, isTimed }: Context, { stream, isIncident }: EventRow, next: EventRow): boolean {
  if (!isIncident) return true;
  if (stream === next.stream) return false;
  const state = logs.get(stream)?.moves.findLast(({ event }) => event.at <= next.at)?.to;
  return !isTimed(stream) || state === 'resolved' || state === 'closed';
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
