import {
  type Aggregate,
  type AlertSignal,
  decide,
  decideDue,
  type Facts,
  HOUR,
  type Input,
  type Instant,
  openIncident,
  SECOND,
  severities,
} from '@tocsin/domain';
import { type Change, type Loaded, type MergedAlert, newLoaded, type WaitingAlert } from '@tocsin/store';
import type { RecordedAs } from './recorded-alerts.js';

/** Repeats of one alert are reported at once the first time, then at most this often, with the count. */
const repeatEvery = 10 * SECOND;

interface Pending {
  readonly loaded: Loaded;
  readonly isNew: boolean;
  readonly groupKey: string | null;
  aggregate: Aggregate;
  readonly decisions: Change['decisions'][number][];
}

/** The pure middle of a merge: alerts in, changes of incidents and marks on alerts out. No IO. */
export class MergeBatch {
  /** What is said of `info` alerts that found no open incident of their group. */
  readonly recorded: { readonly alert: WaitingAlert; readonly as: RecordedAs }[] = [];
  private readonly pending = new Map<string, Pending>();
  private readonly byGroup = new Map<string, Pending>();
  private readonly written: MergedAlert[] = [];

  constructor(
    loaded: ReadonlyMap<string, Loaded>,
    private readonly facts: Facts,
    private readonly now: Instant,
  ) {
    for (const one of loaded.values()) {
      const { incident } = one.aggregate;
      const entry: Pending = {
        loaded: one,
        isNew: false,
        groupKey: incident.groupKey,
        aggregate: one.aggregate,
        decisions: [],
      };
      this.pending.set(incident.id, entry);
      if (incident.groupKey !== null && this.takesAlerts(entry, this.byGroup.get(incident.groupKey)))
        this.byGroup.set(incident.groupKey, entry);
    }
  }

  take(alert: WaitingAlert): void {
    const own = alert.incident_id === null ? undefined : this.pending.get(alert.incident_id);
    const isRepeat = own !== undefined && !this.beginsAnew(own, alert);
    const entry = isRepeat ? own : this.join(alert);
    if (entry === undefined) return this.record(alert);
    const reportsRepeat = isRepeat && this.repeatsAreDue(alert);
    // What begins anew, or was only recorded until now, counts from its latest signal: from the first every step would be overdue at once.
    const acceptedAt = isFirst(alert) ? alert.accepted_at : alert.last_signal_at;
    if (!isRepeat) this.apply(entry, { kind: 'alert', signal: { ...signalOf(alert), acceptedAt } });
    else if (reportsRepeat) this.apply(entry, { kind: 'repeat', signal: signalOf(alert) });
    // One that ended before its merge told its incident so by `firing: false`: a restore could end it before anybody is paged.
    if (isRepeat && alert.status === 'resolved' && !alert.resolve_reported)
      this.apply(entry, { kind: 'restore', signal: signalOf(alert) });
    if (this.isStale(alert)) this.apply(entry, { kind: 'stale', signal: signalOf(alert) });
    this.mark(alert, entry.aggregate.incident.id, !isRepeat || reportsRepeat);
  }

  /** First pages do not wait for a sweep: steps that are due already fire in the same transaction. */
  fireDueTimers(): void {
    for (const entry of this.pending.values()) {
      if (entry.decisions.length === 0) continue;
      for (const decision of decideDue(entry.aggregate, this.facts, this.now)) this.keep(entry, decision);
    }
  }

  /** Existing incidents in id order, then the new ones in the order of their group keys (the one lock order). */
  changes(): Change[] {
    const touched = [...this.pending.values()].filter((entry) => entry.decisions.length > 0);
    const order = (entry: Pending): string =>
      entry.isNew ? `1${entry.groupKey ?? ''}` : `0${entry.aggregate.incident.id}`;
    touched.sort((a, b) => (order(a) < order(b) ? -1 : 1));
    return touched.map(({ loaded, isNew, decisions }) => ({ loaded, isNew, decisions }));
  }

  marks(): readonly MergedAlert[] {
    return this.written;
  }

  private join(alert: WaitingAlert): Pending | undefined {
    const group = alert.group_key === null ? undefined : this.byGroup.get(alert.group_key);
    // Once recorded it stays so: an alert is accepted in one stream.
    if (alert.severity === 'info')
      return group !== undefined && isUnresolved(group.aggregate) && isFirst(alert) ? group : undefined;
    if (group !== undefined && this.takesAlerts(group)) return group;
    const opened = openIncident(signalOf(alert), alert.group_key, this.facts, this.now);
    const entry: Pending = {
      loaded: newLoaded(opened),
      isNew: true,
      groupKey: alert.group_key,
      aggregate: opened,
      decisions: [],
    };
    this.pending.set(opened.incident.id, entry);
    if (alert.group_key !== null) this.byGroup.set(alert.group_key, entry);
    return entry;
  }

