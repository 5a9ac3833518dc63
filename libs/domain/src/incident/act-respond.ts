import { markSeen } from './act-own.js';
import { assign, assignmentData, endAssignment, endResponse, moveAssignment } from './assign.js';
import { findPerson } from '../config-index.js';
import type { Doing, Done } from './doing.js';
import { alreadyTrue, illegal } from './doing.js';
import { emit, refuse } from './draft.js';
import { because } from '../reason.js';
import { cancelIdle } from './run.js';
import { assignmentTransitions, move } from './states.js';

/** "I go." Without having been sent, he sends himself. */
export function accept(doing: Doing): Done {
  const { draft, person } = doing;
  const assignment = draft.assignments.find((candidate) => candidate.person === person);
  if (assignment !== undefined && assignment.state !== 'notified') return alreadyTrue(doing);
  const found = findPerson(draft.facts.config, person);
  if (assignment === undefined && found === undefined)
    return refuse('unknown-person', because('unknown-person', { person }));
  markSeen(doing, 'acknowledged-by-accept');
  cancelIdle(draft);
  const said = doing.said(assignment === undefined ? 'accepted-unsent' : 'accepted');
  if (assignment !== undefined) {
    endResponse(draft, assignment, 'accept');
    emit(draft, 'assignment.accepted', assignmentData(moveAssignment(draft, assignment, 'accepted')), said);
  } else if (found !== undefined) {
    emit(draft, 'assignment.accepted', assignmentData(assign(draft, found, { team: null, state: 'accepted' })), said);
  }
  return said.reason;
}

/** "I cannot." */
export function decline(doing: Doing, why: string | undefined): Done {
  const { draft, person } = doing;
  const assignment = draft.assignments.find((candidate) => candidate.person === person);
  if (assignment === undefined) return notAssigned(doing);
  if (move(assignmentTransitions, assignment.state, 'decline') === undefined) return illegal(doing);
  const said = doing.said('declined', why === undefined ? {} : { why });
  endAssignment(draft, assignment, { to: 'declined', by: 'decline', said });
  return said.reason;
}

const eventOf = { en_route: 'assignment.en_route', on_scene: 'assignment.on_scene' } as const;

/** En route, on scene, clear: each stamped once, in order, steps may be skipped. */
export function progress(doing: Doing, act: 'en-route' | 'on-scene' | 'clear'): Done {
  const { draft, person } = doing;
  const assignment = draft.assignments.find((candidate) => candidate.person === person);
  if (assignment === undefined) return notAssigned(doing);
  const to = move(assignmentTransitions, assignment.state, act);
  if (to === undefined) return assignment.state === act.replace('-', '_') ? alreadyTrue(doing) : illegal(doing);
  const said = doing.said(act === 'en-route' ? 'went-en-route' : act === 'on-scene' ? 'came-on-scene' : 'went-clear');
  if (to === 'clear') endAssignment(draft, assignment, { to, by: 'clear', said });
  else if (to === 'en_route' || to === 'on_scene')
    emit(draft, eventOf[to], assignmentData(moveAssignment(draft, assignment, to)), said);
  return said.reason;
}

function notAssigned(doing: Doing): Done {
  return refuse('not-assigned', because('not-assigned', { person: doing.person, act: doing.input.act.act }));
}
