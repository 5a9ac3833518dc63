import { hash } from 'node:crypto';
import type { ActorKind } from '@tocsin/domain';
import { canonicalJson } from './canonical-json.js';

/** What the chain's hash covers, instants as UTC text with 6 decimals (decisions.md section 4). */
export interface Envelope {
  readonly stream: string;
  readonly seq: number;
  readonly type: string;
  readonly at: string;
  readonly occurredAt: string | null;
  readonly actorKind: ActorKind;
  readonly actorId: string;
  readonly onBehalfOf: string | null;
  readonly reality: string;
  readonly agency: string;
  readonly site: string | null;
}

export const SALT_BYTES = 16;
const HASH_DIGITS = 64;

/** Grown when needed, never shared across an await: a buffer of its own per event costs more in collection than the hash. */
let scratch = Buffer.allocUnsafe(16_384);

/**
 * SHA-256(salt || RFC 8785({data, reason})) in hex, given the salt in hex and the canonical texts of both. Without data,
 * reason and salt the chain still verifies by it.
 */
export function bodyHashOf(salt: string, data: string, reason: string): string {
  return hashOf(salt, `{"data":${data},"reason":${reason}}`);
}

/** In hex: h(1) = SHA-256("v1" || 16 stream id bytes || canonical), h(i) = SHA-256(32 bytes of h(i-1) || canonical). */
export function chainHash(before: string | null, envelope: Envelope, bodyHash: string): string {
  if (before !== null && before.length !== HASH_DIGITS) throw new TypeError('a chain hash has 32 bytes');
  return hashOf(before ?? firstPrefix(envelope.stream), canonicalEnvelope(envelope, bodyHash));
}

/** RFC 8785 of the envelope with v and bodyHash, its members written in the order to which sorting would bring them (a spec compares). */
export function canonicalEnvelope(envelope: Envelope, bodyHash: string): string {
  const { stream, seq, type, at, occurredAt, actorKind, actorId, onBehalfOf, reality, agency, site } = envelope;
  return (
    `{"actorId":${canonicalJson(actorId)},"actorKind":"${actorKind}","agency":${canonicalJson(agency)},"at":"${at}","bodyHash":"${bodyHash}"` +
    (occurredAt === null ? '' : `,"occurredAt":"${occurredAt}"`) +
    (onBehalfOf === null ? '' : `,"onBehalfOf":${canonicalJson(onBehalfOf)}`) +
    `,"reality":${canonicalJson(reality)},"seq":${seq}` +
    (site === null ? '' : `,"site":${canonicalJson(site)}`) +
    `,"stream":"${stream}","type":${canonicalJson(type)},"v":1}`
  );
}

/** "v1" and the 16 bytes of the stream's id, in hex. */
function firstPrefix(stream: string): string {
  const digits = stream.replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/.test(digits)) throw new TypeError(`not a UUID: ${stream}`);
  return `7631${digits}`;
}

function hashOf(prefixHex: string, text: string): string {
  const prefixBytes = prefixHex.length / 2;
  // A UTF-16 code unit is at most 3 bytes of UTF-8.
  const most = prefixBytes + text.length * 3;
  if (scratch.length < most) scratch = Buffer.allocUnsafe(most * 2);
  scratch.write(prefixHex, 0, 'hex');
  const length = prefixBytes + scratch.write(text, prefixBytes, 'utf8');
  return hash('sha256', scratch.subarray(0, length), 'hex');
}
