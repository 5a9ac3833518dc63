import type { Incident, Severity } from '../wire.js';

export type Grade = 's1' | 's2' | 's3' | 's4' | 'sys';
const gradeOf: Readonly<Record<Severity, Grade>> = { critical: 's1', high: 's2', medium: 's3', low: 's4', info: 's4' };
const rankOf: Readonly<Record<Severity, number>> = { critical: 0, high: 1, medium: 2, low: 3, info: 4 };

/** Which mark a row carries: the product's own faults have a shape of their own, whatever their severity. */
export const grade = (i: Incident): Grade => (i.class === 'system' ? 'sys' : gradeOf[i.severity]);

/** Untaken: it still asks for a hand (paging runs, or came back). Taken: somebody has it. */
export const isUntaken = (i: Incident): boolean => i.state === 'open';
export const isLive = (i: Incident): boolean => i.state === 'open' || i.state === 'acknowledged';
export const isS1 = (i: Incident): boolean => grade(i) === 's1';

/** Wire instants are UTC text of one length: their order is that of the text, and no date is parsed for it. */
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Severity (our own fault after an alarm of the same grade), then the oldest. Total: two rows are never equal. */
export function compareRows(a: Incident, b: Incident): number {
  const rank = (i: Incident): number => rankOf[i.severity] + (i.class === 'system' ? 0.5 : 0);
  return rank(a) - rank(b) || compareText(a.openedAt, b.openedAt) || compareText(a.id, b.id);
}

export interface Sections {
  readonly untaken: readonly Incident[];
  readonly mine: readonly Incident[];
  readonly taken: readonly Incident[];
  readonly resolved: readonly Incident[];
}

/** The queue of one person: every incident that is not closed stands in exactly one list. */
export function sections(incidents: Iterable<Incident>, me: string | null): Sections {
  const untaken: Incident[] = [];
  const mine: Incident[] = [];
  const taken: Incident[] = [];
  const resolved: Incident[] = [];
  for (const i of incidents) {
    if (i.state === 'open') untaken.push(i);
    else if (i.state === 'acknowledged') (i.owner !== null && i.owner === me ? mine : taken).push(i);
    else if (i.state === 'resolved') resolved.push(i);
  }
  for (const list of [untaken, mine, taken]) list.sort(compareRows);
  resolved.sort(
    (a, b) => compareText(b.resolvedAt ?? b.openedAt, a.resolvedAt ?? a.openedAt) || compareText(a.id, b.id),
  );
  return { untaken, mine, taken, resolved };
}

export interface Tally {
  readonly total: number;
  readonly untaken: number;
}
export interface Counts {
  readonly by: Readonly<Record<Grade, Tally>>;
  readonly open: number;
  readonly mine: number;
  /** The untaken one that has waited longest. */
  readonly oldestUntaken: Incident | null;
  /** Opened in the ten minutes before now; 0 while nobody knows what time it is. */
  readonly load: number;
}

/** The numbers of the count bar, from the same rows as the queue: the two cannot disagree. */
export function counts(incidents: Iterable<Incident>, me: string | null, nowMs: number | null): Counts {
  const by: Record<Grade, { total: number; untaken: number }> = {
    s1: { total: 0, untaken: 0 },
    s2: { total: 0, untaken: 0 },
    s3: { total: 0, untaken: 0 },
    s4: { total: 0, untaken: 0 },
    sys: { total: 0, untaken: 0 },
  };
  const tenMinutesAgo = nowMs === null ? null : new Date(nowMs - 600_000).toISOString();
  let mine = 0;
  let open = 0;
  let load = 0;
  let oldestUntaken: Incident | null = null;
  for (const i of incidents) {
    if (tenMinutesAgo !== null && i.openedAt > tenMinutesAgo) load += 1;
    if (!isLive(i)) continue;
    open += 1;
    const tally = by[grade(i)];
    tally.total += 1;
    if (i.state === 'acknowledged' && i.owner !== null && i.owner === me) mine += 1;
    if (!isUntaken(i)) continue;
    tally.untaken += 1;
    if (!oldestUntaken || i.openedAt < oldestUntaken.openedAt) oldestUntaken = i;
  }
  return { by, open, mine, oldestUntaken, load };
}
