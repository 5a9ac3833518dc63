import { ReplicaState } from './replica';
import type { WireEvent, WireIncident } from './wire';

const row = (id: string, seq: number, openedAt = 0): WireIncident =>
  ({ id, seq, openedAt: new Date(openedAt).toISOString() }) as WireIncident;
const event = (stream: string, seq: number): WireEvent => ({ incidentId: stream, stream, seq, type: 'x', data: null });
const holes = (replica: ReplicaState, events: WireEvent[], incidents: WireIncident[] = []) =>
  replica.apply({ cursor: 'c', events, incidents }).map(({ event, hole }) => [event.stream, event.seq, hole]);

it('drops what it holds and goes on from there', () => {
  const replica = new ReplicaState();
  replica.replace({ cursor: 'a', snapshot: { incidents: [row('i', 3)] } }, 0);
  expect(holes(replica, [event('i', 3), event('i', 4)], [row('i', 4)])).toEqual([['i', 4, false]]);
  expect([replica.cursor, replica.incidents.get('i')?.seq]).toEqual(['c', 4]);
});

it('sees a hole in what it holds, and at the beginning of what is new', () => {
  const replica = new ReplicaState();
  replica.replace({ cursor: 'a', snapshot: { incidents: [row('i', 3)] } }, 10_000);
  expect(holes(replica, [event('i', 5)])).toEqual([['i', 5, true]]);
  expect(holes(replica, [event('new', 1), event('new', 2)], [row('new', 2, 20_000)])).toEqual([
    ['new', 1, false],
    ['new', 2, false],
  ]);
  expect(holes(replica, [event('cut', 2)], [row('cut', 2, 20_000)])).toEqual([['cut', 2, true]]);
});

it('takes an old incident that its snapshot left out from where it stands', () => {
  const replica = new ReplicaState();
  replica.replace({ cursor: 'a', snapshot: { incidents: [] } }, 10_000);
  expect(holes(replica, [event('old', 57)], [row('old', 57, 1_000)])).toEqual([['old', 57, false]]);
});