  /** Unresolved, or resolved so lately that a further alert reopens it; of two, the unresolved one. */
  private takesAlerts(entry: Pending, rival?: Pending): boolean {
    const { state, resolvedAt } = entry.aggregate.incident;
    if (isUnresolved(entry.aggregate)) return true;
    const since = this.now - this.facts.config.timing.reopenWithinS * SECOND;
    if (state !== 'resolved' || (resolvedAt ?? 0) < since) return false;
    return (
      rival === undefined ||
      (!isUnresolved(rival.aggregate) && (rival.aggregate.incident.resolvedAt ?? 0) < (resolvedAt ?? 0))
    );
  }

  /** An `info` alert that no incident wants, or wants no more: what is new of it goes to its source's stream, and it stays where it was accepted. */
  private record(alert: WaitingAlert): void {
    const reported = isFirst(alert) || this.repeatsAreDue(alert);
    if (reported) this.recorded.push({ alert, as: isFirst(alert) ? 'alert.accepted' : 'alert.duplicate' });
    if (alert.status === 'resolved' && !alert.resolve_reported && !isFirst(alert))
      this.recorded.push({ alert, as: 'alert.resolved' });
    this.mark(alert, alert.incident_id, reported);
  }

  /**
   * A repeat that turns out to have come after the end of its incident alarms anew where that one cannot be reopened: it
   * was closed, or its group has another unresolved incident by now (one per group: the reopening would never commit).
   */
  private beginsAnew(own: Pending, alert: WaitingAlert): boolean {
    const { state, resolvedAt, closedAt, groupKey } = own.aggregate.incident;
    const endedAt = resolvedAt ?? closedAt ?? 0;
    if (
      isUnresolved(own.aggregate) ||
      alert.status !== 'firing' ||
      alert.count <= alert.reported_count ||
      alert.last_signal_at <= endedAt
    )
      return false;
    // The same start is the same episode for 1 h after the end, as intake has it (decisions.md section 5).
    if (alert.starts_at !== null && this.now - endedAt < HOUR) return false;
    const holder = groupKey === null ? undefined : this.byGroup.get(groupKey);
    return state === 'closed' || (holder !== undefined && holder !== own && isUnresolved(holder.aggregate));
  }

  private repeatsAreDue(alert: WaitingAlert): boolean {
    if (alert.count <= alert.reported_count) return false;
    const isHigher = severities.indexOf(alert.severity) < severities.indexOf(alert.merged_severity ?? alert.severity);
    const isFirst = alert.reported_count <= 1;
    return isHigher || isFirst || alert.status === 'resolved' || this.now - (alert.reported_at ?? 0) >= repeatEvery;
  }

  private isStale(alert: WaitingAlert): boolean {
    return alert.status === 'firing' && !alert.stale_reported && alert.ends_at !== null && alert.ends_at < this.now;
  }

  private mark(alert: WaitingAlert, incidentId: string | null, reported: boolean): void {
    const waits = !reported && alert.count > alert.reported_count;
    this.written.push({
      id: alert.id,
      incidentId,
      severity: alert.severity,
      reportedCount: reported ? alert.count : alert.reported_count,
      reportedAt: reported ? this.now : (alert.reported_at ?? this.now),
      resolveReported: alert.resolve_reported || alert.status === 'resolved',
      staleReported: alert.stale_reported || this.isStale(alert),
      workDueAt: waits ? (alert.reported_at ?? this.now) + repeatEvery : null,
    });
  }

  private apply(entry: Pending, input: Input): void {
    this.keep(entry, decide(entry.aggregate, input, this.facts, this.now));
  }

  private keep(entry: Pending, decision: ReturnType<typeof decide>): void {
    // The machine's inputs are never refused; should a rule refuse one, the alert is bisected out and parked.
    if (!decision.ok) throw new Error(`${decision.refusal.code}: ${decision.refusal.reason.text}`);
    entry.aggregate = decision.next;
    entry.decisions.push(decision);
    // Reopened by a repeat, however long ago it was resolved, it takes its group's alerts again.
    if (entry.groupKey !== null && isUnresolved(entry.aggregate)) this.byGroup.set(entry.groupKey, entry);
  }
}

/** Nothing has been said of it yet: it was neither merged nor recorded. */
const isFirst = (alert: WaitingAlert): boolean => alert.reported_at === null;

const isUnresolved = ({ incident }: Aggregate): boolean =>
  incident.state === 'open' || incident.state === 'acknowledged';

export function signalOf(alert: WaitingAlert): AlertSignal {
  return {
    alertId: alert.id,
    key: alert.key,
    principal: { kind: alert.principal_kind, id: alert.principal_id },
    source: alert.principal_kind === 'person' ? null : alert.principal_id,
    site: alert.site_id,
    zone: alert.zone,
    category: alert.category,
    severity: alert.severity,
    reality: alert.reality,
    title: alert.title,
    description: alert.description,
    labels: alert.labels,
    acceptedAt: alert.accepted_at,
    count: alert.count,
    firing: alert.status === 'firing',
    lastSignalAt: alert.last_signal_at,
    startsAt: alert.starts_at,
    ...(alert.merged_severity === null ? undefined : { previousSeverity: alert.merged_severity }),
  };
}
