export * from './aggregate.js';
export * from './clock-step.js';
export * from './config-document.js';
export type { ConfigIndex } from './config-index.js';
export { findPerson, indexOf } from './config-index.js';
export * from './paging/contacts.js';
export { decide, decideDue, decideThrough, decideTimers, dueTimers } from './incident/decide.js';
export * from './event-types.js';
export * from './fault.js';
export * from './alerts/fold-episode.js';
export * from './alerts/group-key.js';
export * from './instant-text.js';
export type { Miss, Subject } from './routing/match.js';
export { missOf, timeZoneOf } from './routing/match.js';
export { neverSilent } from './incident/never-silent.js';
export * from './alerts/normalise-alert.js';
export * from './alerts/normalise-alertmanager.js';
export * from './paging/on-call.js';
export * from './incident/open-incident.js';
export * from './paging/pace.js';
export * from './reason.js';
export * from './paging/resolve-targets.js';
export * from './rights.js';
export type { Routed, RouteTraceEntry } from './routing/route.js';
export { catchAll, isUnrouted, planOf, route } from './routing/route.js';
export * from './severity.js';
export * from './alerts/signal.js';
export * from './incident/states.js';
export { isInWindows, nextWindowEdge } from './routing/time-window.js';
export * from './words.js';
export {
  instantAtLocal,
  isTimeZone,
  localTime,
  localWeekday,
  parseLocal,
  parseTimeOfDay,
} from './routing/zone-clock.js';
