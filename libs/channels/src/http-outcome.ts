import type { SendOutcome } from './channel.js';
import type { PostResult } from './guard/guarded-request.js';

/** The longest that we let a receiver put us off; beyond it we ask again. */
const longestRetryAfterMs = 15 * 60_000;

/**
 * What an HTTP receiver's answer means (RFC 9110, RFC 8030). 2xx taken; 404 and 410 the address is dead if `goneOn`
 * says so; 408, 425, 429 and 5xx try again; every other status, redirects included, would be the same the next time.
 */
export function httpOutcome(result: PostResult, options: { proof: boolean; goneOn: readonly number[] }): SendOutcome {
  switch (result.kind) {
    case 'refused':
      return { kind: 'refused-for-good', code: `address-${result.refusal}` };
    case 'failed':
      return { kind: result.sent ? 'unknown' : 'try-later', code: result.code };
    case 'answered':
      return statusOutcome(result, options);
  }
}

function statusOutcome(
  { status, headers }: Extract<PostResult, { kind: 'answered' }>,
  { proof, goneOn }: { proof: boolean; goneOn: readonly number[] },
): SendOutcome {
  const code = `http-${status}`;
  if (status >= 200 && status < 300) {
    return {
      kind: 'accepted',
      ...(headers.location ? { providerId: headers.location.slice(0, 200) } : {}),
      ...(proof ? { proof } : {}),
    };
  }
  if (goneOn.includes(status)) return { kind: 'refused-for-good', code, gone: true };
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    const retryAfterMs = parseRetryAfter(headers['retry-after'], Date.now());
    return { kind: 'try-later', code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  return { kind: 'refused-for-good', code };
}

/** Seconds or an HTTP date (RFC 9110 section 10.2.3) as milliseconds from `nowMs`, between 0 and 15 min; else undefined. */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const seconds = /^\s*\d+\s*$/.test(value) ? Number(value) : undefined;
  // Date.parse takes almost anything ("-5" is a year): only what ends as HTTP dates do.
  const ms = seconds === undefined ? (/GMT\s*$/.test(value) ? Date.parse(value) - nowMs : Number.NaN) : seconds * 1000;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), longestRetryAfterMs);
}
