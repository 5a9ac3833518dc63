import { type ConfigDocument, type Instant, SECOND } from '@tocsin/domain';
import {
  beginAttempts,
  type ChannelWork,
  clockNow,
  insertDeliveries,
  loadAggregates,
  type Loaded,
  lockPagers,
  movePages,
  type PagerRow,
  pagesById,
  type PageRow,
  type PersonWork,
  postponeFreePages,
  postponePages,
  readPagers,
  together,
  transaction,
  type Tx,
  updatePagers,
  waitingOfPeople,
} from '@tocsin/store';
import { v7 } from 'uuid';
import { gravestOf, planChannels, type PlannedDelivery, planPeople } from './claim-deliveries-plan.js';
import { PageChanges } from './page-changes.js';
import { type Claim, type ClaimedDelivery, type PageContext, type Reach, resultGraceMs } from './page-context.js';
import type { HeldOptions } from '../patience.js';
import { type Addressee, reachOf } from './page-recipients.js';
import { pageEvent } from './page-event.js';
import { ackCode, codeHash } from './page-secrets.js';

/** Incidents that one claim locks, unless a single person has more: an acknowledgement of one of them waits for all. */
const locksPerClaim = 300;

/** As many of these people as one claim may take; the others belong to the next one. */
export function withinLocks(people: readonly PersonWork[]): PersonWork[] {
  let locks = 0;
  return people.filter(({ incidents }, index) => {
    locks += incidents.length;
    return index === 0 || locks <= locksPerClaim;
  });
}

type ReachOf = (of: Addressee) => Reach;

/**
 * Claim and attempt are one transaction (decisions.md section 6): incidents in id order, pager rows in order, the
 * choice, then delivery, attempt, event and pager. Nothing is sent before COMMIT; what is committed as `sending` and
 * never called is found by its time and sent again with the same key.
 */
export async function claimForPeople(
  context: PageContext,
  work: readonly PersonWork[],
  { skipsLocked = false, ...wait }: HeldOptions = {},
): Promise<Claim> {
  const { document } = await context.config.current();
  const { kind } = context.channel;
  const paged = await whoMayBePaged(context, document, work);
  if (paged.length === 0) return { deliveries: [], locked: [], chosenAtMs: performance.now(), config: document };
  const people = paged.map(({ person }) => person);
  const wanted = [...new Set(paged.flatMap(({ incidents }) => incidents))];
  const claiming = async (tx: Tx): Promise<Claim> => {
    const [loaded, pagers] = await together(loadAggregates(tx, wanted, { skipsLocked }), lockPagers(tx, kind, people));
    const chosenAtMs = performance.now();
    const [now, pages] = await together(clockNow(tx), waitingOfPeople(tx, kind, people, [...loaded.keys()]));
    const waiting = pages.filter((page) => isLive(page, loaded));
    const leavesOut = paged.filter((one) => isShort(one, loaded));
    const { plan, reach } = await choose({ context, q: tx }, document, { waiting, pagers, leavesOut, now });
    // crash-point: claim.before-write
    const [deliveries] = await together(
      writeClaim(tx, { context, loaded, reach, now, planned: plan.deliveries }),
      postponePages(tx, plan.postponed),
      updatePagers(
        tx,
        [...plan.pagers].map(([personId, pager]) => ({ personId, channel: kind, ...pager })),
      ),
    );
    // crash-point: claim.before-commit
    return { deliveries, locked: wanted.filter((id) => !loaded.has(id)), chosenAtMs, config: document };
  };
  return transaction(context.pool, claiming, wait);
}

/**
 * Those for whom something may go now, looked at without the locks of their incidents; what waits for the others is put
 * off until pace says. Most who are found have just been paged: their claims locked all of their incidents to send
 * nothing (19,400 rows in 25 s under 200 alerts/s, 2,000 since). A slot that is given back meanwhile (abandonDeliveries)
 * is found when the time has come, as it was under the locks.
 */
async function whoMayBePaged(
  context: PageContext,
  document: ConfigDocument,
  work: readonly PersonWork[],
): Promise<readonly PersonWork[]> {
  const people = work.map(({ person }) => person);
  const incidents = [...new Set(work.flatMap((one) => one.incidents))];
  const { kind } = context.channel;
  return transaction(context.pool, async (tx) => {
    const [pagers, waiting, now] = await together(
      readPagers(tx, kind, people),
      waitingOfPeople(tx, kind, people, incidents),
      clockNow(tx),
    );
    const leavesOut = work.filter((one) => one.leavesOut);
    const { plan } = await choose({ context, q: tx }, document, { waiting, pagers, leavesOut, now });
    const paged = new Set(plan.deliveries.map(({ target }) => target.id));
    const owner = new Map(waiting.map(({ id, target_id }) => [id, target_id]));
    await postponeFreePages(
      tx,
      plan.postponed.filter(({ id }) => !paged.has(owner.get(id) ?? '')),
    );
    return work.filter(({ person }) => paged.has(person));
  });
}

interface Choice {
  readonly waiting: readonly PageRow[];
  readonly pagers: ReadonlyMap<string, PagerRow>;
  /** Of whose pages not all are here. */
  readonly leavesOut: readonly PersonWork[];
  readonly now: Instant;
}

