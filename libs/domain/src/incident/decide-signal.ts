import type { Aggregate, AlertSignal, Decision, Facts, Input } from '../aggregate.js';
import type { Draft } from './draft.js';
import { alertData, beginDraft, emit, incidentData, patchIncident, refuse, settle } from './draft.js';
import { reopenIncident, resolveIncident } from './end-incident.js';
import { flushPages } from './page.js';
import { realert, regradeUp } from './realert.js';
import type { ReasonCode } from '../reason.js';
import { because } from '../reason.js';
import { saidBecause, startRun } from './run.js';
import { isLifeSafety, isWorse } from '../severity.js';
import { isUnresolved } from './states.js';
import type { Instant, Reason } from '../words.js';
import { HOUR, SECOND } from '../words.js';

export type SignalInput = Extract<Input, { readonly signal: AlertSignal }>;

/** What a source (or, by hand, a person) tells an incident: a new episode, repeats, a restore, an end that was due. */
export function decideSignal(aggregate: Aggregate, input: SignalInput, facts: Facts, now: Instant): Decision {
  const draft = beginDraft(aggregate, facts, now);
  const decision = heard(draft, input);
  if ('ok' in decision) return decision;
  flushPages(draft, { gather: true });
  return settle(draft, decision);
}

function heard(draft: Draft, { kind, signal }: SignalInput): Reason | Decision {
  switch (kind) {
    case 'alert':
      return draft.incident.alertCount === 0 ? open(draft, signal) : join(draft, signal);
    case 'repeat':
      return repeat(draft, signal);
    case 'restore':
      return restore(draft, signal);
    case 'stale':
      return stale(draft, signal);
  }
}

function open(draft: Draft, signal: AlertSignal): Reason {
  const { incident } = draft;
  const reason = because(incident.class === 'manual' ? 'opened-by-hand' : 'opened-by-alert', { key: signal.key });
  const said = { reason, actor: signal.principal };
  const about = {
    title: incident.title,
    category: incident.category,
    class: incident.class,
    reality: incident.reality,
  };
  emit(draft, 'incident.opened', { ...incidentData(draft), to: 'open', ...about }, said);
  accept(draft, signal, 'accepted-opens');
  if (incident.severity !== 'info')
    startRun(draft, { startedAt: signal.acceptedAt, said: saidBecause('escalation-opened') });
  return reason;
}

/** alert.accepted, and the counts. One that has ended already still counts; it opens and pages as "returned to normal". */
function accept(draft: Draft, signal: AlertSignal, code: ReasonCode): void {
  const { incident } = draft;
  const firingCount = incident.firingCount + (signal.firing ? 1 : 0);
  const zones =
    signal.zone === null || incident.zones.includes(signal.zone) ? incident.zones : [...incident.zones, signal.zone];
  // The condition of a SYS incident stays active until somebody resolves it: its alerts are born ended.
  const condition = firingCount > 0 || incident.class === 'system' ? 'active' : 'normal';
  const lastSignalAt =
    signal.severity === 'info' ? incident.lastSignalAt : Math.max(incident.lastSignalAt, signalAt(signal));
  patchIncident(draft, { alertCount: incident.alertCount + 1, firingCount, zones, condition, lastSignalAt });
  emit(draft, 'alert.accepted', alertData(signal), {
    reason: because(code, { key: signal.key }),
    actor: signal.principal,
  });
  if (!signal.firing && incident.class !== 'system') {
    emit(draft, 'alert.resolved', alertData(signal), {
      reason: because('restored-before-merge'),
      actor: signal.principal,
    });
  }
}

function signalAt(signal: AlertSignal): Instant {
  return signal.lastSignalAt ?? signal.acceptedAt;
}

function join(draft: Draft, signal: AlertSignal): Reason | Decision {
  const { state } = draft.incident;
  const reason = because('accepted-joins', { key: signal.key });
  // `info` is recorded where its group is, and moves nothing.
  if (signal.severity === 'info') {
    accept(draft, signal, 'accepted-recorded');
    return reason;
  }
  if (state === 'closed') return refuse('illegal-move', because('closed-takes-no-alert'));
  const why = newsOf(draft, signal);
  accept(draft, signal, 'accepted-joins');
  if (state === 'resolved') {
    if (isWorse(signal.severity, draft.incident.severity)) regrade(draft, signal);
    reopenIncident(draft, {
      at: signal.acceptedAt,
      said: { reason: because('reopened-by-alert', { key: signal.key }), actor: signal.principal },
    });
  } else if (why === null) {
    emit(draft, 'incident.extended', incidentData(draft), { reason, actor: signal.principal });
  } else {
    again(draft, signal, { why, at: signal.acceptedAt });
  }
  return why ?? reason;
}

