import type { Run, RunPlan, Timer, TimerKind } from '../aggregate.js';
import type { Draft, Said } from './draft.js';
import { alertingRun, emit, incidentData, patchIncident, patchRun } from './draft.js';
import { instantText } from '../instant-text.js';
import type { Subject } from '../routing/match.js';
import type { ReasonCode } from '../reason.js';
import { because } from '../reason.js';
import type { Routed } from '../routing/route.js';
import { findRoute, isUnrouted, planOf } from '../routing/route.js';
import type { Instant } from '../words.js';
import { SECOND } from '../words.js';

export function subjectOf(draft: Draft): Subject {
  const { site, zone, severity, category, reality, source, labels } = draft.incident;
  return { site, zone, severity, category, reality, source, labels };
}

export interface NewRun {
  /** The alert's accepted_at, an act's commit, or the due time of the timer that starts it. */
  readonly startedAt: Instant;
  /** Steps up to here count as done (an escalation by a person, a re-route in mid-ladder). */
  readonly fromStep?: number;
  readonly said: Said;
  /** Instead of the live route (a poisoned alert). */
  readonly routed?: Routed;
}

/**
 * Starts the next epoch: routes with the live configuration, freezes the plan, arms every step at startedAt + afterS and
 * the exhaustion after the last. The alerting run before must have ended. Events: incident.routed when the route is new,
 * escalation.started.
 */
export function startRun(draft: Draft, start: NewRun): Run {
  const routed = start.routed ?? findRoute(subjectOf(draft), draft.facts, draft.now);
  const plan = planOf(routed, draft.facts);
  const { incident } = draft;
  const isNews = incident.route !== routed.route || incident.team !== routed.team || incident.epoch === 0;
  const run = newRun(draft, { plan, startedAt: start.startedAt, step: start.fromStep ?? 0 });
  draft.runs.push(run);
  patchIncident(draft, {
    route: routed.route,
    team: routed.team,
    autoResolve: routed.autoResolve,
    epoch: incident.epoch + 1,
  });
  if (isNews)
    emit(
      draft,
      'incident.routed',
      { ...incidentData(draft), route: routed.route, policy: routed.policy },
      { reason: routed.reason },
    );
  if (isUnrouted(routed) && incident.class !== 'system') {
    draft.effects.push({
      kind: 'sys',
      cause: 'unrouted',
      subject: incident.site ?? 'none',
      params: { route: routed.route, incident: incident.id, code: routed.reason.code },
    });
  }
  emit(
    draft,
    'escalation.started',
    { ...escalationData(run, run.step), runId: run.id, startedAt: instantText(run.startedAt) },
    start.said,
  );
  armSteps(draft, run);
  return run;
}

function newRun(draft: Draft, of: { plan: RunPlan; startedAt: Instant; step: number }): Run {
  return {
    id: draft.facts.newId(),
    kind: 'alerting',
    epoch: draft.incident.epoch,
    state: 'running',
    configVersion: draft.facts.configVersion,
    plan: of.plan,
    startedAt: of.startedAt,
    endedAt: null,
    endedBy: null,
    assignmentId: null,
    step: of.step,
    repeats: [],
    exhaustedAt: null,
  };
}

function armSteps(draft: Draft, run: Run): void {
  const { steps } = run.plan;
  for (let ordinal = run.step + 1; ordinal <= steps.length; ordinal += 1) {
    const dueAt = run.startedAt + Math.round((steps[ordinal - 1]?.afterS ?? 0) * SECOND);
    arm(draft, { kind: 'step', runId: run.id, ordinal, dueAt });
  }
  const lastS = steps.at(-1)?.afterS ?? 0;
  arm(draft, {
    kind: 'exhaustion',
    runId: run.id,
    ordinal: 1,
    dueAt: run.startedAt + Math.round((lastS + draft.timing.exhaustedAfterS) * SECOND),
  });
}

