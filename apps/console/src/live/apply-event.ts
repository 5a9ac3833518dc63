import type { Assignment, AssignmentState, Incident, LiveEvent } from '../wire.js';

const assignmentOf: Readonly<Record<string, AssignmentState>> = {
  'assignment.dispatched': 'notified',
  'assignment.accepted': 'accepted',
  'assignment.declined': 'declined',
  'assignment.en_route': 'en_route',
  'assignment.on_scene': 'on_scene',
  'assignment.clear': 'clear',
  'assignment.stood_down': 'stood_down',
  'assignment.recalled': 'recalled',
};

/** Events that say all they do to a row. The rest need the server's row (see `tellsAll`). */
const pure = new Set([
  'incident.resolved',
  'incident.closed',
  'notification.queued',
  'notification.sent',
  'notification.delivered',
  'notification.seen',
  'notification.failed',
  'notification.suppressed',
  'alert.duplicate',
  'note.added',
]);

/** True when the row after `apply` is the server's own; otherwise the row has to be asked for. */
export const tellsAll = (type: string): boolean => pure.has(type);

/**
 * What one event of its own stream does to a row, as far as the event says. Pure; the caller has checked the order.
 * Law: never older than the row (`seq` only grows), never touches what the event does not speak of.
 */
export function applyEvent(row: Incident, event: LiveEvent): Incident {
  const next = { ...row, seq: event.seq };
  const text = (name: string): string | null => (typeof event.data?.[name] === 'string' ? event.data[name] : null);
  switch (event.type) {
    case 'incident.acknowledged':
      return { ...next, state: 'acknowledged', acknowledgedAt: row.acknowledgedAt ?? event.at };
    case 'incident.taken':
      return { ...next, state: 'acknowledged', owner: event.onBehalfOf ?? text('to') ?? event.actor.id };
    case 'incident.transferred':
      return { ...next, owner: text('to') ?? row.owner };
    case 'incident.released':
    case 'incident.returned':
      return { ...next, owner: null };
    case 'incident.regraded':
      return { ...next, severity: (text('severity') ?? row.severity) as Incident['severity'] };
    case 'incident.resolved':
      return {
        ...next,
        state: 'resolved',
        resolvedAt: event.at,
        escalation: null,
        disposition: text('disposition') ?? row.disposition,
      };
    case 'incident.closed':
      return { ...next, state: 'closed', closedAt: event.at, escalation: null };
    default:
      return assignmentOf[event.type] ? { ...next, assignments: assigned(row.assignments ?? [], event) } : next;
  }
}

function assigned(list: readonly Assignment[], event: LiveEvent): readonly Assignment[] {
  const data = event.data ?? {};
  const person = data['person'];
  const state = assignmentOf[event.type];
  if (typeof person !== 'string' || !state) return list;
  const team = typeof data['team'] === 'string' ? data['team'] : null;
  const now: Assignment = { person, team, state, at: event.at };
  const at = list.findLastIndex((a) => a.person === person);
  return at < 0 ? [...list, now] : list.with(at, { ...list[at], ...now, team: team ?? list[at]?.team ?? null });
}
