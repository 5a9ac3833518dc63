import { alertLimits } from '@tocsin/contracts';
import type { FastifyRequest } from 'fastify';
import { Refusal } from './refusal.js';
import type { Source } from './source-directory.js';

/** Visible ASCII: what can be logged, compared and stored as it is. */
const visible = /^[\x21-\x7e]+$/;

export function idempotencyKeyOf({ headers }: FastifyRequest): string | null {
  const key = headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key !== 'string' || key.length > alertLimits.idempotencyKey || !visible.test(key))
    throw new Refusal('bad-idempotency-key');
  return key;
}

/** RFC 7240: `Prefer: respond-async, partial`. */
export function prefersPartial({ headers }: FastifyRequest): boolean {
  const prefer = headers['prefer'];
  if (prefer === undefined) return false;
  return String(prefer)
    .split(',')
    .some((preference) => preference.trim().toLowerCase().split(/[;=]/)[0]?.trim() === 'partial');
}

/** The source that `authenticating` found; a door without that hook is a bug. */
export function sourceOf(request: FastifyRequest): Source {
  if (request.source === null) throw new Error(`${request.url} is served without authentication`);
  return request.source;
}

/** Bodies come as they are: a compressed one could be a thousand times larger than it looks. */
export function refusedEncoding({ headers }: FastifyRequest): Refusal | undefined {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    return unsupported(`content-encoding ${encoding.slice(0, 40)} is refused`);
  const type = headers['content-type'];
  if (type === undefined || type === 'application/json') return undefined;
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(type)?.[1];
  const isUtf8 = charset === undefined || /^(utf-?8|us-ascii)$/i.test(charset);
  return isUtf8 ? undefined : unsupported(`charset ${charset.slice(0, 40)} is refused`);
}

const unsupported = (message: string): Refusal => new Refusal('unsupported-media-type', [{ path: '', message }]);
