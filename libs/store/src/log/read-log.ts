import { type Instant, instantText } from '@tocsin/domain';
import type { AnchoredHead, Checkpoint } from './checkpoint.js';
import type { Anchor, FoundEvent } from './log-verifier.js';
import type { Tx } from '../pool.js';

const PORTION = 5_000;

/** Rows of a query in portions, through a portal of the transaction: the log does not fit into memory. */
async function* portal<Row extends object>(tx: Tx, name: string, text: string): AsyncGenerator<Row> {
  await tx.query(`DECLARE ${name} NO SCROLL CURSOR FOR ${text}`);
  for (;;) {
    const { rows } = await tx.query(`FETCH ${PORTION} FROM ${name}`);
    if (rows.length === 0) break;
    yield* rows as unknown as Row[];
  }
  await tx.query(`CLOSE ${name}`);
}

interface StoredEvent {
  readonly stream: string;
  readonly seq: string;
  readonly type: string;
  readonly at: Instant;
  readonly occurred_at: Instant | null;
  readonly actor_kind: FoundEvent['actorKind'];
  readonly actor_id: string;
  readonly on_behalf_of: string | null;
  readonly data: unknown;
  readonly reason: unknown;
  readonly salt: string | null;
  readonly body_hash: string;
  readonly hash: string;
  readonly reality: string;
  readonly agency_id: string;
  readonly site_id: string | null;
}

/** Every event, stream after stream, in order. */
export async function* readEvents(tx: Tx): AsyncGenerator<FoundEvent> {
  const text = `SELECT stream, seq, type, at, occurred_at, actor_kind, actor_id, on_behalf_of, data, reason, encode(salt, 'hex') AS salt,
      encode(body_hash, 'hex') AS body_hash, encode(hash, 'hex') AS hash, reality, agency_id, site_id FROM event ORDER BY stream, seq`;
  for await (const row of portal<StoredEvent>(tx, 'log_events', text)) {
    yield {
      stream: row.stream,
      seq: Number(row.seq),
      type: row.type,
      at: instantText(row.at),
      occurredAt: row.occurred_at === null ? null : instantText(row.occurred_at),
      actorKind: row.actor_kind,
      actorId: row.actor_id,
      onBehalfOf: row.on_behalf_of,
      reality: row.reality,
      agency: row.agency_id,
      site: row.site_id,
      data: row.data,
      reason: row.reason,
      salt: row.salt,
      bodyHash: row.body_hash,
      hash: row.hash,
    };
  }
}

/** What head rows and checkpoints say, in the order of streams; a stream's checkpoints rise. */
export async function* readAnchors(tx: Tx): AsyncGenerator<Anchor> {
  const text = `SELECT * FROM (
      SELECT id AS stream, head_seq AS seq, encode(head_hash, 'hex') AS hash, 'head' AS by FROM incident
      UNION ALL SELECT stream, seq, encode(hash, 'hex'), 'head' FROM stream_head
      UNION ALL SELECT (h->>0)::uuid, (h->>1)::bigint, h->>2, 'checkpoint' FROM checkpoint, jsonb_array_elements(heads) AS h) AS anchors
    ORDER BY stream, seq`;
  for await (const row of portal<Anchor & { seq: number | string }>(tx, 'log_anchors', text))
    yield { ...row, seq: Number(row.seq) };
}

export async function* readCheckpoints(tx: Tx): AsyncGenerator<Checkpoint> {
  const text = `SELECT ordinal, at, heads, encode(hash, 'hex') AS hash FROM checkpoint ORDER BY ordinal`;
  for await (const row of portal<{ ordinal: string; at: Instant; heads: AnchoredHead[]; hash: string }>(
    tx,
    'log_checkpoints',
    text,
  )) {
    yield { ...row, ordinal: Number(row.ordinal), at: instantText(row.at) };
  }
}
