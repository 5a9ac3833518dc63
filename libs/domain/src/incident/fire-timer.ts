import type { Run, Timer } from '../aggregate.js';
import { endAssignment } from './assign.js';
import type { Draft } from './draft.js';
import { emit, incidentData, patchIncident, patchRun } from './draft.js';
import { instantText } from '../instant-text.js';
import { addPage, pageStep, raise } from './page.js';
import { because } from '../reason.js';
import { arm, endTimers, escalationData, returnToOpen, saidBecause } from './run.js';
import { isLoud } from '../severity.js';
import type { Instant, Reason } from '../words.js';
import { SECOND } from '../words.js';

/** When several are due at one instant: pages first, then what ends or returns. */
const order: Readonly<Record<Timer['kind'], number>> = {
  step: 0,
  'response-page': 1,
  repeat: 2,
  exhaustion: 3,
  'no-answer': 4,
  'taken-idle': 5,
};

export function byDueTime(a: Timer, b: Timer): number {
  return a.dueAt - b.dueAt || order[a.kind] - order[b.kind] || a.ordinal - b.ordinal;
}

/**
 * Fires one timer, if it is still pending, due, and its run is as it needs it: `running`, for taken-idle `held`. Anything
 * else changes nothing, so that a late, doubled or lost job is harmless.
 */
export function fireTimer(draft: Draft, id: string, options: { readonly quiet?: boolean } = {}): Reason {
  const timer = draft.timers.find((candidate) => candidate.id === id);
  if (timer === undefined) return because('timer-not-pending');
  if (timer.dueAt > draft.now) return because('timer-not-due', { dueAt: instantText(timer.dueAt) });
  const run = draft.runs.find((candidate) => candidate.id === timer.runId);
  if (run?.state !== (timer.kind === 'taken-idle' ? 'held' : 'running'))
    return because('timer-run-not-live', { kind: timer.kind });
  const due: DueTimer = { timer, run, late: isLate(draft, timer), quiet: options.quiet === true };
  switch (timer.kind) {
    case 'step':
      return fireStep(draft, due);
    case 'exhaustion':
      return fireExhaustion(draft, due);
    case 'repeat':
      return fireRepeat(draft, due);
    case 'taken-idle':
      return fireIdle(draft, due);
    case 'response-page':
      return fireResponsePage(draft, due);
    case 'no-answer':
      return fireNoAnswer(draft, due);
  }
}

/** Everything of one run that is due by now, without calling it late: the run has only just begun. */
export function fireDue(draft: Draft, runId: string): void {
  for (const timer of draft.timers
    .filter((pending) => pending.runId === runId && pending.dueAt <= draft.now)
    .sort(byDueTime)) {
    fireTimer(draft, timer.id, { quiet: true });
  }
}

interface DueTimer {
  readonly timer: Timer;
  readonly run: Run;
  readonly late: boolean;
  /** Lateness raises no SYS. */
  readonly quiet: boolean;
}

function isLate(draft: Draft, timer: Timer): boolean {
  const { lateAfterS, idleLateAfterS } = draft.timing;
  return draft.now - timer.dueAt > (timer.kind === 'taken-idle' ? idleLateAfterS : lateAfterS) * SECOND;
}

function spend(draft: Draft, { timer, late, quiet }: DueTimer): void {
  endTimers(draft, 'fired', (pending) => pending.id === timer.id);
  if (late && !quiet) {
    raise(draft, 'timer-late', timer.kind, { kind: timer.kind, lateMs: Math.round((draft.now - timer.dueAt) / 1000) });
  }
}

function fireStep(draft: Draft, due: DueTimer): Reason {
  const { timer, run, late, quiet } = due;
  spend(draft, due);
  const params = { step: timer.ordinal, policy: run.plan.policy };
  const reason = because(quiet ? 'step-caught-up' : late ? 'step-late' : 'step-due', params);
  pageStep(draft, run.id, { step: timer.ordinal, dueAt: timer.dueAt, late, said: { reason } });
  return reason;
}

/** It stays running: its last pages may still wait for pace. On critical or high it is raised, and the last step repeats. */
function fireExhaustion(draft: Draft, due: DueTimer): Reason {
  const { timer, run, late } = due;
  if (draft.timers.some((pending) => pending.runId === run.id && pending.kind === 'step'))
    return because('exhaustion-waits');
  spend(draft, due);
  const reason = because('exhausted', { policy: run.plan.policy, step: run.step });
  patchRun(draft, run.id, { exhaustedAt: draft.now });
  emit(
    draft,
    'escalation.exhausted',
    { ...escalationData(run, run.step), dueAt: instantText(timer.dueAt), ...(late ? { late: true } : undefined) },
    { reason },
  );
  if (!isLoud(draft.incident.severity)) return reason;
  raise(draft, 'escalation-exhausted', draft.incident.id, { policy: run.plan.policy });
  armRepeat(draft, run, { ordinal: 1, after: timer.dueAt });
  return reason;
}

