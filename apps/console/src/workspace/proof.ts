import { ms } from '../live/clock.js';
import type { Assignment, Delivery, Incident, LiveEvent } from '../wire.js';

export type Square = 'full' | 'empty' | 'missing';
export interface Proof {
  readonly key: string;
  readonly person: string | null;
  readonly target: string | null;
  readonly channel: string;
  readonly tries: number;
  /** Milliseconds; null: not (yet) proven. */
  readonly sentAt: number | null;
  readonly deliveredAt: number | null;
  readonly seenAt: number | null;
  readonly acceptedAt: number | null;
  readonly sent: Square;
  readonly device: Square;
  readonly state: Delivery['state'];
  readonly assignment: Assignment | null;
  readonly reason: Delivery['reason'];
}

/** A push that has not proved itself on the device after this long is expected and missing; mail never proves anything. */
const RECEIPT_MS = 10_000;

/**
 * Delivery proof per person: the newest notification of each person or channel, with the earliest proof of all of them,
 * in the order in which they were first due. Pure; `nowMs` is the server's clock.
 */
export function proofs(
  i: Incident,
  deliveries: readonly Delivery[],
  events: readonly LiveEvent[],
  nowMs: number,
): readonly Proof[] {
  const byTarget = new Map<string, Delivery[]>();
  for (const d of deliveries) {
    const key = d.person ?? d.target ?? d.id;
    const list = byTarget.get(key);
    if (list) list.push(d);
    else byTarget.set(key, [d]);
  }
  const rows = [...byTarget].map(([key, tries]) => proof(key, tries, i, events, nowMs));
  for (const a of i.assignments ?? []) {
    if (!byTarget.has(a.person)) rows.push(bare(a, events));
  }
  return rows;
}

const earliest = (tries: readonly Delivery[], of: (d: Delivery) => string | null | undefined): number | null => {
  const times = tries.flatMap((d) => of(d) ?? []).map(ms);
  return times.length === 0 ? null : Math.min(...times);
};

function proof(
  key: string,
  tries: readonly Delivery[],
  i: Incident,
  events: readonly LiveEvent[],
  nowMs: number,
): Proof {
  const newest = [...tries]
    .sort((a, b) => (a.sentAt ?? a.queuedAt ?? '').localeCompare(b.sentAt ?? b.queuedAt ?? ''))
    .at(-1) as Delivery;
  const sentAt = earliest(tries, (d) => d.sentAt);
  const seenAt = earliest(tries, (d) => d.seenAt ?? d.acknowledgedAt);
  const deliveredAt = earliest(tries, (d) => d.deliveredAt) ?? seenAt;
  const expected = tries.some((d) => d.channel === 'push');
  const late = expected && sentAt !== null && nowMs - sentAt > RECEIPT_MS;
  return {
    key,
    person: newest.person ?? null,
    target: newest.target ?? null,
    channel: newest.channel,
    tries: tries.reduce((n, d) => n + Math.max(1, d.attempt ?? 1), 0),
    sentAt,
    deliveredAt,
    seenAt,
    acceptedAt: acceptedAt(newest.person ?? null, events),
    sent: sentAt === null ? 'empty' : tries.every((d) => d.state === 'failed') ? 'missing' : 'full',
    device: deliveredAt !== null ? 'full' : late ? 'missing' : 'empty',
    state: newest.state,
    assignment: i.assignments?.findLast((a) => a.person === newest.person) ?? null,
    reason: newest.reason ?? null,
  };
}

function bare(a: Assignment, events: readonly LiveEvent[]): Proof {
  const none = {
    sentAt: null,
    sent: 'empty',
    deliveredAt: null,
    seenAt: null,
    device: 'empty',
    state: 'waiting',
    tries: 0,
    channel: '',
    target: null,
  } as const;
  return {
    ...none,
    key: a.person,
    person: a.person,
    acceptedAt: acceptedAt(a.person, events),
    assignment: a,
    reason: null,
  };
}

function acceptedAt(person: string | null, events: readonly LiveEvent[]): number | null {
  if (!person) return null;
  const event = events.findLast(
    (e) => e.type === 'assignment.accepted' && (e.data?.['person'] ?? e.onBehalfOf ?? e.actor.id) === person,
  );
  return event ? ms(event.occurredAt ?? event.at) : null;
}
