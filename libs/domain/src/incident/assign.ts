import type { Assignment, Run } from '../aggregate.js';
import type { PersonConfig } from '../config-document.js';
import type { Draft, Said } from './draft.js';
import { emit } from './draft.js';
import { arm, armIdle, endRun } from './run.js';
import type { AssignmentState } from '../words.js';
import { SECOND } from '../words.js';

/** What every `assignment.*` event carries. */
export function assignmentData(assignment: Assignment): Record<string, unknown> {
  return { assignmentId: assignment.id, team: assignment.team, person: assignment.person };
}

/**
 * One person, one assignment, one response run: it pages him at 0, 60 and 120 s and ends as `no-answer` at 180 s.
 * Who accepts without having been sent gets his run already ended.
 */
export function assign(
  draft: Draft,
  person: PersonConfig,
  of: { readonly team: string | null; readonly state: 'notified' | 'accepted' },
): Assignment {
  const { newId } = draft.facts;
  const id = newId();
  const isAsked = of.state === 'notified';
  const run: Run = {
    id: newId(),
    kind: 'response',
    epoch: draft.incident.epoch,
    state: isAsked ? 'running' : 'ended',
    configVersion: draft.facts.configVersion,
    plan: { route: draft.incident.route ?? 'none', policy: 'response', team: of.team, steps: [] },
    startedAt: draft.now,
    endedAt: isAsked ? null : draft.now,
    endedBy: isAsked ? null : 'accept',
    assignmentId: id,
    step: 0,
    repeats: [],
    exhaustedAt: null,
  };
  const assignment: Assignment = {
    id,
    person: person.id,
    team: of.team,
    state: of.state,
    runId: run.id,
    at: draft.now,
  };
  draft.assignments = [...draft.assignments, assignment];
  if (isAsked) {
    draft.runs = [...draft.runs, run];
    armResponse(draft, run);
  } else {
    draft.endedRuns.push(run);
  }
  return assignment;
}

function armResponse(draft: Draft, run: Run): void {
  draft.timing.responsePagesS.forEach((afterS, i) => {
    arm(draft, {
      kind: 'response-page',
      runId: run.id,
      ordinal: i + 1,
      dueAt: run.startedAt + Math.round(afterS * SECOND),
    });
  });
  arm(draft, {
    kind: 'no-answer',
    runId: run.id,
    ordinal: 1,
    dueAt: run.startedAt + Math.round(draft.timing.responseNoAnswerS * SECOND),
  });
}

/** His answer came, or nobody waits for it any more. */
export function endResponse(draft: Draft, assignment: Assignment, by: string): void {
  const run = draft.runs.find((candidate) => candidate.id === assignment.runId);
  if (run !== undefined) endRun(draft, run, by);
}

export function moveAssignment(draft: Draft, assignment: Assignment, to: AssignmentState): Assignment {
  const moved = { ...assignment, state: to, at: draft.now };
  draft.assignments = draft.assignments.map((other) => (other.id === assignment.id ? moved : other));
  return moved;
}

const eventOf = {
  declined: 'assignment.declined',
  clear: 'assignment.clear',
  stood_down: 'assignment.stood_down',
  recalled: 'assignment.recalled',
} as const;

/** Ends an active assignment with its run. When it was the last one of a held incident, the idle time begins anew. */
export function endAssignment(
  draft: Draft,
  assignment: Assignment,
  end: { readonly to: keyof typeof eventOf; readonly by: string; readonly said: Said },
): void {
  endResponse(draft, assignment, end.by);
  draft.assignments = draft.assignments.filter((other) => other.id !== assignment.id);
  draft.endedAssignments.push({ ...assignment, state: end.to, at: draft.now });
  emit(draft, eventOf[end.to], assignmentData(assignment), end.said);
  armIdle(draft);
}
