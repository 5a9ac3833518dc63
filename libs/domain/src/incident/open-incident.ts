import type { Aggregate, AlertSignal, Decision, Facts, Incident } from '../aggregate.js';
import { alertData, beginDraft, emit, incidentData, machine, settle } from './draft.js';
import { because } from '../reason.js';
import { catchAll } from '../routing/route.js';
import { saidBecause, startRun } from './run.js';
import type { IncidentClass, Instant, Reality, Severity } from '../words.js';

export interface OpenOptions {
  readonly class?: IncidentClass;
  readonly incidentId?: string;
}

/** What nothing has happened to yet. */
const untouched = {
  state: 'open',
  condition: 'active',
  team: null,
  route: null,
  owner: null,
  version: 1,
  acknowledgedAt: null,
  resolvedAt: null,
  resolvedBy: null,
  closedAt: null,
  disposition: null,
  autoResolve: false,
  alertCount: 0,
  firingCount: 0,
  epoch: 0,
  idleOrdinal: 0,
  idleRearmed: false,
  lastDispatch: [],
} as const satisfies Partial<Incident>;

/**
 * The incident that a signal will open: state open, nothing counted, nothing running. `decide(it, {kind: 'alert', signal})`
 * opens it (events incident.opened, alert.accepted, incident.routed, escalation.started). Never for `info` of a source.
 */
// The five facts are what the merge has in hand when it finds no incident for a group.
export function openIncident(
  signal: AlertSignal,
  groupKey: string | null,
  facts: Facts,
  now: Instant,
  opts: OpenOptions = {},
): Aggregate {
  const incident: Incident = {
    ...untouched,
    id: opts.incidentId ?? facts.newId(),
    agency: facts.config.agency.id,
    class: opts.class ?? classOf(signal),
    category: signal.category,
    reality: signal.reality,
    groupKey,
    severity: signal.severity,
    site: signal.site,
    zone: signal.zone,
    zones: signal.zone === null ? [] : [signal.zone],
    source: signal.source,
    labels: signal.labels,
    title: signal.title,
    description: signal.description ?? null,
    openedAt: now,
    lastSignalAt: signal.lastSignalAt ?? signal.acceptedAt,
  };
  return { incident, runs: [], timers: [], assignments: [] };
}

function classOf(signal: AlertSignal): IncidentClass {
  if (signal.principal.kind === 'person') return 'manual';
  // Not by category: a source could call its own alerts `system`, and its ladder's exhaustion would raise nobody.
  return signal.principal.kind === 'system' ? 'system' : 'alarm';
}

/** All that may be read of an alert that broke its merge. */
export interface Poisoned {
  readonly alertId: string;
  readonly key: string;
  readonly principal: AlertSignal['principal'];
  readonly reality: Reality;
  readonly severity: Severity;
  readonly acceptedAt: Instant;
  /** Why it was parked. */
  readonly code: string;
}

/**
 * An incident of its own for a parked alert: no group, title from the raw key, the catch-all's policy. Nothing else of
 * the alert is read, since something of it is what broke (decisions.md section 3, poison). At least `high`, since
 * nobody knows what the alert says. `opened` is what `decision` was taken upon, as after openIncident.
 */
export function openPoisoned(of: Poisoned, facts: Facts, now: Instant): { opened: Aggregate; decision: Decision } {
  const signal = signalOfPoisoned(of);
  const opened = openIncident(signal, null, facts, now);
  const draft = beginDraft(opened, facts, now);
  const reason = because('alert-parked', { code: of.code });
  draft.incident = { ...draft.incident, alertCount: 1, firingCount: 1 };
  const { title, category, class: kind, reality } = opened.incident;
  const about = { title, category, class: kind, reality };
  emit(draft, 'incident.opened', { ...incidentData(draft), to: 'open', ...about }, { reason, actor: machine });
  emit(draft, 'alert.parked', { ...alertData(signal), code: of.code }, { reason, actor: of.principal });
  startRun(draft, { startedAt: of.acceptedAt, said: saidBecause('escalation-opened'), routed: catchAll(facts) });
  // About an alert of the product's own nothing more is raised: what broke it would break that one too, without end.
  if (opened.incident.class !== 'system')
    draft.effects.push({ kind: 'sys', cause: 'alert-parked', subject: of.code, params: { alertId: of.alertId } });
  return { opened, decision: settle(draft, reason) };
}

function signalOfPoisoned(of: Poisoned): AlertSignal {
  return {
    alertId: of.alertId,
    key: of.key,
    principal: of.principal,
    source: of.principal.kind === 'source' ? of.principal.id : null,
    site: null,
    zone: null,
    category: 'other',
    severity: of.severity === 'critical' ? 'critical' : 'high',
    reality: of.reality,
    title: of.key,
    labels: {},
    acceptedAt: of.acceptedAt,
    count: 1,
    firing: true,
  };
}
