import { clock } from '../live/clock.js';
import type { Refusal } from '../wire.js';

/** A request that was answered, but not as hoped. `code` is the gateway's word; `offline` when nobody answered. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly body: Refusal,
  ) {
    super(`${status} ${body.code}`);
  }
  get code(): string {
    return this.body.code;
  }
}

interface Options {
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly timeoutMs?: number;
}

const onSignedOut = new Set<() => void>();
/** Hears that the session is gone (401 on anything but signing in). */
export function whenSignedOut(listener: () => void): () => void {
  onSignedOut.add(listener);
  return () => onSignedOut.delete(listener);
}

/** One request with the session's cookie. Throws `Refused` for every answer that is not 2xx, and for none. */
export async function call<T>(
  method: 'GET' | 'POST' | 'DELETE' | 'PUT',
  path: string,
  options: Options = {},
): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  if (options.idempotencyKey) headers['idempotency-key'] = options.idempotencyKey;
  const init: RequestInit = {
    method,
    headers,
    credentials: 'same-origin',
    signal: AbortSignal.timeout(options.timeoutMs ?? 10_000),
  };
  if (options.body !== undefined) init.body = JSON.stringify(options.body);
  const answer = await fetch(path, init).catch(() => {
    throw new Refused(0, { code: 'offline' });
  });
  clock.rough(Date.parse(answer.headers.get('date') ?? ''));
  const text = await answer.text().catch(() => '');
  const body: unknown = parse(text);
  if (answer.ok) return body as T;
  const refusal = isRefusal(body) ? body : { code: `http-${answer.status}` };
  if (answer.status === 401 && path !== '/v1/session') for (const listener of onSignedOut) listener();
  throw new Refused(answer.status, refusal);
}

export const get = <T>(path: string): Promise<T> => call<T>('GET', path);
export const post = <T>(path: string, body: unknown, idempotencyKey?: string): Promise<T> =>
  call<T>('POST', path, idempotencyKey ? { body, idempotencyKey } : { body });

/** Whether the gateway answers and serves, before anybody has signed in; sets the clock from its Date header. */
export async function probeReady(): Promise<boolean> {
  const answer = await fetch('/healthz/ready', { cache: 'no-store', signal: AbortSignal.timeout(4_000) }).catch(
    () => null,
  );
  clock.rough(Date.parse(answer?.headers.get('date') ?? ''));
  return answer?.ok ?? false;
}

function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
const isRefusal = (body: unknown): body is Refusal =>
  typeof body === 'object' && body !== null && typeof (body as { code?: unknown }).code === 'string';
