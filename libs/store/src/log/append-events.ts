import { randomBytes } from 'node:crypto';
import { type DomainEvent, type Instant, instantText } from '@tocsin/domain';
import { canonicalJson } from './canonical-json.js';
import { type Column, insertOf, run } from '../column-arrays.js';
import { bodyHashOf, chainHash, type Envelope, SALT_BYTES } from './hash-event.js';
import type { Head } from '../incidents/load-aggregates.js';
import type { Tx } from '../pool.js';

/** A stream whose lock is held, and what is to be added to it. */
export interface StreamGrowth {
  readonly stream: string;
  readonly head: Head;
  readonly agency: string;
  readonly reality: string;
  readonly site: string | null;
  readonly isIncident: boolean;
  readonly events: readonly DomainEvent[];
}

export interface EventRow extends Envelope {
  readonly isIncident: boolean;
  readonly data: string;
  readonly reason: string;
  /** These three in hex. */
  readonly salt: string;
  readonly bodyHash: string;
  readonly hash: string;
}

export interface Chained {
  readonly rows: readonly EventRow[];
  /** The new heads, by stream. */
  readonly heads: ReadonlyMap<string, Head>;
}

/**
 * Numbers and hashes the events of each stream from its head on. Law: seq is gap-free, `at` = max(head.at, now) never
 * goes back within a stream, and each hash covers the one before.
 */
export function chainEvents(now: Instant, growths: readonly StreamGrowth[]): Chained {
  const count = growths.reduce((sum, { events }) => sum + events.length, 0);
  const salts = randomBytes(SALT_BYTES * count).toString('hex');
  const rows: EventRow[] = [];
  const heads = new Map<string, Head>();
  for (const growth of growths) {
    const at = Math.max(growth.head.at ?? now, now);
    const atText = instantText(at);
    let { seq } = growth.head;
    let before = growth.head.hash?.toString('hex') ?? null;
    for (const event of growth.events) {
      seq += 1;
      const offset = rows.length * SALT_BYTES * 2;
      const row = rowOf(growth, event, { seq, at: atText, before, salt: salts.slice(offset, offset + SALT_BYTES * 2) });
      rows.push(row);
      before = row.hash;
    }
    const grown = growth.events.length > 0 && before !== null;
    heads.set(growth.stream, grown ? { seq, hash: Buffer.from(before ?? '', 'hex'), at } : growth.head);
  }
  return { rows, heads };
}

function rowOf(
  growth: StreamGrowth,
  event: DomainEvent,
  place: { seq: number; at: string; before: string | null; salt: string },
): EventRow {
  const data = canonicalJson(event.data);
  const reason = canonicalJson(event.reason);
  // One literal: built by spreading an envelope it took a third of the chain's time.
  const row = {
    stream: growth.stream,
    seq: place.seq,
    type: event.type,
    at: place.at,
    occurredAt: event.occurredAt === undefined ? null : instantText(event.occurredAt),
    actorKind: event.actor.kind,
    actorId: event.actor.id,
    onBehalfOf: event.onBehalfOf ?? null,
    reality: growth.reality,
    agency: growth.agency,
    site: growth.site,
    isIncident: growth.isIncident,
    data,
    reason,
    salt: place.salt,
    bodyHash: bodyHashOf(place.salt, data, reason),
    hash: '',
  };
  row.hash = chainHash(place.before, row, row.bodyHash);
  return row;
}

const columns: readonly Column<EventRow>[] = [
  { name: 'stream', type: 'uuid', of: (row) => row.stream },
  { name: 'seq', type: 'bigint', of: (row) => row.seq },
  { name: 'type', type: 'text', of: (row) => row.type },
  { name: 'at', type: 'timestamptz', of: (row) => row.at },
  { name: 'occurred_at', type: 'timestamptz', of: (row) => row.occurredAt },
  { name: 'actor_kind', type: 'text', of: (row) => row.actorKind },
  { name: 'actor_id', type: 'text', of: (row) => row.actorId },
  { name: 'on_behalf_of', type: 'uuid', of: (row) => row.onBehalfOf },
  { name: 'data', type: 'jsonb', of: (row) => row.data },
  { name: 'reason', type: 'jsonb', of: (row) => row.reason },
  { name: 'salt', type: 'text', of: (row) => row.salt, as: `decode(r.salt, 'hex')` },
  { name: 'body_hash', type: 'text', of: (row) => row.bodyHash, as: `decode(r.body_hash, 'hex')` },
  { name: 'hash', type: 'text', of: (row) => row.hash, as: `decode(r.hash, 'hex')` },
  { name: 'reality', type: 'text', of: (row) => row.reality },
  { name: 'agency_id', type: 'text', of: (row) => row.agency },
  { name: 'site_id', type: 'text', of: (row) => row.site },
  { name: 'incident', type: 'boolean', of: (row) => row.isIncident },
];
const insertEventRows = insertOf('event', columns);

/** In the order given, so that `position` rises with seq in every stream. */
export async function insertEvents(tx: Tx, rows: readonly EventRow[]): Promise<void> {
  await run(tx, insertEventRows, rows);
}
