import { ms } from '../live/clock.js';
import type { Incident, LiveEvent } from '../wire.js';

export interface Stop {
  readonly mark: 'T0' | 'T1' | 'T2' | 'T3' | 'T4' | 'T5' | 'T6' | 'T7' | 'T8' | 'T9' | 'T10';
  readonly key: string;
  /** Milliseconds; null: not reached, or not known. */
  readonly at: number | null;
  /** unknown: it happened, and nobody noted when; skipped: it did not happen. */
  readonly state: 'reached' | 'running' | 'to-come' | 'skipped' | 'unknown';
}

const first = (events: readonly LiveEvent[], ...types: readonly string[]): number | null => {
  const event = events.find((e) => types.includes(e.type));
  return event ? ms(event.occurredAt ?? event.at) : null;
};

/**
 * The clock of one incident, T0 to T10, from its own events: what was pressed, received, shown (on this desk), taken,
 * dispatched, on a device, accepted, en route, on scene, resolved, closed. The one after the last reached runs.
 */
export function ruler(i: Incident, events: readonly LiveEvent[], shownAt: number | null): readonly Stop[] {
  const opened = ms(i.openedAt);
  const pressed = i.occurredAt ? ms(i.occurredAt) : opened;
  const times: readonly (readonly [Stop['mark'], string, number | null])[] = [
    ['T0', 'pressed', Math.min(pressed, opened)],
    ['T1', 'received', first(events, 'alert.accepted', 'incident.opened') ?? opened],
    ['T2', 'shown', shownAt === null ? null : Math.max(shownAt, opened)],
    [
      'T3',
      'taken',
      first(events, 'incident.taken', 'incident.acknowledged') ?? (i.acknowledgedAt ? ms(i.acknowledgedAt) : null),
    ],
    ['T4', 'dispatched', first(events, 'assignment.dispatched')],
    ['T5', 'onDevice', first(events, 'notification.delivered', 'notification.seen')],
    ['T6', 'accepted', first(events, 'assignment.accepted')],
    ['T7', 'enRoute', first(events, 'assignment.en_route')],
    ['T8', 'onScene', first(events, 'assignment.on_scene')],
    ['T9', 'resolved', i.resolvedAt ? ms(i.resolvedAt) : null],
    ['T10', 'closed', i.closedAt ? ms(i.closedAt) : null],
  ];
  const last = times.findLastIndex(([, , at]) => at !== null);
  return times.map(([mark, key, at], n) => ({ mark, key, at, state: stateOf(at, n, last, i) }));
}

function stateOf(at: number | null, n: number, last: number, i: Incident): Stop['state'] {
  if (at !== null) return 'reached';
  // Of all stops only T2 is noted by no event: whether a desk showed it, only that desk knows.
  if (n < last) return n === 2 ? 'unknown' : 'skipped';
  return n === last + 1 && i.state !== 'closed' ? 'running' : 'to-come';
}