/** Which of these pages pace lets go now, and who can be reached by which rung. */
async function choose(
  store: { readonly context: PageContext; readonly q: Tx },
  document: ConfigDocument,
  { waiting, pagers, leavesOut, now }: Choice,
): Promise<{ plan: ReturnType<typeof planPeople>; reach: ReachOf }> {
  const reach = await reachOf(store, document, waiting.map(addresseeOf));
  const plan = planPeople({
    waiting,
    pagers: new Map(
      [...pagers].map(([person, row]) => [person, { sentAt: row.sent_at, lastCriticalAt: row.last_critical_at }]),
    ),
    isReachable: (id, rung) => reach({ kind: 'person', id, rung }).ok,
    leavesOut: new Set(leavesOut.map(({ person }) => person)),
    now,
  });
  return { plan, reach };
}

function isShort({ incidents, leavesOut }: PersonWork, loaded: ReadonlyMap<string, Loaded>): boolean {
  return leavesOut || incidents.some((id) => !loaded.has(id));
}

/** The same for targets that are channels: no pager, one delivery a page. */
export async function claimForChannels(
  context: PageContext,
  work: readonly ChannelWork[],
  { skipsLocked = false, ...wait }: HeldOptions = {},
): Promise<Claim> {
  const { document } = await context.config.current();
  const wanted = [...new Set(work.map(({ incident }) => incident))];
  const claiming = async (tx: Tx): Promise<Claim> => {
    const [loaded, now, pages] = await together(
      loadAggregates(tx, wanted, { skipsLocked }),
      clockNow(tx),
      pagesById(
        tx,
        work.map(({ id }) => id),
      ),
    );
    const chosenAtMs = performance.now();
    const waiting = pages.filter((page) => page.state === 'waiting' && isLive(page, loaded));
    const reach = await reachOf({ context, q: tx }, document, waiting.map(addresseeOf));
    const deliveries = await writeClaim(tx, { context, loaded, reach, now, planned: planChannels(waiting) });
    // crash-point: claim.channel-before-commit
    return { deliveries, locked: wanted.filter((id) => !loaded.has(id)), chosenAtMs, config: document };
  };
  return transaction(context.pool, claiming, wait);
}

/** May this page still be sent? Its run is running, or it is a notice, which no run fences. */
export function isLive(page: Pick<PageRow, 'run_id' | 'incident_id'>, loaded: ReadonlyMap<string, Loaded>): boolean {
  if (page.run_id === null) return loaded.has(page.incident_id);
  return (
    loaded.get(page.incident_id)?.aggregate.runs.some(({ id, state }) => id === page.run_id && state === 'running') ??
    false
  );
}

export function addresseeOf(page: PageRow): Addressee {
  return { kind: page.target_kind, id: page.target_id, rung: page.rung };
}

interface ClaimWrite {
  readonly context: PageContext;
  readonly loaded: ReadonlyMap<string, Loaded>;
  readonly reach: ReachOf;
  readonly now: Instant;
  readonly planned: readonly PlannedDelivery[];
}

async function writeClaim(tx: Tx, { context, loaded, reach, now, planned }: ClaimWrite): Promise<ClaimedDelivery[]> {
  if (planned.length === 0) return [];
  const changes = new PageChanges();
  const claimed = planned.map((plan) => {
    const one = claimOf(plan, { context, loaded, reach, now });
    for (const page of plan.pages) {
      changes.add(
        page.incident_id,
        pageEvent({ page, type: 'notification.sent', reason: plan.reason, deliveryId: one.id, attempt: 1 }),
      );
    }
    return one;
  });
  await together(
    movePages(
      tx,
      claimed.flatMap(({ id: deliveryId, pages }) =>
        pages.map(({ id }) => ({
          id,
          from: 'waiting' as const,
          to: 'sent' as const,
          deliveryId,
          reason: null,
          at: now,
        })),
      ),
    ),
    insertDeliveries(
      tx,
      claimed.map((one) => newDelivery(one, context)),
    ),
    beginAttempts(
      tx,
      claimed.map(({ id, ordinal }) => ({ deliveryId: id, ordinal, at: now })),
    ),
    changes.commit(tx, now, loaded),
  );
  return claimed;
}

function claimOf(plan: PlannedDelivery, { context, loaded, reach, now }: Omit<ClaimWrite, 'planned'>): ClaimedDelivery {
  const incidentIds = [...new Set(plan.pages.map(({ incident_id }) => incident_id))];
  return {
    id: v7(),
    ordinal: 1,
    channel: context.channel.kind,
    rung: plan.rung,
    target: plan.target,
    pages: plan.pages,
    incidents: incidentsOf(incidentIds, loaded),
    incidentIds,
    madeAt: now,
    reach: reach({ kind: plan.target.kind, id: plan.target.id, rung: plan.rung }),
  };
}

export function incidentsOf(ids: readonly string[], loaded: ReadonlyMap<string, Loaded>): ClaimedDelivery['incidents'] {
  return ids.flatMap((id) => {
    const one = loaded.get(id);
    return one ? [{ incident: one.aggregate.incident, number: one.number }] : [];
  });
}

/** When an attempt begun now counts as unknown. */
export function attemptEndsAt(now: Instant, deadlineMs: number): Instant {
  return now + ((deadlineMs + resultGraceMs) / 1_000) * SECOND;
}

function newDelivery(one: ClaimedDelivery, { channel, ackKey }: PageContext) {
  return {
    id: one.id,
    agency_id: one.incidents[0]?.incident.agency ?? '',
    target_kind: one.target.kind,
    target_id: one.target.id,
    channel: one.channel,
    rung: one.rung,
    severity: gravestOf(one.pages),
    notification_ids: one.pages.map(({ id }) => id),
    incident_ids: one.incidentIds,
    codeHash: one.target.kind === 'person' ? codeHash(ackCode(ackKey, one.id)) : null,
    madeAt: one.madeAt,
    actAt: attemptEndsAt(one.madeAt, channel.deadlineMs),
  };
}
