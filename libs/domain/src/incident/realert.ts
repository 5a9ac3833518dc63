import type { Run } from '../aggregate.js';
import type { Draft, Said } from './draft.js';
import { alertingRun, emit, incidentData, patchIncident } from './draft.js';
import { fireDue } from './fire-timer.js';
import { pageStep } from './page.js';
import { findRoute } from '../routing/route.js';
import { arm, endRun, returnToOpen, startRun, subjectOf } from './run.js';
import { isLoud } from '../severity.js';
import type { Instant } from '../words.js';
import { SECOND } from '../words.js';

export interface Realert {
  /** Where a new epoch starts: the signal's or the act's instant. */
  readonly at: Instant;
  /** The severity rose: it may route elsewhere. */
  readonly graver: boolean;
  readonly said: Said;
}

/**
 * Something new about an incident that people may think they know (decisions.md section 6). A running ladder keeps its
 * run and due times and pages the current step once more: restarting it would let an intruder who trips a zone a minute
 * hold it at step 1. A held one, or none, starts the next epoch, state open; the owner stays.
 */
export function realert(draft: Draft, again: Realert): void {
  const run = alertingRun(draft);
  const from = draft.incident.state;
  const isRunning = run?.state === 'running';
  emit(
    draft,
    'incident.realerted',
    { ...incidentData(draft), ...(isRunning ? undefined : { from, to: 'open' }) },
    again.said,
  );
  if (draft.incident.severity === 'info') return;
  if (run === undefined || !isRunning) {
    returnToOpen(draft, { startedAt: again.at, said: again.said, endedBy: 're-alert' });
  } else if (again.graver && routesElsewhere(draft, run)) {
    replaceRun(draft, run, again.said);
  } else {
    pageOnceMore(draft, run, again.said);
  }
}

function routesElsewhere(draft: Draft, run: Run): boolean {
  return findRoute(subjectOf(draft), draft.facts, draft.now).policy !== run.plan.policy;
}

/** The new policy counts from where the old one did; what of it is due by now is done at once, in one page a person. */
function replaceRun(draft: Draft, run: Run, said: Said): void {
  endRun(draft, run, 're-routed');
  const next = startRun(draft, { startedAt: run.startedAt, said });
  fireDue(draft, next.id);
}

function pageOnceMore(draft: Draft, run: Run, said: Said): void {
  // Before its first step there is nothing to repeat: that step is about to go out.
  if (run.step > 0) pageStep(draft, run.id, { step: run.step, dueAt: draft.now, late: false, said });
  const repeats = draft.timers.some((timer) => timer.runId === run.id && timer.kind === 'repeat');
  if (run.exhaustedAt !== null && isLoud(draft.incident.severity) && !repeats) {
    arm(draft, {
      kind: 'repeat',
      runId: run.id,
      ordinal: 1,
      dueAt: draft.now + Math.round(draft.timing.repeatExhaustedS * SECOND),
    });
  }
}

/** Graver than before: the incident says so, then re-alerts. */
export function regradeUp(draft: Draft, to: Draft['incident']['severity'], again: Omit<Realert, 'graver'>): void {
  const from = draft.incident.severity;
  patchIncident(draft, { severity: to });
  emit(draft, 'incident.regraded', { ...incidentData(draft), from, to }, again.said);
  realert(draft, { ...again, graver: true });
}
