/** Every kind of event in the log (contract); `data` of each family is listed there. */
export const eventTypes = [
  'alert.accepted', 'alert.duplicate', 'alert.resolved', 'alert.stale', 'alert.parked',
  'incident.opened', 'incident.extended', 'incident.routed', 'incident.acknowledged', 'incident.taken', 'incident.released',
  'incident.returned', 'incident.realerted', 'incident.transferred', 'incident.regraded', 'incident.resolved', 'incident.closed',
  'incident.reopened', 'escalation.started', 'escalation.step', 'escalation.exhausted', 'escalation.cancelled',
  'notification.queued', 'notification.sent', 'notification.delivered', 'notification.seen', 'notification.failed',
  'notification.suppressed', 'assignment.dispatched', 'assignment.accepted', 'assignment.declined', 'assignment.en_route',
  'assignment.on_scene', 'assignment.clear', 'assignment.stood_down', 'assignment.recalled', 'note.added', 'config.applied',
  'session.opened', 'session.refused', 'session.ended', 'alert.recorded',
] as const;
export type EventType = (typeof eventTypes)[number];
