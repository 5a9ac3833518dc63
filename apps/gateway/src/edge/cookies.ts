import type { FastifyReply, FastifyRequest } from 'fastify';

/** The first cookie of this name, as RFC 6265 section 4.2 sends it; ours hold nothing that needs decoding. */
export function readCookie({ headers }: Pick<FastifyRequest, 'headers'>, name: string): string | undefined {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

export interface CookieOptions {
  readonly path: string;
  /** Seconds; 0 takes the cookie away. */
  readonly maxAgeS: number;
  readonly secure: boolean;
}

/** Never readable by scripts, never sent from other sites. `value` is base64url and dots. */
export function setCookie(
  reply: FastifyReply,
  name: string,
  value: string,
  { path, maxAgeS, secure }: CookieOptions,
): void {
  void reply.header(
    'set-cookie',
    `${name}=${value}; Max-Age=${maxAgeS}; Path=${path}; HttpOnly; ${secure ? 'Secure; ' : ''}SameSite=Strict`,
  );
}
