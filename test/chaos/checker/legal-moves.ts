import type { EventRow, IncidentRow } from '../dumps/shapes';

type Moves = Readonly<Record<string, readonly string[]>>;

/** decisions.md section 6: open -> acknowledged -> resolved -> closed, back to open by time, re-alert and reopen. */
const incidentMoves: Moves = {
  '': ['open'],
  open: ['acknowledged', 'resolved', 'open'],
  acknowledged: ['open', 'resolved'],
  resolved: ['closed', 'open'],
  closed: ['open'],
};

const active = ['accepted', 'en_route', 'on_scene'];
const ends = ['clear', 'stood_down', 'recalled'];
/** An assignment begins as dispatched or, by who accepts unsent, as accepted; and ends once. */
const assignmentMoves: Moves = {
  '': ['dispatched', 'accepted'],
  dispatched: ['accepted', 'declined', 'stood_down', 'recalled'],
  accepted: ['declined', 'en_route', 'on_scene', ...ends],
  en_route: ['declined', 'on_scene', ...ends],
  on_scene: ends,
};

/** Which state of an incident each of its events may leave it in, where it moves it at all. */
const leadsTo: Readonly<Record<string, string>> = {
  'incident.opened': 'open',
  'incident.acknowledged': 'acknowledged',
  'incident.returned': 'open',
  'incident.resolved': 'resolved',
  'incident.closed': 'closed',
  'incident.reopened': 'open',
};

/** Every event of an incident's stream that is no legal move, and a row that stands elsewhere than its log ends. */
export function* moveFaults(incident: IncidentRow, events: readonly EventRow[]): Generator<string> {
  let state = '';
  const assignments = new Map<string, string>();
  for (const event of events) {
    const to = targetOf(event);
    if (to !== undefined) {
      const from = event.data?.['from'];
      if (!incidentMoves[state]?.includes(to) || (from !== undefined && from !== state))
        yield `event ${event.seq} (${event.type}) moves from ${String(from ?? state)} to ${to}, and it was ${state || 'not there'}`;
      state = to;
    }
    if (event.type.startsWith('assignment.') && event.data !== null) {
      const [id, move] = [String(event.data['assignmentId']), event.type.slice('assignment.'.length)];
      const was = assignments.get(id) ?? '';
      if (!assignmentMoves[was]?.includes(move))
        yield `event ${event.seq}: assignment ${id} goes from ${was || 'nothing'} to ${move}`;
      assignments.set(id, active.includes(move) || move === 'dispatched' ? move : 'over');
    }
  }
  if (events.length > 0 && state !== incident.state) yield `is ${incident.state}, and its log ends with ${state}`;
}

function targetOf({ type, data }: EventRow): string | undefined {
  const to = data?.['to'];
  if (type in leadsTo) return leadsTo[type];
  return (type === 'incident.realerted' || type === 'incident.released') && to === 'open' ? 'open' : undefined;
}
