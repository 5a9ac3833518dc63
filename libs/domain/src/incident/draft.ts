import type {
  Aggregate,
  AlertSignal,
  Assignment,
  Decision,
  DomainEvent,
  Effect,
  Facts,
  Incident,
  NewNotification,
  Run,
  Timer,
} from '../aggregate.js';
import type { TimingConfig } from '../config-document.js';
import type { ConfigIndex } from '../config-index.js';
import { indexOf } from '../config-index.js';
import type { EventType } from '../event-types.js';
import type { Actor, Instant, Reason } from '../words.js';

/** Who acts when nobody does: the rules themselves. */
export const machine: Actor = { kind: 'system', id: 'tocsin' };

/** A page that this decision wants; those of one target may still be gathered into one. */
export type Page = Omit<NewNotification, 'id'> & { readonly reason: Reason };

/**
 * A decision in the making: a copy of the aggregate that the rules may change, with what happened to it. It lives for
 * one call of `decide`; the aggregate that came in is never touched.
 */
export interface Draft {
  readonly facts: Facts;
  readonly index: ConfigIndex;
  readonly timing: TimingConfig;
  readonly now: Instant;
  readonly before: Aggregate;
  incident: Incident;
  runs: Run[];
  timers: Timer[];
  assignments: Assignment[];
  readonly endedRuns: Run[];
  readonly endedTimers: Timer[];
  readonly endedAssignments: Assignment[];
  readonly events: DomainEvent[];
  readonly effects: Effect[];
  readonly pages: Page[];
}

export function beginDraft(aggregate: Aggregate, facts: Facts, now: Instant): Draft {
  const index = indexOf(facts.config);
  return {
    facts,
    index,
    timing: index.timing,
    now,
    before: aggregate,
    incident: aggregate.incident,
    runs: [...aggregate.runs],
    timers: [...aggregate.timers],
    assignments: [...aggregate.assignments],
    endedRuns: [],
    endedTimers: [],
    endedAssignments: [],
    events: [],
    effects: [],
    pages: [],
  };
}

export function patchIncident(draft: Draft, change: Partial<Incident>): void {
  draft.incident = { ...draft.incident, ...change };
}

export function patchRun(draft: Draft, id: string, change: Partial<Run>): void {
  draft.runs = draft.runs.map((run) => (run.id === id ? { ...run, ...change } : run));
}

export function alertingRun(draft: { readonly runs: readonly Run[] }): Run | undefined {
  return draft.runs.find((run) => run.kind === 'alerting');
}

export interface Said {
  readonly reason: Reason;
  readonly actor?: Actor;
  readonly onBehalfOf?: string;
  readonly occurredAt?: Instant;
}

export function emit(draft: Draft, type: EventType, data: Readonly<Record<string, unknown>>, said: Said): void {
  draft.events.push({
    type,
    data,
    reason: said.reason,
    actor: said.actor ?? machine,
    ...(said.onBehalfOf === undefined ? undefined : { onBehalfOf: said.onBehalfOf }),
    ...(said.occurredAt === undefined ? undefined : { occurredAt: said.occurredAt }),
  });
}

/** What every `incident.*` event carries. */
export function incidentData(draft: Draft): Record<string, unknown> {
  const { severity, site, team } = draft.incident;
  return { severity, site, team };
}

/** What every `alert.*` event carries. */
export function alertData(signal: AlertSignal): Record<string, unknown> {
  const { alertId, key, source, site, severity, title, count } = signal;
  return { alertId, key, source, site, severity, title, count };
}

/** Closes the draft. `version` moves only with state, owner, severity or assignment, once per decision. */
export function settle(draft: Draft, reason: Reason): Decision {
  const ended = { runs: draft.endedRuns, timers: draft.endedTimers, assignments: draft.endedAssignments };
  if (draft.events.length === 0 && draft.effects.length === 0 && isUntouched(draft)) {
    return { ok: true, next: draft.before, ended, events: [], effects: [], reason };
  }
  const incident = versionMoves(draft)
    ? { ...draft.incident, version: draft.before.incident.version + 1 }
    : draft.incident;
  return {
    ok: true,
    next: { incident, runs: draft.runs, timers: draft.timers, assignments: draft.assignments },
    ended,
    events: draft.events,
    effects: draft.effects,
    reason,
  };
}

function isUntouched(draft: Draft): boolean {
  return (
    draft.incident === draft.before.incident &&
    draft.endedTimers.length === 0 &&
    draft.timers.every((timer, i) => timer === draft.before.timers[i])
  );
}

function versionMoves(draft: Draft): boolean {
  const { incident, before } = draft;
  const was = before.incident;
  if (incident.state !== was.state || incident.owner !== was.owner || incident.severity !== was.severity) return true;
  const sameList = draft.assignments.length === before.assignments.length;
  return (
    !sameList ||
    draft.endedAssignments.length > 0 ||
    draft.assignments.some((assignment, i) => assignment !== before.assignments[i])
  );
}

export function refuse(
  code: 'illegal-move' | 'stale-version' | 'nobody-on-duty' | 'not-assigned' | 'unknown-person' | 'unknown-team',
  reason: Reason,
): Decision {
  return { ok: false, refusal: { code, reason } };
}
