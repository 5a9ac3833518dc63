import { hash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Refusal } from './refusal.js';
import type { Directory, Source, SourceDirectory } from './source-directory.js';

declare module 'fastify' {
  interface FastifyRequest {
    source: Source | null;
  }
}

/** Which `Authorization` a door understands: what its callers can send. */
export type Scheme = 'bearer' | 'basic';

/**
 * onRequest hook: whose token is this? Runs before the body is read, so a stranger cannot make us parse. Tokens are
 * known by their SHA-256 alone; the look-up is by hash and the comparison in constant time.
 */
export function authenticating(directory: SourceDirectory, schemes: readonly Scheme[]) {
  return (request: FastifyRequest, _reply: unknown, done: (error?: Error) => void): void => {
    const token = tokenOf(request.headers.authorization, schemes);
    if (token === null) return done(new Refusal('no-token'));
    const check = (known: Directory): void => {
      request.source = sourceOf(known, token);
      done(request.source === null ? new Refusal('wrong-token') : undefined);
    };
    const known = directory.fresh();
    if (known !== undefined) return check(known);
    directory.current().then(check, (error: Error) => done(error));
  };
}

function sourceOf({ byTokenHash }: Directory, token: string): Source | null {
  const shown = hash('sha256', token, 'hex');
  const source = byTokenHash.get(shown);
  return source !== undefined && timingSafeEqual(source.tokenHash, Buffer.from(shown, 'hex')) ? source : null;
}

/** The token in `Bearer <token>`, or as the password of `Basic <user:password>` (Alertmanager and Prometheus can send either). */
function tokenOf(header: string | undefined, schemes: readonly Scheme[]): string | null {
  if (header === undefined || header.length > 1_024) return null;
  const space = header.indexOf(' ');
  const scheme = header.slice(0, space).toLowerCase();
  const rest = header.slice(space + 1).trim();
  if (rest === '') return null;
  if (scheme === 'bearer' && schemes.includes('bearer')) return rest;
  if (scheme !== 'basic' || !schemes.includes('basic')) return null;
  const decoded = Buffer.from(rest, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 || colon === decoded.length - 1 ? null : decoded.slice(colon + 1);
}
