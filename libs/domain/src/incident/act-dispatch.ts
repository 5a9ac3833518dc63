import { markSeen } from './act-own.js';
import type { Act, Assignment, Decision } from '../aggregate.js';
import { assign, assignmentData, endAssignment } from './assign.js';
import type { PersonConfig } from '../config-document.js';
import { findPerson } from '../config-index.js';
import type { Doing, Done } from './doing.js';
import { alreadyTrue } from './doing.js';
import type { Draft } from './draft.js';
import { emit, patchIncident, refuse } from './draft.js';
import { notice } from './page.js';
import { because } from '../reason.js';
import { onDutyOfTeam } from '../paging/resolve-targets.js';
import { cancelIdle } from './run.js';

type Dispatch = Extract<Act, { readonly act: 'dispatch' }>;
type Sent = Map<string, { readonly person: PersonConfig; readonly team: string | null }>;

/**
 * Sends people: each gets an assignment and a response run. A team means its members on duty; an empty body means the
 * routed team. Whoever is assigned already is passed over; a dispatch that would send nobody changes nothing.
 */
export function dispatch(doing: Doing, act: Dispatch): Done {
  const { draft } = doing;
  const sent = whomOf(draft, act);
  if (!(sent instanceof Map)) return sent;
  if (sent.size === 0)
    return refuse(
      'nobody-on-duty',
      because('nobody-on-duty', { teams: (act.teams ?? []).join(', '), team: draft.incident.team }),
    );
  const fresh = [...sent.values()].filter(({ person }) =>
    draft.assignments.every((assignment) => assignment.person !== person.id),
  );
  if (fresh.length === 0) return alreadyTrue(doing);
  markSeen(doing, 'acknowledged-by-dispatch');
  cancelIdle(draft);
  const made = fresh.map(({ person, team }) => {
    const assignment = assign(draft, person, { team, state: 'notified' });
    emit(draft, 'assignment.dispatched', assignmentData(assignment), doing.said('dispatched', { team }));
    return assignment.id;
  });
  patchIncident(draft, { lastDispatch: made });
  return because('dispatched', { team: act.teams?.join(', ') ?? draft.incident.team, count: made.length });
}

function whomOf(draft: Draft, act: Dispatch): Sent | Decision {
  const sent: Sent = new Map();
  const isEmpty = (act.teams ?? []).length === 0 && (act.people ?? []).length === 0;
  const routed = draft.incident.team === null ? [] : [draft.incident.team];
  for (const id of act.people ?? []) {
    const person = findPerson(draft.facts.config, id);
    if (person === undefined) return refuse('unknown-person', because('unknown-person', { person: id }));
    sent.set(person.id, { person, team: null });
  }
  for (const team of isEmpty ? routed : (act.teams ?? [])) {
    if (!draft.index.teams.has(team)) return refuse('unknown-team', because('unknown-team', { team }));
    for (const target of onDutyOfTeam(team, draft.facts, draft.now).targets) {
      if (target.kind === 'person' && !sent.has(target.id)) sent.set(target.id, { person: target.person, team });
    }
  }
  return sent;
}

/** Undoes the last dispatch: whoever of it is still assigned is recalled, and told. */
export function recall(doing: Doing): Done {
  const { draft } = doing;
  const last = draft.assignments.filter(({ id }) => draft.incident.lastDispatch.includes(id));
  if (last.length === 0) return alreadyTrue(doing);
  callOff(doing, last, 'recalled');
  patchIncident(draft, { lastDispatch: [] });
  return because('recalled');
}

/** Everybody back. */
export function standDown(doing: Doing): Done {
  const { draft } = doing;
  if (draft.assignments.length === 0) return alreadyTrue(doing);
  callOff(doing, draft.assignments, 'stood_down');
  return because('stood-down');
}

function callOff(doing: Doing, assignments: readonly Assignment[], to: 'recalled' | 'stood_down'): void {
  const said = doing.said(to === 'recalled' ? 'recalled' : 'stood-down');
  for (const assignment of assignments) {
    endAssignment(doing.draft, assignment, { to, by: doing.input.act.act, said });
    notice(doing.draft, assignment.person, to);
  }
}
