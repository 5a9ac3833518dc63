/** Times as the desk shows them: 24 h, western digits, the unit's zone named. */
const ZONE = 'Asia/Karachi';
export const ZONE_NAME = 'PKT';

const clockOf = (timeZone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
const local = clockOf(ZONE);
const utc = clockOf('UTC');
const day = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, day: 'numeric', month: 'short', year: 'numeric' });

/** 02:14:07 in the unit's zone. */
export const localTime = (atMs: number): string => local.format(atMs);
export const utcTime = (atMs: number): string => utc.format(atMs);
export const localMinute = (atMs: number): string => local.format(atMs).slice(0, 5);
export const localDay = (atMs: number): string => day.format(atMs);

/** 03:10, from one hour on 1:12:09. Never negative. */
export function age(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const hours = Math.floor(s / 3600);
  return hours > 0
    ? `${hours}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`
    : `${two(Math.floor(s / 60))}:${two(s % 60)}`;
}

/** "+4.4 s", at most one decimal, none from ten seconds on; from a minute on "+1:12". The space does not break. */
export function offset(ms: number): string {
  const s = Math.max(0, ms) / 1000;
  if (s >= 60) return `+${age(ms)}`;
  return `+${s < 10 ? Number(s.toFixed(1)) : Math.round(s)}\u00a0s`;
}

/** 1,003: a comma in all languages. */
const grouped = new Intl.NumberFormat('en-US');
export const count = (n: number): string => (n < 1_000 ? String(n) : grouped.format(n));
