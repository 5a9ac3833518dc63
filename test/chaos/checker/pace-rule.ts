import type { DeliveryRow, EventRow, NotificationRow } from '../dumps/shapes';
import type { Context } from './context';
import { grouped } from './context';
import { deadlineOf, windowWithin } from './disturbance';
import { codeOf } from './incident-log';

/** decisions.md section 6: deliveries to one person by one channel in any 10 min. */
export const paceLimit = 12;
const paceWindowMs = 600_000;
/** Every critical is named within this time of being due; beyond the limit one delivery per this time carries them. */
export const namedWithinMs = 30_000;
/** The same instant, once as a row's and once as it was compared. */
const roundingMs = 1;

export interface Paced {
  readonly delivery: DeliveryRow;
  /** How many of the limit were used in the 10 min before it. */
  readonly used: number;
  /** Beyond the limit: ms since the one before it that was. */
  readonly sinceBeyondMs: number | null;
}

const tapes = new WeakMap<Context, Map<string, readonly Paced[]>>();

const paceKey = ({ target, channel }: Pick<DeliveryRow, 'target' | 'channel'>): string => `${target} ${channel}`;

/**
 * Deliveries to people by person and channel, in order of time. An abandoned one has given its slot back; one that was
 * never called, because that way was closed, took none: it never arrived, and its event names no pace.
 */
export function pacedDeliveries(context: Context): ReadonlyMap<string, readonly Paced[]> {
  const known = tapes.get(context);
  if (known !== undefined) return known;
  const paced = pacedIds(context);
  const counted = context.dumps.sql.deliveries
    .filter(({ id, targetKind, state }) => targetKind === 'person' && state !== 'abandoned' && paced.has(id))
    .sort((a, b) => a.madeAt - b.madeAt);
  const tape = new Map([...grouped(counted, paceKey)].map(([key, deliveries]) => [key, countUsed(deliveries)]));
  tapes.set(context, tape);
  return tape;
}

function pacedIds({ arrivalsOf, dumps }: Context): Set<unknown> {
  const ids = new Set<unknown>(arrivalsOf.keys());
  for (const event of dumps.sql.events)
    if (event.type === 'notification.sent' && codeOf(event).startsWith('pace-')) ids.add(event.data?.['deliveryId']);
  return ids;
}

/** Criticals count among the 12 as long as there is room; beyond, they neither take nor wait for any. */
function countUsed(deliveries: readonly DeliveryRow[]): Paced[] {
  const within: number[] = [];
  let beyondAt = Number.NEGATIVE_INFINITY;
  return deliveries.map((delivery) => {
    const at = delivery.madeAt;
    while (within[0] !== undefined && within[0] <= at - paceWindowMs + roundingMs) within.shift();
    const used = within.length;
    if (used < paceLimit) {
      within.push(at);
      return { delivery, used, sinceBeyondMs: null };
    }
    const sinceBeyondMs = at - beyondAt;
    beyondAt = at;
    return { delivery, used, sinceBeyondMs };
  });
}

const queueTimes = new WeakMap<Context, ReadonlyMap<unknown, number>>();

/** Since when a page could have gone: due, and queued. A next way keeps the due time of the first, and is queued when that failed. */
export function waitsSince(context: Context, { id, dueAt }: NotificationRow): number {
  const known = queueTimes.get(context);
  const queuedAt = known ?? new Map(queuedEvents(context).map(({ data, at }) => [data?.['notificationId'], at]));
  if (known === undefined) queueTimes.set(context, queuedAt);
  return Math.max(dueAt, queuedAt.get(id) ?? dueAt);
}

const queuedEvents = ({ dumps }: Context): EventRow[] =>
  dumps.sql.events.filter(({ type }) => type === 'notification.queued');

/** May a page of lower rank rightly wait at `at`, because its person has had as many as pace allows? */
export function isPaceFull(context: Context, page: NotificationRow, at: number): boolean {
  const within = (pacedDeliveries(context).get(paceKey(page)) ?? []).filter(
    ({ sinceBeyondMs }) => sinceBeyondMs === null,
  );
  return (
    within.filter(({ delivery }) => delivery.madeAt > at - paceWindowMs && delivery.madeAt <= at).length >= paceLimit
  );
}

/**
 * By when a critical that is due at `dueAt` (of the database) must have been named, in ms of CLOCK_MONOTONIC. Where a fault
 * comes into those 30 s, they begin again when its window is over: the claim that it spoilt may have spent its turn.
 */
export function namedBy({ windows, toMonotonic }: Context, dueAt: number): number {
  const due = toMonotonic(dueAt);
  let by = deadlineOf(windows, due) + namedWithinMs;
  for (;;) {
    const window = windowWithin(windows, due, by);
    const next = Math.max(by, window === undefined ? by : deadlineOf(windows, window.to) + namedWithinMs);
    if (next === by) return by;
    by = next;
  }
}
