import { event, row } from '../../test/rows.js';
import type { Incident } from '../wire.js';
import { type Change, emptyWorld, reduce, type World } from './world.js';

const snapshot = (...incidents: Incident[]): Change => ({
  kind: 'snapshot',
  frame: { cursor: 'c1', snapshot: { incidents } },
});
const world = (...incidents: Incident[]): World => reduce(emptyWorld, snapshot(...incidents)).world;

describe('the world of a console', () => {
  it('is replaced by a snapshot', () => {
    const before = world(row({ id: 'old' }));
    const { world: after } = reduce(before, {
      kind: 'snapshot',
      frame: { cursor: 'c2', snapshot: { incidents: [row({ id: 'new' })] } },
    });
    expect([...after.incidents.keys()]).toEqual(['new']);
    expect(after.cursor).toBe('c2');
  });

  it('drops an event whose sequence it holds', () => {
    const before = world(row({ seq: 5 }));
    const step = reduce(before, {
      kind: 'events',
      frame: { cursor: 'c2', events: [event({ seq: 5 }), event({ seq: 4 })] },
    });
    expect(step.fresh).toEqual([]);
    expect(step.world.incidents.get('a')).toEqual(before.incidents.get('a'));
  });

  it('takes over the row that came with the frame', () => {
    const next = row({ seq: 6, owner: 'khan', state: 'acknowledged' });
    const step = reduce(world(row({ seq: 5 })), {
      kind: 'events',
      frame: { cursor: 'c2', events: [event({ seq: 6, type: 'incident.taken' })], incidents: [next] },
    });
    expect(step.world.incidents.get('a')).toEqual(next);
    expect(step.fresh.map((e) => e.seq)).toEqual([6]);
    expect(step.ask).toEqual([]);
  });

  it('does not let an older row overwrite a newer one', () => {
    const step = reduce(world(row({ seq: 9, title: 'new' })), {
      kind: 'events',
      frame: { cursor: 'c2', events: [], incidents: [row({ seq: 8, title: 'old' })] },
    });
    expect(step.world.incidents.get('a')?.title).toBe('new');
  });

  it('applies nothing over a hole, asks, and joins what waited once the row is there', () => {
    const before = world(row({ seq: 5 }));
    const gap = reduce(before, {
      kind: 'events',
      frame: {
        cursor: 'c2',
        events: [event({ seq: 8, type: 'incident.resolved', at: '2026-10-16T21:05:00.000000Z' })],
      },
    });
    expect(gap.ask).toEqual(['a']);
    expect(gap.world.incidents.get('a')?.state).toBe('open');
    const joined = reduce(gap.world, { kind: 'row', incident: row({ seq: 7, state: 'acknowledged' }) });
    expect(joined.world.incidents.get('a')).toMatchObject({ seq: 8, state: 'resolved' });
    expect(joined.world.waiting.size).toBe(0);
    expect(joined.fresh.map((e) => e.seq)).toEqual([8]);
  });

  it('asks for an incident that it has never seen', () => {
    const step = reduce(emptyWorld, {
      kind: 'events',
      frame: { cursor: 'c', events: [event({ seq: 1, type: 'incident.opened' })] },
    });
    expect(step.ask).toEqual(['a']);
    expect(step.world.incidents.size).toBe(0);
  });

  it('asks for the row of an event that does not say all it did', () => {
    const step = reduce(world(row({ seq: 5 })), {
      kind: 'events',
      frame: { cursor: 'c', events: [event({ seq: 6, type: 'alert.accepted' })] },
    });
    expect(step.ask).toEqual(['a']);
    expect(step.world.incidents.get('a')?.seq).toBe(6);
  });

  it('still hears the events of an act whose answer came before them', () => {
    const answered = reduce(world(row({ seq: 5 })), { kind: 'row', incident: row({ seq: 7, owner: 'khan' }) });
    const told = reduce(answered.world, {
      kind: 'events',
      frame: {
        cursor: 'c',
        events: [event({ seq: 6, type: 'incident.taken' }), event({ seq: 7 })],
        incidents: [row({ seq: 7, owner: 'khan' })],
      },
    });
    expect(told.fresh.map((e) => e.seq)).toEqual([6, 7]);
    expect(told.ask).toEqual([]);
    const again = reduce(told.world, {
      kind: 'events',
      frame: { cursor: 'c', events: [event({ seq: 6 }), event({ seq: 7 })] },
    });
    expect(again.fresh).toEqual([]);
  });

  it('lets closed incidents go, all but the open one, and still knows them when they come back', () => {
    const before = world(
      row({ id: 'a', state: 'closed', seq: 9 }),
      row({ id: 'b', state: 'closed' }),
      row({ id: 'c' }),
    );
    const after = reduce(before, { kind: 'prune', keep: 'b' }).world;
    expect([...after.incidents.keys()]).toEqual(['b', 'c']);
    const back = reduce(after, {
      kind: 'events',
      frame: {
        cursor: 'c',
        events: [event({ seq: 10, type: 'incident.reopened' })],
        incidents: [row({ id: 'a', seq: 10 })],
      },
    });
    expect([back.fresh.length, back.world.incidents.get('a')?.state, back.ask]).toEqual([1, 'open', []]);
  });

  it('counts streams that are no incident by their own sequence', () => {
    const config = { incidentId: null, stream: 'config', type: 'config.applied' } as const;
    const once = reduce(emptyWorld, { kind: 'events', frame: { cursor: 'c', events: [event({ ...config, seq: 3 })] } });
    const twice = reduce(once.world, {
      kind: 'events',
      frame: { cursor: 'c', events: [event({ ...config, seq: 3 })] },
    });
    expect([once.fresh.length, twice.fresh.length]).toEqual([1, 0]);
  });
});
