import { createHash } from 'node:crypto';
import { type DomainEvent, type Instant, instantText } from '@tocsin/domain';
import { chainEvents, insertEvents } from './append-events.js';
import { type Column, insertOf, run, updateOf } from '../column-arrays.js';
import type { Head } from '../incidents/load-aggregates.js';
import type { Tx } from '../pool.js';

/** A stream that is no incident's: the unit's configuration, one source, the sessions. */
export interface StreamName {
  readonly kind: 'config' | 'source' | 'session' | 'system';
  readonly name: string;
  readonly agency: string;
}

/** UUID v8 (RFC 9562: custom) from SHA-256 of kind, agency and name: any process knows it without asking. */
export function streamIdOf({ kind, agency, name }: StreamName): string {
  const bytes = createHash('sha256').update(`${kind}\n${agency}\n${name}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Adds events to one stream: see appendToStreams. */
export async function appendToStream(
  tx: Tx,
  now: Instant,
  stream: StreamName,
  events: readonly DomainEvent[],
): Promise<void> {
  await appendToStreams(tx, now, [{ stream, events }]);
}

export interface StreamAppend {
  readonly stream: StreamName;
  readonly events: readonly DomainEvent[];
  readonly reality?: string;
  readonly site?: string | null;
}

interface HeadWrite {
  readonly stream: string;
  readonly head: Head;
}

const insertHeads = insertOf<StreamName>(
  'stream_head',
  [
    { name: 'stream', type: 'uuid', of: streamIdOf },
    { name: 'agency_id', type: 'text', of: ({ agency }) => agency },
    { name: 'kind', type: 'text', of: ({ kind }) => kind },
    { name: 'name', type: 'text', of: ({ name }) => name },
  ],
  'ORDER BY r.stream ON CONFLICT DO NOTHING',
);
const headColumns: readonly Column<HeadWrite>[] = [
  { name: 'stream', type: 'uuid', of: ({ stream }) => stream },
  { name: 'seq', type: 'bigint', of: ({ head }) => head.seq },
  { name: 'hash', type: 'bytea', of: ({ head }) => head.hash },
  { name: 'at', type: 'timestamptz', of: ({ head }) => (head.at === null ? null : instantText(head.at)) },
];
const updateHeads = updateOf('stream_head', headColumns);

/**
 * Locks the heads in id order (made where missing) and adds the events. Stream heads are locked before incidents:
 * who holds an incident may only append to a stream whose head he had locked before (lockStreams).
 */
export async function appendToStreams(tx: Tx, now: Instant, appends: readonly StreamAppend[]): Promise<void> {
  const filled = appends.filter(({ events }) => events.length > 0);
  if (filled.length === 0) return;
  const heads = await lockStreams(
    tx,
    filled.map(({ stream }) => stream),
  );
  for (const growth of rounds(filled)) {
    const growths = growth.map(({ stream, events, reality, site }) => {
      const id = streamIdOf(stream);
      const head = heads.get(id) ?? { seq: 0, hash: null, at: null };
      return {
        stream: id,
        head,
        agency: stream.agency,
        reality: reality ?? 'actual',
        site: site ?? null,
        isIncident: false,
        events,
      };
    });
    const chained = chainEvents(now, growths);
    for (const [stream, head] of chained.heads) heads.set(stream, head);
    await insertEvents(tx, chained.rows);
  }
  await run(
    tx,
    updateHeads,
    [...heads].map(([stream, head]) => ({ stream, head })),
  );
}

/**
 * Makes the heads that do not exist yet and locks all of them in id order; answers where each stream stands, by its id.
 * `skipsLocked`: those that somebody holds are missing from the answer.
 */
export async function lockStreams(
  tx: Tx,
  streams: readonly StreamName[],
  { skipsLocked = false }: { readonly skipsLocked?: boolean } = {},
): Promise<Map<string, Head>> {
  const byId = new Map(streams.map((stream) => [streamIdOf(stream), stream]));
  await run(tx, insertHeads, [...byId.values()]);
  const { rows } = await tx.query<{ stream: string; seq: string; hash: Buffer | null; at: Instant | null }>({
    name: `lock stream heads${skipsLocked ? ' skipping' : ''}`,
    text: `SELECT stream, seq, hash, at FROM stream_head WHERE stream = ANY($1::uuid[]) ORDER BY stream FOR NO KEY UPDATE ${skipsLocked ? 'SKIP LOCKED' : ''}`,
    values: [[...byId.keys()]],
  });
  return new Map(rows.map(({ stream, seq, hash, at }) => [stream, { seq: Number(seq), hash, at }]));
}

/** A stream may be named several times (its events differ in site or reality): its second mention belongs to the next round. */
function rounds(appends: readonly StreamAppend[]): StreamAppend[][] {
  const result: StreamAppend[][] = [];
  const mentions = new Map<string, number>();
  for (const append of appends) {
    const id = streamIdOf(append.stream);
    const round = mentions.get(id) ?? 0;
    mentions.set(id, round + 1);
    (result[round] ??= []).push(append);
  }
  return result;
}
