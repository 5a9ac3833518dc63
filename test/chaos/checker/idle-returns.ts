import type { EventRow } from '../dumps/shapes';
import type { Context } from './context';
import { deadlineOf } from './disturbance';
import type { IncidentLog } from './incident-log';

/** What gives an idle hold its time anew, beside what ends it. */
const armed: ReadonlySet<string> = new Set(['incident.taken', 'incident.transferred', 'note.added']);
const begun: ReadonlySet<string> = new Set(['assignment.dispatched', 'assignment.accepted']);
const ended: ReadonlySet<string> = new Set([
  'assignment.declined',
  'assignment.clear',
  'assignment.stood_down',
  'assignment.recalled',
]);
/** Over what the timer itself may be late, which is I7's. */
const beyondMs = 10_000;

/**
 * Nobody is assigned and somebody said that he has it: if nothing more happens, the incident comes back (decisions.md 6,
 * taken-idle). Every idle hold that lasted longer, at any time of the run.
 */
export function* forgottenHolds(
  context: Context,
  { id, events }: IncidentLog,
): Generator<{ id: string; what: string }> {
  const { takenIdleCriticalS, takenIdleS } = context.scene.timing;
  const assigned = new Set<unknown>();
  let state = '';
  let severity = '';
  let idleSince: number | null = null;
  for (const event of [...events, null]) {
    const at = event?.at ?? context.dumps.sql.now;
    const idleMs = (severity === 'critical' ? takenIdleCriticalS : takenIdleS) * 1_000;
    if (idleSince !== null && assigned.size === 0) {
      const by = deadlineOf(context.windows, context.toMonotonic(idleSince + idleMs)) + beyondMs;
      if (context.toMonotonic(at) > by)
        yield {
          id,
          what: `was held with nobody assigned for ${((at - idleSince) / 1_000).toFixed(1)} s and never returned`,
        };
    }
    if (event === null) return;
    [state, severity] = [stateAfter(event, state), String(event.data?.['severity'] ?? severity)];
    if (begun.has(event.type)) assigned.add(event.data?.['assignmentId']);
    const isFreed = ended.has(event.type) && assigned.delete(event.data?.['assignmentId']);
    if (state !== 'acknowledged') idleSince = null;
    else if (event.type === 'incident.acknowledged' || armed.has(event.type) || isFreed) idleSince = at;
    // A repeated hold, a re-grade: whatever else is told of it does not let it idle for longer, nor count as idle before.
    idleSince ??= state === 'acknowledged' ? at : null;
  }
}

function stateAfter({ type, data }: EventRow, before: string): string {
  if (type === 'incident.regraded' || !type.startsWith('incident.')) return before;
  const to = data?.['to'];
  return to === 'open' || to === 'acknowledged' || to === 'resolved' || to === 'closed' ? to : before;
}
