import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type AddressRefusal, type AllowHosts, checkAddress } from './check-address.js';
import { AddressRefused, type GuardedAgents } from './guarded-agents.js';

export interface GuardedPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: Buffer | string;
  readonly signal: AbortSignal;
}

export type PostResult =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: IncomingMessage['headers'] }
  | { readonly kind: 'refused'; readonly refusal: AddressRefusal }
  /** `sent`: the whole request had left when it failed, so the other side may have acted on it. */
  | { readonly kind: 'failed'; readonly sent: boolean; readonly code: string };

/** Of an answer only the status and the headers are used; its body is let through this far, to keep the connection. */
const bodyLimitBytes = 16_384;
const bodyWithinMs = 2_000;
/** The answer's headers: node's own limit is 16 KiB; an endless trickle of them ends with the signal. */
const headerLimitBytes = 8_192;

/**
 * POST through the guard: address judged, socket pinned to the judged resolution, redirects never followed, answer
 * bounded in size and time. Never throws. A kept connection that the other side had closed in the meantime is tried
 * once more on a fresh one (RFC 9110 section 9.2.2: the receiver knows a repeat by its key).
 */
export async function guardedPost(
  post: GuardedPost,
  agents: GuardedAgents,
  allowHosts: AllowHosts,
): Promise<PostResult> {
  const check = checkAddress(post.url, allowHosts);
  if (!check.ok) return { kind: 'refused', refusal: check.refusal };
  const first = await postOnce(post, check.url, agents, check.vouched);
  if (first.result.kind === 'failed' && first.staleConnection && !post.signal.aborted) {
    return (await postOnce(post, check.url, agents, check.vouched)).result;
  }
  return first.result;
}

interface Tried {
  readonly result: PostResult;
  readonly staleConnection: boolean;
}

function postOnce(post: GuardedPost, url: URL, agents: GuardedAgents, vouched: boolean): Promise<Tried> {
  return new Promise((resolve) => {
    if (post.signal.aborted) {
      return resolve({ result: { kind: 'failed', sent: false, code: abortCode(post.signal) }, staleConnection: false });
    }
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, {
      method: 'POST',
      agent: agents.for(url.protocol, vouched),
      headers: { ...post.headers, 'content-length': Buffer.byteLength(post.body) },
      maxHeaderSize: headerLimitBytes,
    });
    const settle = settleOnce(request, post.signal, resolve);
    request.once('response', (response) => {
      settle({ kind: 'answered', status: response.statusCode ?? 0, headers: response.headers }, false);
      drain(response);
    });
    request.once('error', (error) => settle(failure(error, request), isStale(error, request)));
    request.end(post.body);
  });
}

/** The first of answer, error and abort wins; later ones are nobody's business. */
function settleOnce(request: ClientRequest, signal: AbortSignal, resolve: (tried: Tried) => void) {
  const abort = () => {
    settle({ kind: 'failed', sent: request.writableFinished, code: abortCode(signal) }, false);
    request.destroy();
  };
  let settled = false;
  const settle = (result: PostResult, staleConnection: boolean): void => {
    if (settled) return;
    settled = true;
    signal.removeEventListener('abort', abort);
    resolve({ result, staleConnection });
  };
  signal.addEventListener('abort', abort, { once: true });
  return settle;
}

function failure(error: Error & { code?: string }, request: ClientRequest): PostResult {
  if (error instanceof AddressRefused) return { kind: 'refused', refusal: 'not-public' };
  return { kind: 'failed', sent: request.writableFinished, code: error.code ?? error.name };
}

function isStale(error: Error & { code?: string }, request: ClientRequest): boolean {
  return request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

function abortCode(signal: AbortSignal): string {
  return (signal.reason as Error | undefined)?.name === 'TimeoutError' ? 'timeout' : 'aborted';
}

function drain(response: IncomingMessage): void {
  let bytes = 0;
  const timer = setTimeout(() => response.destroy(), bodyWithinMs);
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > bodyLimitBytes) response.destroy();
  });
  // A body that is cut short after its status has nothing to tell us.
  response.on('error', () => undefined);
  response.once('close', () => clearTimeout(timer));
}
