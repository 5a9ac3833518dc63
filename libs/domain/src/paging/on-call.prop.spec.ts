import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import type { RotationConfig, ScheduleConfig, TimeWindow } from '../index.js';
import { MINUTE, onCall } from '../index.js';

/**
 * The oracle knows no offsets, spans or memos. It walks a zone minute by minute, reads the wall clock by Temporal, and
 * keeps one law: an edge has come as soon as the wall has shown its time or a later one. So it holds for 23 h and 25 h
 * days without knowing of them. Wall times are texts ("2026-03-29T02:30"), compared as texts.
 */
class Oracle {
  private readonly layers: readonly {
    readonly people: readonly string[];
    readonly turns: readonly string[];
    readonly windows: readonly (readonly [string, string])[] | null;
  }[];

  constructor(
    private readonly schedule: ScheduleConfig,
    day: string,
  ) {
    const end = Temporal.PlainDate.from(day).add({ days: 4 }).toString();
    this.layers = schedule.layers.map((layer) => ({
      people: layer.people,
      turns: turnsUntil(layer, end),
      windows: layer.windows.length === 0 ? null : layer.windows.flatMap((window) => spansOf(window, day)),
    }));
  }

  /** Who is on call at a minute at which the wall has shown `latest` at most. */
  at(at: number, latest: string): string | null {
    let person: string | null = null;
    for (const { people, turns, windows } of this.layers) {
      const begun = turns.filter((turn) => turn <= latest).length;
      const isOn = windows === null || windows.some(([from, to]) => from <= latest && latest < to);
      if (people.length > 0 && begun > 0 && isOn) person = people[(begun - 1) % people.length] ?? null;
    }
    for (const override of this.schedule.overrides) {
      const on = Date.parse(override.from) * 1000 <= at && at < Date.parse(override.to) * 1000;
      if (on && (override.replaces === undefined || override.replaces === person)) person = override.person;
    }
    return person;
  }
}

const wallText = (wall: Temporal.PlainDateTime): string => wall.toString({ smallestUnit: 'minute' });

function turnsUntil(layer: RotationConfig, end: string): string[] {
  const turns: string[] = [];
  for (
    let wall = Temporal.PlainDateTime.from(layer.startsAt);
    wallText(wall) < end;
    wall = wall.add({ [`${layer.turn.unit}s`]: layer.turn.count })
  )
    turns.push(wallText(wall));
  return turns;
}

function spansOf({ days, from, to }: TimeWindow, day: string): (readonly [string, string])[] {
  const dates = Array.from({ length: 7 }, (_, i) => Temporal.PlainDate.from(day).add({ days: i - 2 }));
  return dates
    .filter((date) => days.includes(date.dayOfWeek))
    .map(
      (date) =>
        [
          wallText(date.toPlainDateTime(from)),
          wallText(date.add({ days: to <= from ? 1 : 0 }).toPlainDateTime(to)),
        ] as const,
    );
}

/** Minute by minute from the evening before: the latest wall time that had been shown by then. */
function walk(timeZone: string, day: string): { readonly at: number; readonly latest: string }[] {
  const from = Date.parse(`${day}T00:00Z`);
  let latest = '';
  return Array.from({ length: 4 * 1440 }, (_, i) => {
    const ms = from + (i - 1440) * 60_000;
    const wall = wallText(Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDateTime());
    if (wall > latest) latest = wall;
    return { at: ms * 1000, latest };
  }).slice(1440);
}

/** Three days around a change of the clocks (23 h, 25 h, a half-hour one), and one quiet place. */
const places = [
  { timeZone: 'Europe/London', day: '2026-03-28' },
  { timeZone: 'Europe/London', day: '2026-10-24' },
  { timeZone: 'America/New_York', day: '2026-03-07' },
  { timeZone: 'America/New_York', day: '2026-10-31' },
  { timeZone: 'Australia/Lord_Howe', day: '2026-04-04' },
  { timeZone: 'Australia/Lord_Howe', day: '2026-10-03' },
  { timeZone: 'Asia/Karachi', day: '2026-11-24' },
] as const;

const hourOfDay = fc
  .tuple(fc.constantFrom(0, 1, 2, 3, 7, 12, 19, 23), fc.constantFrom(0, 15, 30))
  .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
const window: fc.Arbitrary<TimeWindow> = fc.record({
  days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
  from: hourOfDay,
  to: hourOfDay,
});
const people = fc.uniqueArray(fc.constantFrom('ali', 'bela', 'chen', 'dara'), { maxLength: 4 });

const scheduleAt = ({ timeZone, day }: (typeof places)[number]): fc.Arbitrary<ScheduleConfig> => {
  const date = Temporal.PlainDate.from(day);
  const layer = fc.record({
    id: fc.constant('layer'),
    people,
    startsAt: fc
      .tuple(fc.integer({ min: -9, max: 1 }), hourOfDay)
      .map(([days, time]) => `${date.add({ days }).toString()}T${time}`),
    turn: fc.record({
      unit: fc.constantFrom('hour' as const, 'day' as const, 'week' as const),
      count: fc.integer({ min: 1, max: 8 }),
    }),
    windows: fc.array(window, { maxLength: 2 }),
  });
  const instant = fc
    .integer({ min: 0, max: 72 * 4 })
    .map((quarters) => new Date(Date.parse(`${day}T00:00Z`) + quarters * 900_000).toISOString());
  const override = fc.record({
    id: fc.constant('override'),
    person: fc.constantFrom('ali', 'eve'),
    replaces: fc.constantFrom(undefined, 'ali', 'bela'),
    from: instant,
    to: instant,
  });
  return fc.record({
    id: fc.constant('schedule'),
    name: fc.constant({ en: 'Schedule' }),
    timeZone: fc.constant(timeZone),
    layers: fc.array(layer, { maxLength: 3 }),
    overrides: fc.array(override, { maxLength: 2 }),
  }) as fc.Arbitrary<ScheduleConfig>;
};

it.each(places)(
  'equals the minute-by-minute oracle over three days, and holds until `until`: $timeZone $day',
  (place) => {
    const minutes = walk(place.timeZone, place.day);
    fc.assert(
      fc.property(scheduleAt(place), (schedule) => {
        const oracle = new Oracle(schedule, place.day);
        let said = onCall(schedule, minutes[0]?.at ?? 0);
        for (const { at, latest } of minutes) {
          if (said.until !== null && at >= said.until) said = onCall(schedule, at);
          const person = oracle.at(at, latest);
          if (said.person !== person)
            throw new Error(`${new Date(at / 1000).toISOString()}: ${said.person}, oracle ${person}`);
        }
      }),
      { numRuns: 40 },
    );
  },
  60_000,
);

it('says the very minute of the next change, and is the same whether asked before or not', () => {
  fc.assert(
    fc.property(scheduleAt(places[1]), fc.integer({ min: 0, max: 3 * 1440 }), (schedule, minutes) => {
      const at = Date.parse('2026-10-24T00:00Z') * 1000 + minutes * MINUTE;
      const { until, person } = onCall(schedule, at);
      if (until === null) return;
      expect(until).toBeGreaterThan(at);
      expect(onCall(schedule, until - 1).person).toBe(person);
      expect(onCall(structuredClone(schedule), until)).toEqual(onCall(schedule, until));
    }),
  );
});
