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
const HASH_BYTES = 32;
const first = Buffer.from('v1', 'ascii');

const sha256 = (data: Buffer): Buffer => hash('sha256', data, 'buffer');

/** SHA-256(salt || RFC 8785({data, reason})), given the canonical texts of both. Without data, reason and salt the chain still verifies by it. */
export function bodyHashOf(salt: Buffer, data: string, reason: string): Buffer {
  const text = `{"data":${data},"reason":${reason}}`;
  const bytes = Buffer.allocUnsafe(SALT_BYTES + Buffer.byteLength(text));
  salt.copy(bytes, 0);
  bytes.write(text, SALT_BYTES, 'utf8');
  return sha256(bytes);
}

/** h(1) = SHA-256("v1" || 16 stream id bytes || canonical), h(i) = SHA-256(h(i-1) || canonical). */
export function chainHash(before: Buffer | null, envelope: Envelope, bodyHash: Buffer): Buffer {
  const prefix = before ?? Buffer.concat([first, streamBytes(envelope.stream)]);
  if (before !== null && before.length !== HASH_BYTES) throw new TypeError('a chain hash has 32 bytes');
  const canonical = canonicalEnvelope(envelope, bodyHash.toString('hex'));
  const bytes = Buffer.allocUnsafe(prefix.length + Buffer.byteLength(canonical));
  prefix.copy(bytes, 0);
  bytes.write(canonical, prefix.length, 'utf8');
  return sha256(bytes);
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

function streamBytes(stream: string): Buffer {
  const bytes = Buffer.from(stream.replaceAll('-', ''), 'hex');
  if (bytes.length !== 16) throw new TypeError(`not a UUID: ${stream}`);
  return bytes;
}
