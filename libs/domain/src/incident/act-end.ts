import type { Doing, Done } from './doing.js';
import { alreadyTrue, illegal } from './doing.js';
import { emit, incidentData, patchIncident } from './draft.js';
import { endEverything, reopenIncident, resolveIncident } from './end-incident.js';
import { because } from '../reason.js';
import { incidentTransitions, move } from './states.js';
import type { Disposition } from '../words.js';

/** The cause has ended. */
export function resolveAct(doing: Doing, disposition: Disposition | null): Done {
  const { draft } = doing;
  if (draft.incident.state === 'resolved') return alreadyTrue(doing);
  if (move(incidentTransitions, draft.incident.state, 'resolve') === undefined) return illegal(doing);
  const said = doing.said('resolved', { disposition });
  resolveIncident(draft, { by: 'person', disposition, said });
  return said.reason;
}

/** The record is complete. */
export function closeAct(doing: Doing): Done {
  const { draft } = doing;
  const from = draft.incident.state;
  if (from === 'closed') return alreadyTrue(doing);
  if (move(incidentTransitions, from, 'close') === undefined) return illegal(doing);
  patchIncident(draft, { state: 'closed', closedAt: draft.now });
  const said = doing.said('closed');
  emit(draft, 'incident.closed', { ...incidentData(draft), from, to: 'closed' }, said);
  endEverything(draft, 'close');
  return said.reason;
}

/** It was not over. Refused while the group has another unresolved incident: the group's alerts go there. */
export function reopenAct(doing: Doing): Done {
  const { draft, input } = doing;
  if (move(incidentTransitions, draft.incident.state, 'reopen') === undefined) return alreadyTrue(doing);
  if (input.groupHolder !== undefined && input.groupHolder !== draft.incident.id) {
    const reason = because('group-has-open-incident', { incident: input.groupHolder });
    return { ok: false, refusal: { code: 'group-has-open-incident', incidentId: input.groupHolder, reason } };
  }
  const said = doing.said('reopened');
  reopenIncident(draft, { at: draft.now, said });
  return because('reopened');
}
