import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../words.js';
import { HOUR, MINUTE } from '../words.js';

export const DAY = 24 * HOUR;

/** A wall clock's reading as if it stood in UTC: microseconds since 1970-01-01T00:00 on that wall. */
export type LocalTime = number;

interface Span {
  readonly from: Instant;
  readonly until: Instant;
  readonly offset: number;
}

/** Pure memo: the spans of constant offset that have been asked for, per zone. Temporal costs 10-40 µs a question, a span 50 ns. */
const spansOfZone = new Map<string, Span[]>();

/** The span around `at` in which the zone keeps one offset (microseconds east of UTC). Throws RangeError on an unknown zone. */
function spanAt(zone: string, at: Instant): Span {
  const known = spansOfZone.get(zone) ?? [];
  for (const span of known) if (span.from <= at && at < span.until) return span;
  const zoned = Temporal.Instant.fromEpochMilliseconds(Math.floor(at / 1000)).toZonedDateTimeISO(zone);
  const next = zoned.getTimeZoneTransition('next');
  // The transition that begins this span may be this very millisecond: look back from just after it.
  const previous = zoned.add({ milliseconds: 1 }).getTimeZoneTransition('previous');
  const span = {
    from: previous === null ? -Infinity : previous.epochMilliseconds * 1000,
    until: next === null ? Infinity : next.epochMilliseconds * 1000,
    offset: Math.round(zoned.offsetNanoseconds / 1000),
  };
  known.push(span);
  spansOfZone.set(zone, known);
  return span;
}

/** What the wall clocks of `zone` read at `at`. */
export function localTime(zone: string, at: Instant): LocalTime {
  return at + spanAt(zone, at).offset;
}

/**
 * The first instant at which the wall clocks of `zone` read `local` or later: of a doubled hour (25 h day) the first, of
 * one that is jumped over (23 h day) the jump itself. So it never falls while `local` rises: shifts that touch on the
 * wall touch in time. (Temporal's `compatible` puts 02:30 of a jumped hour after 03:00: two shifts at once.)
 */
export function instantAtLocal(zone: string, local: LocalTime): Instant {
  // No zone is a day away from UTC, so this asks for the offset of the evening before.
  const before = spanAt(zone, local - DAY).offset;
  const earlier = local - before;
  const span = spanAt(zone, earlier);
  return span.offset === before ? earlier : Math.max(local - span.offset, span.from);
}

/** Start of the day (00:00 on the wall) that holds `local`. */
export function localMidnight(local: LocalTime): LocalTime {
  return Math.floor(local / DAY) * DAY;
}

/** 1 = Monday ... 7 = Sunday. 1970-01-01 was a Thursday. */
export function localWeekday(local: LocalTime): number {
  return ((((Math.floor(local / DAY) + 3) % 7) + 7) % 7) + 1;
}

/** "19:00" (also "24:00") -> microseconds since midnight; NaN when it is no time of day. */
export function parseTimeOfDay(text: string): number {
  const found = /^(\d{1,2}):(\d{2})$/.exec(text);
  if (found === null) return NaN;
  const minutes = Number(found[1]) * 60 + Number(found[2]);
  return Number(found[2]) < 60 && minutes <= 1440 ? minutes * MINUTE : NaN;
}

/** "2026-01-05T07:00" (seconds allowed) -> the wall's reading; NaN when it is none. */
export function parseLocal(text: string): LocalTime {
  const found = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?))?$/.exec(text);
  if (found === null) return NaN;
  return Date.parse(`${found[1]}T${found[2] ?? '00:00'}Z`) * 1000;
}

/** Is this a time zone that the runtime knows? For validation of configuration. */
export function isTimeZone(zone: string): boolean {
  try {
    spanAt(zone, 0);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
