import { findPerson } from '../config-index.js';
import type { Doing, Done } from './doing.js';
import { alreadyTrue } from './doing.js';
import { alertingRun, emit, incidentData, patchIncident, refuse } from './draft.js';
import { notice } from './page.js';
import type { ReasonCode } from '../reason.js';
import { because } from '../reason.js';
import { armIdle, holdRun, returnToOpen } from './run.js';

/** Open becomes acknowledged and its run is held; acknowledged stays. Every act that means "seen" passes here. */
export function markSeen(doing: Doing, code: ReasonCode): void {
  const { draft, input } = doing;
  if (draft.incident.state !== 'open') return;
  patchIncident(draft, { state: 'acknowledged', acknowledgedAt: draft.incident.acknowledgedAt ?? draft.now });
  const said = doing.said(code);
  emit(draft, 'incident.acknowledged', { ...incidentData(draft), from: 'open', to: 'acknowledged' }, said);
  holdRun(draft, input.act.act, said);
}

/** "I have seen it, stop paging me." Says nothing of going. */
export function acknowledge(doing: Doing): Done {
  if (doing.draft.incident.state === 'acknowledged') return alreadyTrue(doing);
  markSeen(doing, 'acknowledged');
  armIdle(doing.draft);
  return because('acknowledged');
}

/** "Mine now", also from another, who is told. */
export function take(doing: Doing): Done {
  const { draft, person } = doing;
  const before = draft.incident.owner;
  if (before === person && draft.incident.state === 'acknowledged') return alreadyTrue(doing);
  markSeen(doing, 'acknowledged-by-take');
  patchIncident(draft, { owner: person });
  const said = doing.said(before === null || before === person ? 'taken' : 'taken-over');
  emit(draft, 'incident.taken', { ...incidentData(draft), owner: person, previousOwner: before }, said);
  if (before !== null && before !== person) notice(draft, before, 'taken');
  armIdle(draft);
  return said.reason;
}

/** "Not mine any more." A held incident that nobody is sent to comes back at once; a running one only loses its owner. */
export function release(doing: Doing): Done {
  const { draft } = doing;
  const { owner, state } = draft.incident;
  const returns = alertingRun(draft)?.state === 'held' && draft.assignments.length === 0;
  if (owner === null && !returns) return alreadyTrue(doing);
  const said = doing.said('released');
  patchIncident(draft, { owner: null });
  emit(draft, 'incident.released', { ...incidentData(draft), owner }, said);
  if (returns) {
    const back = doing.said('returned-released');
    emit(draft, 'incident.returned', { ...incidentData(draft), from: state, to: 'open', owner }, back);
    returnToOpen(draft, { startedAt: draft.now, said: back, endedBy: 'release' });
  }
  return said.reason;
}

/** "Yours, I leave." The new owner is told; paging goes on as it was. */
export function transfer(doing: Doing, to: string): Done {
  const { draft } = doing;
  const person = findPerson(draft.facts.config, to);
  if (person === undefined) return refuse('unknown-person', because('unknown-person', { person: to }));
  const before = draft.incident.owner;
  if (before === person.id) return alreadyTrue(doing);
  patchIncident(draft, { owner: person.id });
  const said = doing.said('transferred', { to: person.id });
  emit(draft, 'incident.transferred', { ...incidentData(draft), owner: person.id, previousOwner: before }, said);
  if (person.id !== doing.input.actor.id) notice(draft, person.id, 'transferred');
  return said.reason;
}
