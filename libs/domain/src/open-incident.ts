import type { Aggregate, AlertSignal, Decision, Facts, Incident } from './aggregate.js';
import { beginDraft, emit, incidentData, machine, settle } from './draft.js';
import { because } from './reason.js';
import { catchAll } from './route.js';
import { saidBecause, startRun } from './run.js';
import type { IncidentClass, Instant, Reality, Severity } from './words.js';

export interface OpenOptions {
  readonly class?: IncidentClass;
  readonly incidentId?: string;
}

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
    id: opts.incidentId ?? facts.newId(),
    agency: facts.config.agency.id,
    class: opts.class ?? classOf(signal),
    category: signal.category,
    reality: signal.reality,
    groupKey,
    state: 'open',
    condition: 'active',
    severity: signal.severity,
    site: signal.site,
    zone: signal.zone,
    zones: signal.zone === null ? [] : [signal.zone],
    source: signal.source,
    labels: signal.labels,
    team: null,
    route: null,
    title: signal.title,
    description: signal.description ?? null,
    owner: null,
    version: 1,
    openedAt: now,
    lastSignalAt: signal.lastSignalAt ?? signal.acceptedAt,
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
  };
  return { incident, runs: [], timers: [], assignments: [] };
}

function classOf(signal: AlertSignal): IncidentClass {
  if (signal.principal.kind === 'person') return 'manual';
  return signal.principal.kind === 'system' || signal.category === 'system' ? 'system' : 'alarm';
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
 * the alert is read, since something of it is what broke (decisions.md section 3, poison). `info` pages as `low`: nobody
 * knows what the alert says.
 */
export function openPoisoned(of: Poisoned, facts: Facts, now: Instant, opts: OpenOptions = {}): Decision {
  const signal = signalOfPoisoned(of);
  const opened = openIncident(signal, null, facts, now, { class: 'alarm', ...opts });
  const draft = beginDraft(opened, facts, now);
  const reason = because('alert-parked', { code: of.code });
  draft.incident = { ...draft.incident, alertCount: 1, firingCount: 1 };
  emit(
    draft,
    'incident.opened',
    {
      ...incidentData(draft),
      to: 'open',
      title: signal.title,
      category: signal.category,
      class: opened.incident.class,
      reality: of.reality,
    },
    { reason, actor: machine },
  );
  emit(
    draft,
    'alert.parked',
    {
      alertId: of.alertId,
      key: of.key,
      source: signal.source,
      site: null,
      severity: of.severity,
      title: signal.title,
      count: 1,
      code: of.code,
    },
    { reason, actor: of.principal },
  );
  startRun(draft, { startedAt: of.acceptedAt, said: saidBecause('escalation-opened'), routed: catchAll(facts) });
  draft.effects.push({
    kind: 'sys',
    cause: 'alert-parked',
    subject: of.alertId,
    params: { alert: of.alertId, code: of.code },
  });
  return settle(draft, reason);
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
    severity: of.severity === 'info' ? 'low' : of.severity,
    reality: of.reality,
    title: of.key,
    labels: {},
    acceptedAt: of.acceptedAt,
    count: 1,
    firing: true,
  };
}