export function arm(draft: Draft, timer: { kind: TimerKind; runId: string; ordinal: number; dueAt: Instant }): void {
  draft.timers.push({ id: draft.facts.newId(), ...timer, state: 'pending' });
}

/** Takes the pending timers that `which` names out of the draft, as fired or cancelled. */
export function endTimers(draft: Draft, state: 'fired' | 'cancelled', which: (timer: Timer) => boolean): void {
  if (!draft.timers.some(which)) return;
  const kept: Timer[] = [];
  for (const timer of draft.timers) {
    if (which(timer)) draft.endedTimers.push({ ...timer, state });
    else kept.push(timer);
  }
  draft.timers = kept;
}

/** What every `escalation.*` event carries. */
export function escalationData(run: Run, step: number, repeat = 0): Record<string, unknown> {
  return { step, repeat, policy: run.plan.policy };
}

/** Holding or ending a run cancels its timers and suppresses its waiting notifications, in the same commit. */
function stopPaging(draft: Draft, run: Run, reason: Said['reason']): void {
  endTimers(draft, 'cancelled', (timer) => timer.runId === run.id);
  draft.effects.push({ kind: 'suppress', runId: run.id, reason });
}

/** Somebody has seen it: the alerting run stops paging and waits. False when none was running. */
export function holdRun(draft: Draft, by: string, said: Omit<Said, 'reason'>): boolean {
  const run = alertingRun(draft);
  if (run?.state !== 'running') return false;
  const reason = because('run-held', { by });
  stopPaging(draft, run, reason);
  patchRun(draft, run.id, { state: 'held' });
  patchIncident(draft, { idleRearmed: false });
  emit(draft, 'escalation.cancelled', { ...escalationData(run, run.step), runId: run.id }, { ...said, reason });
  return true;
}

/** Ends a run of either kind. An alerting run that was still paging says so in the log. */
export function endRun(draft: Draft, run: Run, by: string): void {
  const reason = because('run-ended', { by });
  stopPaging(draft, run, reason);
  draft.runs = draft.runs.filter((other) => other.id !== run.id);
  draft.endedRuns.push({ ...run, state: 'ended', endedAt: draft.now, endedBy: by });
  if (run.kind === 'alerting' && run.state === 'running') {
    emit(draft, 'escalation.cancelled', { ...escalationData(run, run.step), runId: run.id }, { reason });
  }
}

/**
 * Nobody is assigned and somebody said he has it: if nothing more happens, the incident comes back (decisions.md 6,
 * taken-idle). Arms a new timer in place of a pending one. Does nothing unless the alerting run is held and nobody assigned.
 */
export function armIdle(draft: Draft): void {
  const run = alertingRun(draft);
  if (run?.state !== 'held' || draft.assignments.length > 0) return;
  cancelIdle(draft);
  const { severity, idleOrdinal } = draft.incident;
  const idleS = severity === 'critical' ? draft.timing.takenIdleCriticalS : draft.timing.takenIdleS;
  arm(draft, {
    kind: 'taken-idle',
    runId: run.id,
    ordinal: idleOrdinal,
    dueAt: draft.now + Math.round(idleS * SECOND),
  });
  patchIncident(draft, { idleOrdinal: idleOrdinal + 1 });
}

export function cancelIdle(draft: Draft): void {
  endTimers(draft, 'cancelled', (timer) => timer.kind === 'taken-idle');
}

/** Back to open under the next epoch; the held run ends. The caller says why by its own event. */
export function returnToOpen(draft: Draft, start: NewRun & { readonly endedBy: string }): Run {
  const held = alertingRun(draft);
  if (held !== undefined) endRun(draft, held, start.endedBy);
  patchIncident(draft, { state: 'open' });
  return startRun(draft, start);
}

export function saidBecause(code: ReasonCode, params: Parameters<typeof because>[1] = {}): Said {
  return { reason: because(code, params) };
}
