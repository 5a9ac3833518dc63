import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { instantAtLocal, isTimeZone, localTime, localWeekday, MINUTE, parseLocal, parseTimeOfDay } from '../index.js';

const zones = [
  'Europe/London',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Karachi',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'UTC',
];

it('reads the wall as Temporal does, whatever was asked before', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.date({ noInvalidDate: true, min: new Date('1990-01-01'), max: new Date('2050-01-01') }),
      (zone, date) => {
        const wall = Temporal.Instant.fromEpochMilliseconds(date.getTime()).toZonedDateTimeISO(zone);
        const local = localTime(zone, date.getTime() * 1000);
        expect(new Date(local / 1000).toISOString().slice(0, 19)).toBe(wall.toPlainDateTime().toString().slice(0, 19));
        expect(localWeekday(local)).toBe(wall.dayOfWeek);
      },
    ),
    { numRuns: 1000 },
  );
});

it.each([
  ['Europe/London', '2026-03-29T00:00'],
  ['Europe/London', '2026-10-25T00:00'],
  ['America/New_York', '2026-03-08T00:00'],
  ['America/New_York', '2026-11-01T00:00'],
  ['Australia/Lord_Howe', '2026-04-05T00:00'],
  ['Australia/Lord_Howe', '2026-10-04T00:00'],
])('a wall time comes at the first minute whose wall has shown it or a later one: %s %s', (zone, day) => {
  const start = parseLocal(day);
  const first = instantAtLocal(zone, start);
  for (let minute = 0; minute < 300; minute += 1) {
    const local = start + minute * MINUTE;
    let at = first;
    while (localTime(zone, at) < local) at += MINUTE;
    expect(instantAtLocal(zone, local)).toBe(at);
  }
});

it('what is no zone, no time and no date is said, not guessed', () => {
  expect(zones.every(isTimeZone)).toBe(true);
  expect(isTimeZone('Mars/Olympus')).toBe(false);
  expect(parseTimeOfDay('07:30')).toBe(450 * MINUTE);
  expect(parseTimeOfDay('24:00')).toBe(1440 * MINUTE);
  for (const text of ['7', '25:00', '12:60', 'noon']) expect(parseTimeOfDay(text)).toBeNaN();
  expect(parseLocal('2026-01-05T07:00')).toBe(Date.UTC(2026, 0, 5, 7) * 1000);
  for (const text of ['', '2026-13-01T07:00', 'monday']) expect(parseLocal(text)).toBeNaN();
});
