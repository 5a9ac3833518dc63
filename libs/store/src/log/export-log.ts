import type { Checkpoint } from './checkpoint.js';
import { type Anchor, bad, type FoundEvent, LogVerifier } from './log-verifier.js';
import type { Pool } from '../pool.js';
import { readAnchors, readCheckpoints, readEvents } from './read-log.js';
import { transaction } from '../transaction.js';
import { CheckpointVerifier, type Verdict } from './verify-log.js';

/** One line of an export: JSON. Heads and checkpoints stand before the events, so that one reading verifies. */
type Line = { readonly head: Anchor } | { readonly checkpoint: Checkpoint } | { readonly event: FoundEvent };

/**
 * The whole log as lines of JSON in one snapshot, for `verifyExport` on any other machine. `write` gets one line after
 * the other, without its line feed.
 */
export async function exportLog(pool: Pool, write: (line: string) => void | Promise<void>): Promise<void> {
  const line = (value: Line): void | Promise<void> => write(JSON.stringify(value));
  await transaction(
    pool,
    async (tx) => {
      await tx.query('SET LOCAL statement_timeout = 0');
      for await (const checkpoint of readCheckpoints(tx)) await line({ checkpoint });
      for await (const head of readAnchors(tx)) if (head.by === 'head') await line({ head });
      for await (const event of readEvents(tx)) await line({ event });
    },
    { isolation: 'REPEATABLE READ', readOnly: true, attempts: 1 },
  );
}

/**
 * Verifies an export without its database: the same re-computation as `verifyLog`. Lines of events alone verify too,
 * but nothing then tells that a stream's end was cut off.
 */
export async function verifyExport(lines: Iterable<string> | AsyncIterable<string>): Promise<Verdict> {
  const verifier = new LogVerifier();
  const chain = new CheckpointVerifier();
  let hasHeads = false;
  let at = 0;
  for await (const text of lines) {
    at += 1;
    if (text.trim() === '') continue;
    const line = lineOf(text);
    const broken = line === null ? bad('line', at, 'not-json') : tell(line, verifier, chain);
    if (broken !== null) return { ok: false, firstBad: broken };
    hasHeads ||= line !== null && 'head' in line;
  }
  const broken = verifier.endAll(hasHeads);
  if (broken !== null) return { ok: false, firstBad: broken };
  return {
    ok: true,
    streams: verifier.streams,
    events: verifier.events,
    redacted: verifier.redacted,
    checkpoints: chain.count,
    head: chain.head,
  };
}

function tell(line: Line, verifier: LogVerifier, chain: CheckpointVerifier) {
  if ('event' in line) return verifier.event(line.event);
  if ('head' in line) {
    verifier.anchor(line.head);
    return null;
  }
  const broken = chain.checkpoint(line.checkpoint);
  if (broken === null)
    for (const [stream, seq, hash] of line.checkpoint.heads) verifier.anchor({ stream, seq, hash, by: 'checkpoint' });
  return broken;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const digest = /^[0-9a-f]{64}$/;

/** null: neither event, head nor checkpoint. Only the form is looked at, so that hashing cannot fail; hashes judge the rest. */
function lineOf(text: string): Line | null {
  try {
    const value = JSON.parse(text) as { event?: unknown; head?: unknown; checkpoint?: unknown } | null;
    if (isEvent(value?.event)) return { event: value.event };
    if (isAnchor(value?.head)) return { head: { ...value.head, by: 'head' } };
    return isCheckpoint(value?.checkpoint) ? { checkpoint: value.checkpoint } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string' && value.isWellFormed();
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const matches = (form: RegExp, value: unknown): boolean => typeof value === 'string' && form.test(value);

function isEvent(value: unknown): value is FoundEvent {
  if (!isRecord(value)) return false;
  const {
    stream,
    seq,
    type,
    at,
    occurredAt,
    actorKind,
    actorId,
    onBehalfOf,
    reality,
    agency,
    site,
    salt,
    bodyHash,
    hash,
  } = value;
  return (
    matches(uuid, stream) &&
    Number.isSafeInteger(seq) &&
    matches(digest, bodyHash) &&
    matches(digest, hash) &&
    [type, at, actorKind, actorId, reality, agency].every(isText) &&
    [occurredAt, onBehalfOf, site].every(isTextOrNull) &&
    (salt === null || matches(/^[0-9a-f]{32}$/, salt)) &&
    isWhole(value.data) &&
    isWhole(value.reason)
  );
}

/** As JSON.stringify writes one: an escape that no backslash before it makes a text. */
const loneSurrogate = /(?<!\\)(?:\\\\)*\\ud[89a-f]/i;

/** null after a redaction, or an object that canonical JSON can hold: JSON text may escape a lone surrogate. */
function isWhole(value: unknown): boolean {
  return value === null || (isRecord(value) && !loneSurrogate.test(JSON.stringify(value)));
}

function isAnchor(value: unknown): value is Anchor {
  return (
    isRecord(value) &&
    matches(uuid, value.stream) &&
    Number.isSafeInteger(value.seq) &&
    (value.hash === null || matches(digest, value.hash))
  );
}

function isCheckpoint(value: unknown): value is Checkpoint {
  if (!isRecord(value)) return false;
  const { ordinal, at, heads, hash } = value;
  const isHead = (head: unknown): boolean =>
    Array.isArray(head) && isAnchor({ stream: head[0], seq: head[1], hash: head[2] });
  return (
    Number.isSafeInteger(ordinal) && isText(at) && matches(digest, hash) && Array.isArray(heads) && heads.every(isHead)
  );
}