/** Every 5 min from the exhaustion's due time; those that were missed are one. */
function armRepeat(draft: Draft, run: Run, next: { readonly ordinal: number; readonly after: Instant }): void {
  const every = Math.max(1, Math.round(draft.timing.repeatExhaustedS * SECOND));
  const missed = Math.max(0, Math.floor((draft.now - next.after) / every));
  arm(draft, { kind: 'repeat', runId: run.id, ordinal: next.ordinal, dueAt: next.after + (missed + 1) * every });
}

/** Graded down since, it pages nobody but keeps its beat, so that graded up again it is not silent. */
function fireRepeat(draft: Draft, due: DueTimer): Reason {
  const { timer, run, late } = due;
  spend(draft, due);
  armRepeat(draft, run, { ordinal: timer.ordinal + 1, after: timer.dueAt });
  if (!isLoud(draft.incident.severity)) return because('repeat-quiet', { severity: draft.incident.severity });
  const reason = because('step-repeat', { step: run.plan.steps.length, policy: run.plan.policy });
  pageStep(draft, run.id, { step: run.plan.steps.length, dueAt: timer.dueAt, late, said: { reason } });
  return reason;
}

/**
 * Nobody was sent: the incident comes back. Its new run counts from the idle time's end, unless that lies over 10 s back
 * (nobody could have pressed a button): then from now.
 */
function fireIdle(draft: Draft, due: DueTimer): Reason {
  const { timer, late } = due;
  spend(draft, due);
  const owner = draft.incident.owner;
  const said = saidBecause(late ? 'returned-idle-late' : 'returned-idle');
  patchIncident(draft, { owner: null });
  const data = {
    ...incidentData(draft),
    from: draft.incident.state,
    to: 'open',
    owner,
    dueAt: instantText(timer.dueAt),
    ...(late ? { late: true } : undefined),
  };
  emit(draft, 'incident.returned', data, said);
  returnToOpen(draft, { startedAt: late ? draft.now : timer.dueAt, said, endedBy: 'taken-idle' });
  return said.reason;
}

function fireResponsePage(draft: Draft, due: DueTimer): Reason {
  const { timer, run, late } = due;
  spend(draft, due);
  const assignment = draft.assignments.find((candidate) => candidate.runId === run.id);
  const reason = because(late ? 'response-page-late' : 'response-page', { page: timer.ordinal });
  patchRun(draft, run.id, { step: Math.max(run.step, timer.ordinal) });
  const person = assignment === undefined ? undefined : draft.index.peopleById.get(assignment.person);
  if (assignment === undefined) return reason;
  if (person === undefined) {
    raise(draft, 'no-contact', assignment.person, { person: assignment.person });
    return reason;
  }
  // A person was sent by a person: neither a silence nor a low severity keeps that from him.
  addPage(
    draft,
    { kind: 'person', id: person.id, person },
    {
      runId: run.id,
      kind: 'response',
      step: timer.ordinal,
      repeat: 0,
      dueAt: timer.dueAt,
      suppressed: undefined,
      notice: undefined,
      reason,
    },
  );
  return reason;
}

/** He did not answer. Over 10 s late he could not have: then he gets as long as after the last page of his ladder. */
function fireNoAnswer(draft: Draft, due: DueTimer): Reason {
  const { timer, run } = due;
  const { responseNoAnswerS, responsePagesS, idleLateAfterS } = draft.timing;
  if (draft.now - timer.dueAt > idleLateAfterS * SECOND) {
    const graceS = Math.max(1, responseNoAnswerS - (responsePagesS.at(-1) ?? 0));
    draft.timers = draft.timers.map((pending) =>
      pending.id === timer.id ? { ...pending, dueAt: draft.now + Math.round(graceS * SECOND) } : pending,
    );
    return because('no-answer-put-off', { graceS });
  }
  spend(draft, due);
  const reason = because('no-answer', { afterS: responseNoAnswerS });
  const assignment = draft.assignments.find((candidate) => candidate.runId === run.id);
  if (assignment !== undefined) endAssignment(draft, assignment, { to: 'declined', by: 'no-answer', said: { reason } });
  return reason;
}
