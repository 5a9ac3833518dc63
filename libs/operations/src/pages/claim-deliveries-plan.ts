import { because, type Instant, pace, type Pager, paceLimits, type Reason, SECOND, severityRank } from '@tocsin/domain';
import type { PageRow } from '@tocsin/store';

/** One delivery to be: pages of one target by one rung. */
export interface PlannedDelivery {
  readonly target: { readonly kind: 'person' | 'channel'; readonly id: string };
  readonly rung: number;
  readonly pages: readonly PageRow[];
  readonly reason: Reason;
}

export interface PeoplePlan {
  readonly deliveries: readonly PlannedDelivery[];
  /** To be stored, of people for whom something was chosen under pace. */
  readonly pagers: ReadonlyMap<string, Pager>;
  readonly postponed: readonly { readonly id: string; readonly until: Instant }[];
}

export interface PeopleFacts {
  readonly waiting: readonly PageRow[];
  readonly pagers: ReadonlyMap<string, Pager>;
  /** false: every way by this rung is closed, so that the page fails at once and costs no pace. */
  readonly isReachable: (person: string, rung: number) => boolean;
  /** People of whose incidents somebody holds one, so that this claim cannot name all that waits for them. */
  readonly leavesOut: ReadonlySet<string>;
  readonly now: Instant;
}

/** So long a delivery beyond the limit waits for what it would leave out, which would wait for the next one: 30 s. */
const waitsForHeld = 2 * SECOND;

/** Who is sent what now. Pure: pace decides per person, what may not go yet is postponed until pace says. */
export function planPeople({ waiting, pagers, isReachable, leavesOut, now }: PeopleFacts): PeoplePlan {
  const deliveries: PlannedDelivery[] = [];
  const spent = new Map<string, Pager>();
  const postponed: { id: string; until: Instant }[] = [];
  for (const [person, own] of groupBy(waiting, (page) => page.target_id)) {
    const unreachable = own.filter((page) => !isReachable(person, page.rung));
    deliveries.push(
      ...byRung(person, unreachable, because('page-sent', { channel: own[0]?.channel ?? '', attempt: 1 })),
    );
    const reachable = own.filter((page) => isReachable(person, page.rung));
    if (reachable.length === 0) continue;
    const pager = pagers.get(person) ?? { sentAt: [], lastCriticalAt: null };
    const paced = pace(
      reachable.map(({ id, severity, due_at }) => ({ id, severity, dueAt: due_at })),
      pager,
      now,
    );
    // It stays due as it is: the sweeper finds it again.
    if (
      leavesOut.has(person) &&
      paced.reason.code === 'pace-critical' &&
      now < freeSince(reachable, pager) + waitsForHeld
    )
      continue;
    const chosen = new Set(paced.chosen);
    deliveries.push(
      ...byRung(
        person,
        reachable.filter(({ id }) => chosen.has(id)),
        paced.reason,
      ),
    );
    if (chosen.size > 0) spent.set(person, paced.pager);
    for (const { id, wait_until } of reachable)
      if (!chosen.has(id) && wait_until !== paced.nextAt) postponed.push({ id, until: paced.nextAt });
  }
  return { deliveries, pagers: spent, postponed };
}

/** Since when a delivery beyond the limit could have gone: the one before it is 30 s old, and a critical is due. */
function freeSince(pages: readonly PageRow[], { lastCriticalAt }: Pager): Instant {
  const due = Math.min(...pages.filter(({ severity }) => severity === 'critical').map(({ due_at }) => due_at));
  return lastCriticalAt === null ? due : Math.max(due, lastCriticalAt + paceLimits.criticalEvery);
}

function byRung(person: string, pages: readonly PageRow[], reason: Reason): PlannedDelivery[] {
  return [...groupBy(pages, (page) => page.rung)].map(([rung, own]) => ({
    target: { kind: 'person', id: person },
    rung,
    pages: own,
    reason,
  }));
}

/** Targets that are channels are not paced, and software wants one message for one page. */
export function planChannels(waiting: readonly PageRow[]): PlannedDelivery[] {
  return waiting.map((page) => ({
    target: { kind: 'channel', id: page.target_id },
    rung: page.rung,
    pages: [page],
    reason: because('page-sent', { channel: page.channel, attempt: 1 }),
  }));
}

/** The gravest of the pages: it decides the delivery's lane. */
export function gravestOf(pages: readonly PageRow[]): PageRow['severity'] {
  return pages.reduce<PageRow['severity']>(
    (gravest, { severity }) => (severityRank(severity) > severityRank(gravest) ? severity : gravest),
    'info',
  );
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const own = groups.get(keyOf(item));
    if (own) own.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
