import type { ScheduleConfig } from '../index.js';
import { isInWindows, onCall, parseInstant } from '../index.js';

const at = (text: string): number => parseInstant(text) ?? NaN;

const duty: ScheduleConfig = {
  id: 'duty',
  name: { en: 'Duty' },
  timeZone: 'Europe/London',
  layers: [
    { id: 'days', people: ['ali', 'bela'], startsAt: '2026-03-01T07:00', turn: { unit: 'day', count: 1 }, windows: [] },
    {
      id: 'nights',
      people: ['nell'],
      startsAt: '2026-03-01T00:00',
      turn: { unit: 'week', count: 1 },
      windows: [{ days: [5], from: '22:00', to: '06:00' }],
    },
  ],
  overrides: [
    { id: 'swap', person: 'eve', replaces: 'bela', from: '2026-03-04T00:00:00Z', to: '2026-03-04T12:00:00Z' },
  ],
};

it('turns by the wall clock: 07:00 stays 07:00 over a change of the clocks', () => {
  expect(onCall(duty, at('2026-03-28T06:59:59Z'))).toMatchObject({ person: 'ali', layer: 'days' });
  expect(onCall(duty, at('2026-03-28T07:00:00Z'))).toMatchObject({
    person: 'bela',
    until: at('2026-03-29T06:00:00Z'),
    reason: { code: 'on-call-layer' },
  });
});

it('a turn that has begun does not end because the clock is put back', () => {
  const hourly = {
    ...duty,
    overrides: [],
    layers: [
      {
        id: 'hours',
        people: ['ali', 'bela', 'chen', 'dara'],
        startsAt: '2026-10-25T00:30',
        turn: { unit: 'hour' as const, count: 1 },
        windows: [],
      },
    ],
  };
  // 01:30 BST is 00:30Z; the clock reads 01:15 once more at 01:15Z, and 02:30 at 02:30Z.
  expect(
    ['2026-10-25T00:29Z', '2026-10-25T00:30Z', '2026-10-25T01:15Z', '2026-10-25T02:29Z', '2026-10-25T02:30Z'].map(
      (when) => onCall(hourly, at(when)).person,
    ),
  ).toEqual(['ali', 'bela', 'bela', 'bela', 'chen']);
});

it('a later layer lies over an earlier one, across midnight', () => {
  expect(onCall(duty, at('2026-03-06T21:59:00Z')).person).not.toBe('nell');
  expect(onCall(duty, at('2026-03-06T22:00:00Z'))).toMatchObject({ person: 'nell', until: at('2026-03-07T06:00:00Z') });
  expect(onCall(duty, at('2026-03-07T05:59:00Z')).person).toBe('nell');
});

it('an override lies over every layer, and replaces only whom it names', () => {
  expect(onCall(duty, at('2026-03-04T01:00:00Z'))).toMatchObject({ person: 'ali', override: null });
  expect(onCall(duty, at('2026-03-04T08:00:00Z'))).toMatchObject({
    person: 'eve',
    override: 'swap',
    until: at('2026-03-04T12:00:00Z'),
    reason: { code: 'on-call-override' },
  });
});

it('before the first start nobody is on, and that is said', () => {
  expect(onCall({ ...duty, layers: duty.layers.slice(0, 1) }, at('2026-02-28T00:00:00Z'))).toMatchObject({
    person: null,
    until: at('2026-03-01T07:00:00Z'),
    reason: { code: 'on-call-nobody' },
  });
});

it('one person without windows is on for good', () => {
  const alone = {
    ...duty,
    overrides: [],
    layers: [
      {
        id: 'one',
        people: ['ali'],
        startsAt: '2026-01-01T00:00',
        turn: { unit: 'week' as const, count: 1 },
        windows: [],
      },
    ],
  };
  expect(onCall(alone, at('2026-06-01T00:00:00Z'))).toMatchObject({ person: 'ali', until: null });
});

it('a rotation that cannot be read is off, never thrown', () => {
  const bad = {
    ...duty,
    overrides: [{ id: 'x', person: 'eve', from: 'soon', to: 'later' }],
    layers: [{ id: 'one', people: ['ali'], startsAt: 'monday', turn: { unit: 'day' as const, count: 0 }, windows: [] }],
  };
  expect(onCall(bad, at('2026-06-01T00:00:00Z'))).toMatchObject({ person: null, until: null });
});

describe('windows', () => {
  const everyDay = [1, 2, 3, 4, 5, 6, 7];

  it('from = to is the whole day round', () => {
    expect(isInWindows('UTC', [{ days: everyDay, from: '07:00', to: '07:00' }], at('2026-03-04T06:59:00Z'))).toBe(true);
    expect(isInWindows('UTC', [{ days: [2], from: '07:00', to: '07:00' }], at('2026-03-04T07:00:00Z'))).toBe(false);
  });

  it('two that touch on the wall touch in time on a 23 h day, though 01:30 is jumped over', () => {
    const early = [{ days: everyDay, from: '00:00', to: '01:30' }];
    const late = [{ days: everyDay, from: '01:30', to: '24:00' }];
    for (let minute = 0; minute < 1380; minute += 1) {
      const when = at('2026-03-29T00:00:00Z') + minute * 60_000_000;
      expect(
        [isInWindows('Europe/London', early, when), isInWindows('Europe/London', late, when)].filter(Boolean),
      ).toHaveLength(1);
    }
  });
});
