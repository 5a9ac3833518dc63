import { endAssignment } from './assign.js';
import type { Draft, Said } from './draft.js';
import { alertingRun, emit, incidentData, patchIncident } from './draft.js';
import { notice } from './page.js';
import { because } from '../reason.js';
import { endRun, startRun } from './run.js';
import type { Disposition, Instant } from '../words.js';

/** Ends every run and every active assignment (stood_down, with a notice to each). */
export function endEverything(draft: Draft, by: 'resolve' | 'close'): void {
  const alerting = alertingRun(draft);
  if (alerting !== undefined) endRun(draft, alerting, by);
  for (const assignment of draft.assignments) {
    endAssignment(draft, assignment, { to: 'stood_down', by, said: { reason: because('stood-down-by-end', { by }) } });
    notice(draft, assignment.person, 'stood_down');
  }
  // Nothing of an incident that has ended may run on, whatever its kind.
  for (const run of draft.runs) endRun(draft, run, by);
}

export interface Resolve {
  readonly by: 'person' | 'source';
  readonly disposition: Disposition | null;
  readonly said: Said;
}

/** Legal from open and acknowledged; the caller has checked. */
export function resolveIncident(draft: Draft, end: Resolve): void {
  const from = draft.incident.state;
  patchIncident(draft, { state: 'resolved', resolvedAt: draft.now, resolvedBy: end.by, disposition: end.disposition });
  emit(
    draft,
    'incident.resolved',
    { ...incidentData(draft), from, to: 'resolved', by: end.by, disposition: end.disposition },
    end.said,
  );
  endEverything(draft, 'resolve');
}

/** Legal from resolved and closed: open again under the next epoch, without an owner. */
export function reopenIncident(draft: Draft, again: { readonly at: Instant; readonly said: Said }): void {
  const from = draft.incident.state;
  patchIncident(draft, {
    state: 'open',
    owner: null,
    acknowledgedAt: null,
    resolvedAt: null,
    resolvedBy: null,
    closedAt: null,
    disposition: null,
    lastDispatch: [],
  });
  emit(draft, 'incident.reopened', { ...incidentData(draft), from, to: 'open' }, again.said);
  if (draft.incident.severity !== 'info') startRun(draft, { startedAt: again.at, said: again.said });
}
