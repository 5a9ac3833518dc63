import { ms } from '../live/clock.js';
import type { Incident } from '../wire.js';
import { compareRows, grade, isLive, isS1, isUntaken, type Grade } from './sections.js';

/** ISA-18.2: more than 10 alarms in 10 min for one operator is a flood; it ends under 5 (to be configurable). */
export const FLOOD_FROM = 10;
export const FLOOD_UNDER = 5;
/** A load that still fits the untaken band twice over is read row by row; only beyond it are rows grouped. */
export const GROUP_FROM = 12;

export interface Flood {
  /** Server time in ms of the first alarm of the flood. */
  readonly since: number;
}

/** Whether a flood begins, goes on or ends. Pure; `was` is the answer before. */
export function flood(was: Flood | null, incidents: readonly Incident[], nowMs: number): Flood | null {
  const tenMinutesAgo = new Date(nowMs - 600_000).toISOString();
  const recent = incidents.filter((i) => i.openedAt > tenMinutesAgo);
  const untaken = incidents.filter(isUntaken).length;
  if (was) return untaken <= FLOOD_UNDER || (recent.length < FLOOD_UNDER && untaken <= GROUP_FROM) ? null : was;
  if (recent.length <= FLOOD_FROM || untaken <= GROUP_FROM) return null;
  return { since: Math.min(...recent.map((i) => ms(i.openedAt))) };
}

/** Alarms of one site, cause and grade, shown as one row. S1 is never in a group. */
export interface Group {
  readonly key: string;
  readonly grade: Grade;
  readonly severity: Incident['severity'];
  readonly site: string | null;
  readonly category: string;
  readonly rows: readonly Incident[];
  readonly untaken: number;
  readonly oldest: Incident;
}

/** The lane of S1, one by one, and everything else grouped by site and cause: untaken first, then grade, then size. */
export function lanes(incidents: Iterable<Incident>): {
  readonly lane: readonly Incident[];
  readonly groups: readonly Group[];
} {
  const lane: Incident[] = [];
  const byKey = new Map<string, Incident[]>();
  for (const i of incidents) {
    if (!isLive(i)) continue;
    if (isS1(i)) lane.push(i);
    else {
      const key = `${grade(i)} ${i.site ?? ''} ${i.category}`;
      const rows = byKey.get(key);
      if (rows) rows.push(i);
      else byKey.set(key, [i]);
    }
  }
  lane.sort((a, b) => Number(isUntaken(b)) - Number(isUntaken(a)) || compareRows(a, b));
  const groups = [...byKey].map(([key, rows]) => group(key, rows.sort(compareRows)));
  return { lane, groups: groups.sort(compareGroups) };
}

function group(key: string, rows: readonly Incident[]): Group {
  const oldest = rows[0] as Incident;
  const untaken = rows.filter(isUntaken).length;
  return {
    key,
    rows,
    untaken,
    oldest,
    grade: grade(oldest),
    severity: oldest.severity,
    site: oldest.site,
    category: oldest.category,
  };
}

const gradeRank: Readonly<Record<Grade, number>> = { s1: 0, s2: 1, sys: 2, s3: 3, s4: 4 };
const compareGroups = (a: Group, b: Group): number =>
  Number(b.untaken > 0) - Number(a.untaken > 0) ||
  gradeRank[a.grade] - gradeRank[b.grade] ||
  b.rows.length - a.rows.length ||
  (a.key < b.key ? -1 : 1);
