import type { Run } from '../aggregate.js';
import type { Doing, Done } from './doing.js';
import { alreadyTrue } from './doing.js';
import type { Draft, Said } from './draft.js';
import { alertingRun, emit, incidentData, patchIncident, patchRun } from './draft.js';
import { pageStep } from './page.js';
import { regradeUp } from './realert.js';
import { findRoute, planOf } from '../routing/route.js';
import { armIdle, endTimers, returnToOpen, subjectOf } from './run.js';
import { isWorse } from '../severity.js';
import type { Severity } from '../words.js';
import { SECOND } from '../words.js';

/**
 * "The next ones, now." Fires the next step at once and brings the rest of the ladder forward by the time gained; after
 * the last it repeats the last; a held run begins anew at its next step.
 */
export function escalate(doing: Doing): Done {
  const { draft } = doing;
  const run = alertingRun(draft);
  if (run?.state === 'running') return escalateRunning(doing, run);
  return escalateHeld(doing, run);
}

function escalateRunning(doing: Doing, run: Run): Done {
  const { draft } = doing;
  const next = draft.timers.find(
    (timer) => timer.runId === run.id && timer.kind === 'step' && timer.ordinal > run.step,
  );
  if (next === undefined) {
    const said = doing.said('escalated-last', { step: run.plan.steps.length });
    pageStep(draft, run.id, { step: run.plan.steps.length, dueAt: draft.now, late: false, said });
    return said.reason;
  }
  bringForward(draft, run, Math.max(0, next.dueAt - draft.now));
  const said = doing.said('escalated', { step: next.ordinal });
  fireStep(draft, run.id, next.ordinal, said);
  return said.reason;
}

function bringForward(draft: Draft, run: Run, gained: number): void {
  if (gained === 0) return;
  patchRun(draft, run.id, { startedAt: run.startedAt - gained });
  const moves = (kind: string): boolean => kind === 'step' || kind === 'exhaustion';
  draft.timers = draft.timers.map((timer) =>
    timer.runId === run.id && moves(timer.kind) ? { ...timer, dueAt: timer.dueAt - gained } : timer,
  );
}

function fireStep(draft: Draft, runId: string, ordinal: number, said: Said): void {
  endTimers(draft, 'fired', (timer) => timer.runId === runId && timer.kind === 'step' && timer.ordinal === ordinal);
  pageStep(draft, runId, { step: ordinal, dueAt: draft.now, late: false, said });
}

function escalateHeld(doing: Doing, held: Run | undefined): Done {
  const { draft } = doing;
  const from = draft.incident.state;
  const routed = findRoute(subjectOf(draft), draft.facts, draft.now);
  const { steps } = planOf(routed, draft.facts);
  const fromStep = Math.max(0, Math.min(held?.step ?? 0, steps.length - 1));
  const said = doing.said('escalated-held', { step: fromStep + 1 });
  emit(draft, 'incident.realerted', { ...incidentData(draft), from, to: 'open' }, said);
  const startedAt = draft.now - Math.round((steps[fromStep]?.afterS ?? 0) * SECOND);
  const run = returnToOpen(draft, { startedAt, fromStep, said, endedBy: 'escalate', routed });
  fireStep(draft, run.id, fromStep + 1, said);
  return said.reason;
}

/** How bad it is. Graver re-alerts; milder changes no run. */
export function regrade(doing: Doing, to: Severity): Done {
  const { draft } = doing;
  const from = draft.incident.severity;
  if (from === to) return alreadyTrue(doing);
  const isUp = isWorse(to, from);
  const said = doing.said(isUp ? 'regraded-up' : 'regraded-down', { from, to });
  if (isUp) {
    regradeUp(draft, to, { at: draft.now, said });
  } else {
    patchIncident(draft, { severity: to });
    emit(draft, 'incident.regraded', { ...incidentData(draft), from, to }, said);
  }
  return said.reason;
}

/** A word for the record. Whoever writes is at work: once a hold it gives the idle time anew. */
export function note(doing: Doing, text: string): Done {
  const { draft } = doing;
  const said = doing.said('noted');
  emit(draft, 'note.added', { text }, said);
  if (!draft.incident.idleRearmed && draft.timers.some((timer) => timer.kind === 'taken-idle')) {
    armIdle(draft);
    patchIncident(draft, { idleRearmed: true });
  }
  return said.reason;
}
