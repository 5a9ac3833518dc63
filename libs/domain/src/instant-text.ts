import type { Instant } from './words.js';

/** UTC text with 6 decimals ("2026-11-24T22:39:00.123456Z"): the one form in events, hashes and on the wire. Years 0000-9999. */
export function instantText(instant: Instant): string {
  const ms = Math.floor(instant / 1000);
  const micros = String(instant - ms * 1000).padStart(3, '0');
  return `${new Date(ms).toISOString().slice(0, -1)}${micros}Z`;
}

const rfc3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,18}))?)?\s?(?:([Zz])|([+-])(\d{2})(?::?(\d{2}))?)$/;

/**
 * RFC 3339 with an offset (PostgreSQL's "2026-11-24 22:39:00+00" too) -> microseconds; null when it is no instant.
 * What is finer than a microsecond is cut off; a leap second counts as the last microsecond before it.
 */
export function parseInstant(text: string): Instant | null {
  const found = rfc3339.exec(text);
  if (found === null) return null;
  const [
    ,
    year,
    month,
    day,
    hour,
    minute,
    second = '00',
    fraction = '',
    utc,
    sign,
    offsetHours = '0',
    offsetMinutes = '0',
  ] = found;
  const leap = second === '60';
  const dayMs = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const sane =
    new Date(dayMs).getUTCDate() === Number(day) &&
    new Date(dayMs).getUTCMonth() === Number(month) - 1 &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    (Number(second) < 60 || leap) &&
    Number(offsetHours) < 24 &&
    Number(offsetMinutes) < 60;
  if (!sane) return null;
  const seconds = dayMs / 1000 + Number(hour) * 3600 + Number(minute) * 60 + (leap ? 59 : Number(second));
  const offset =
    utc === undefined ? (sign === '-' ? -1 : 1) * (Number(offsetHours) * 3600 + Number(offsetMinutes) * 60) : 0;
  const micros = leap ? 999_999 : Number(fraction.padEnd(6, '0').slice(0, 6));
  return (seconds - offset) * 1_000_000 + micros;
}