/** Why a further alert is news to people who know the incident; null = it is more of the same. */
function newsOf(draft: Draft, signal: AlertSignal): Reason | null {
  const { incident, timing } = draft;
  if (isWorse(signal.severity, incident.severity))
    return because('re-alert-severity', { from: incident.severity, to: signal.severity });
  if (signal.zone !== null && !incident.zones.includes(signal.zone))
    return because('re-alert-zone', { zone: signal.zone });
  const quietS = Math.floor((signal.acceptedAt - incident.lastSignalAt) / SECOND);
  if (signal.acceptedAt - incident.lastSignalAt > timing.reAlertAfterS * SECOND)
    return because('re-alert-quiet', { quietS });
  return null;
}

function again(draft: Draft, signal: AlertSignal, news: { readonly why: Reason; readonly at: Instant }): void {
  const said = { reason: news.why, actor: signal.principal };
  if (isWorse(signal.severity, draft.incident.severity)) regradeUp(draft, signal.severity, { at: news.at, said });
  else realert(draft, { at: news.at, graver: false, said });
}

function regrade(draft: Draft, signal: AlertSignal): void {
  const from = draft.incident.severity;
  patchIncident(draft, { severity: signal.severity });
  const reason = because('re-alert-severity', { from, to: signal.severity });
  emit(
    draft,
    'incident.regraded',
    { ...incidentData(draft), from, to: signal.severity },
    { reason, actor: signal.principal },
  );
}

/**
 * Repeats of a firing alert, counted by intake. They move nothing, unless graver than the alert was, or later than the
 * resolution: then intake had not seen that, and the incident is reopened with the same alert. A closed one refuses: the
 * caller opens a new incident for the alert.
 */
function repeat(draft: Draft, signal: AlertSignal): Reason | Decision {
  const { incident } = draft;
  const at = signalAt(signal);
  const isAfterEnd =
    incident.resolvedAt !== null && signal.firing && at > incident.resolvedAt && !isSameStart(draft, signal);
  if (incident.state === 'closed' && isAfterEnd && signal.severity !== 'info')
    return refuse('illegal-move', because('closed-takes-no-alert'));
  const reason = because('repeated', { count: signal.count });
  patchIncident(draft, { lastSignalAt: Math.max(incident.lastSignalAt, at) });
  emit(draft, 'alert.duplicate', alertData(signal), { reason, actor: signal.principal });
  const graver =
    isWorse(signal.severity, incident.severity) &&
    (signal.previousSeverity === undefined || isWorse(signal.severity, signal.previousSeverity));
  if (incident.state === 'resolved' && isAfterEnd && signal.severity !== 'info') {
    if (graver) regrade(draft, signal);
    reopenIncident(draft, {
      at: draft.now,
      said: { reason: because('reopened-by-repeat', { key: signal.key }), actor: signal.principal },
    });
  } else if (graver && isUnresolved(incident.state)) {
    again(draft, signal, {
      why: because('re-alert-severity', { from: incident.severity, to: signal.severity }),
      at: draft.now,
    });
  }
  return reason;
}

/** At doors with `startsAt` the same start is the same episode for 1 h after the resolution (Alertmanager repeats for ever). */
function isSameStart(draft: Draft, signal: AlertSignal): boolean {
  const resolvedAt = draft.incident.resolvedAt ?? draft.now;
  return typeof signal.startsAt === 'number' && draft.now - resolvedAt < HOUR;
}

/** One alert has ended by its source's word. It resolves the incident only where the route lets it, never in life safety. */
function restore(draft: Draft, signal: AlertSignal): Reason {
  const { incident } = draft;
  const firingCount = Math.max(0, incident.firingCount - 1);
  const condition = firingCount > 0 || incident.class === 'system' ? 'active' : 'normal';
  const reason = because(condition === 'normal' ? 'restored-all' : 'restored', { firing: firingCount });
  patchIncident(draft, { firingCount, condition, lastSignalAt: Math.max(incident.lastSignalAt, signalAt(signal)) });
  emit(draft, 'alert.resolved', alertData(signal), { reason, actor: signal.principal });
  const ends =
    condition === 'normal' && incident.autoResolve && !isLifeSafety(incident.category) && isUnresolved(incident.state);
  if (ends)
    resolveIncident(draft, {
      by: 'source',
      disposition: null,
      said: { reason: because('resolved-by-source'), actor: signal.principal },
    });
  return reason;
}

/** `endsAt` has passed without a word: marked, never taken for an end. */
function stale(draft: Draft, signal: AlertSignal): Reason {
  const reason = because('stale', { key: signal.key });
  emit(draft, 'alert.stale', alertData(signal), { reason, actor: signal.principal });
  return reason;
}
