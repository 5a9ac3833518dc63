import { createHash } from 'node:crypto';
import type { EventRow } from '../dumps/shapes';
import { canonicalJson } from './canonical-json';

/**
 * The hash chain of decisions.md section 4, hex in and out:
 * bodyHash = SHA-256(16-byte salt || RFC 8785 of {data, reason});
 * h(1) = SHA-256("v1" || 16 bytes of the stream's id || canonical), h(i) = SHA-256(32 bytes of h(i-1) || canonical).
 */
export function bodyHashOf({ data, reason, salt }: Pick<EventRow, 'data' | 'reason' | 'salt'>): string {
  return createHash('sha256')
    .update(Buffer.from(salt ?? '', 'hex'))
    .update(canonicalJson({ data, reason }))
    .digest('hex');
}

export function eventHashOf(event: EventRow, before: string | null): string {
  const start =
    before === null
      ? Buffer.concat([Buffer.from('v1'), Buffer.from(event.stream.replaceAll('-', ''), 'hex')])
      : Buffer.from(before, 'hex');
  return createHash('sha256').update(start).update(canonicalOf(event)).digest('hex');
}

function canonicalOf(event: EventRow): string {
  return canonicalJson({
    v: 1,
    stream: event.stream,
    seq: Number(event.seq),
    type: event.type,
    at: event.atText,
    occurredAt: event.occurredAtText ?? undefined,
    actorKind: event.actorKind,
    actorId: event.actorId,
    onBehalfOf: event.onBehalfOf ?? undefined,
    reality: event.reality,
    agency: event.agency,
    site: event.site ?? undefined,
    bodyHash: event.bodyHash,
  });
}
