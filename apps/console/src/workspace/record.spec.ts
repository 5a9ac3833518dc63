import fc from 'fast-check';
import { event, row } from '../../test/rows.js';
import type { Delivery, Team } from '../wire.js';
import { joinEvents } from './join-events.js';
import { dispatchTarget, sendables } from './plan.js';
import { proofs } from './proof.js';
import { operatorActs } from '../acts/verbs.js';
import { railOf } from './rail.js';
import { ruler } from './ruler.js';

describe('the log of an incident', () => {
  it('stays gap-free, in order and without doubles, however it is joined', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 12 }), { maxLength: 8 }), (lots) => {
        let log: ReturnType<typeof joinEvents>['events'] = [];
        for (const lot of lots) {
          const joined = joinEvents(
            log,
            lot.map((seq) => event({ seq })),
          );
          log = joined.events;
          expect(log.map((e) => e.seq)).toEqual(log.map((_, n) => n + 1));
          expect(joined.hole).toBe(lot.some((seq) => seq > log.length));
        }
      }),
    );
  });
});

describe('the clock of an incident', () => {
  const i = row({ openedAt: '2026-10-16T21:13:25.200000Z', occurredAt: '2026-10-16T21:13:25.000000Z' });
  const at = (s: string): string => `2026-10-16T21:13:${s}00000Z`;

  it('reads its stops from the events, and runs at the one after the last', () => {
    const stops = ruler(
      i,
      [
        event({ seq: 1, type: 'alert.accepted', at: at('25.2') }),
        event({ seq: 2, type: 'incident.taken', at: at('29.4') }),
      ],
      null,
    );
    expect(stops.map((s) => [s.mark, s.state])).toEqual([
      ['T0', 'reached'],
      ['T1', 'reached'],
      ['T2', 'unknown'],
      ['T3', 'reached'],
      ['T4', 'running'],
      ...['T5', 'T6', 'T7', 'T8', 'T9', 'T10'].map((mark) => [mark, 'to-come']),
    ]);
    expect((stops[3]?.at ?? 0) - (stops[0]?.at ?? 0)).toBe(4_400);
  });

  it('tells what did not happen from what nobody noted', () => {
    const stops = ruler(
      { ...i, resolvedAt: at('59.0'), state: 'resolved' },
      [event({ seq: 1, type: 'incident.taken', at: at('29.4') })],
      null,
    );
    expect([2, 4, 8, 9, 10].map((n) => stops[n]?.state)).toEqual([
      'unknown',
      'skipped',
      'skipped',
      'reached',
      'running',
    ]);
  });

  it('takes what radio said for the time of an act, and the first of its kind', () => {
    const stops = ruler(
      i,
      [
        event({ seq: 1, type: 'assignment.accepted', at: at('50.0'), occurredAt: at('40.0') }),
        event({ seq: 2, type: 'assignment.accepted', at: at('55.0') }),
      ],
      null,
    );
    expect(stops[6]?.at).toBe(Date.parse(at('40.0')));
  });
});

describe('delivery proof', () => {
  const now = Date.parse('2026-10-16T21:14:00Z');
  const page = (part: Partial<Delivery>): Delivery => ({
    id: 'n',
    person: 'raza',
    channel: 'push',
    state: 'sent',
    sentAt: '2026-10-16T21:13:40.000000Z',
    ...part,
  });

  it('calls a push without a receipt after 10 s missing, mail never', () => {
    const [late] = proofs(row(), [page({})], [], now);
    const [early] = proofs(row(), [page({})], [], now - 15_000);
    const [mail] = proofs(row(), [page({ channel: 'email' })], [], now);
    expect([late?.device, early?.device, mail?.device]).toEqual(['missing', 'empty', 'empty']);
  });

  it('keeps the earliest proof of all tries of a person, and says when none left', () => {
    const [proof] = proofs(
      row(),
      [
        page({ id: '1', state: 'failed' }),
        page({ id: '2', state: 'delivered', deliveredAt: '2026-10-16T21:13:45.000000Z' }),
      ],
      [],
      now,
    );
    expect([proof?.sent, proof?.device]).toEqual(['full', 'full']);
    expect(proofs(row(), [page({ state: 'failed' })], [], now)[0]?.sent).toBe('missing');
  });

  it('shows who was sent though nobody was paged', () => {
    const [proof] = proofs(row({ assignments: [{ person: 'x', team: null, state: 'accepted' }] }), [], [], now);
    expect([proof?.person, proof?.assignment?.state]).toEqual(['x', 'accepted']);
  });
});

describe('whom D sends', () => {
  const member = (id: string, onDuty: boolean, incidentId?: string) => ({
    id,
    name: id,
    onDuty,
    assignment: incidentId ? { incidentId, number: '26-1', state: 'notified' as const } : null,
  });
  const teams = (here: boolean): Team[] => [
    { id: 'b', name: 'B', members: [member('3', true), member('4', true)] },
    { id: 'routed', name: 'R', members: [member('1', true, here ? 'a' : undefined), member('2', false)] },
  ];
  const target = (list: Team[], team: string | null) => dispatchTarget(sendables(list, row({ team })), row({ team }));

  it('is the routed team, by an empty body', () => {
    expect(target(teams(false), 'routed')).toMatchObject({ team: { id: 'routed' }, backup: false, body: {} });
  });

  it('is the freest other team once all of the routed one is there', () => {
    expect(target(teams(true), 'routed')).toMatchObject({ team: { id: 'b' }, backup: true, body: { teams: ['b'] } });
  });

  it('is nobody where no team was routed: a person chooses', () => {
    expect(target(teams(false), null)).toBeNull();
  });
});

describe('the rail of verbs', () => {
  const hand = { me: 'me', acts: operatorActs, commander: false, stale: false };
  const sent = [{ person: 'x', team: null, state: 'accepted' as const }];
  const cases = (['open', 'acknowledged', 'resolved', 'closed'] as const).flatMap((state) =>
    [row({ state, owner: null }), row({ state, owner: 'me', assignments: sent })].flatMap((i) =>
      [true, false].map((narrow) => [i, narrow] as const),
    ),
  );

  it('prints each verb at one place alone', () => {
    for (const [i, narrow] of cases) {
      const { rail, more } = railOf(i, hand, narrow);
      expect(new Set([...rail, ...more]).size).toBe(rail.length + more.length);
    }
  });

  it('offers what the state allows, narrow or wide', () => {
    const all = (i: Parameters<typeof railOf>[0], narrow: boolean) =>
      [...railOf(i, hand, narrow).rail, ...railOf(i, hand, narrow).more].sort();
    for (const [i] of cases) expect(all(i, true)).toEqual(all(i, false));
    expect(all(row(), false)).toEqual(['acknowledge', 'behalf', 'escalate', 'regrade', 'take', 'transfer']);
    expect(all(row({ state: 'acknowledged', owner: 'me', assignments: sent }), false)).toEqual([
      'behalf',
      'escalate',
      'regrade',
      'release',
      'stand-down',
      'transfer',
    ]);
    expect(all(row({ state: 'closed', owner: 'me' }), false)).toEqual(['reopen']);
  });
});
