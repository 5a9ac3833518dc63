import { Agent, request } from 'node:http';

export interface Post {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly token: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}
/** `status` is absent where the whole answer did not come: cut, refused, or silence for `timeoutMs`. */
export interface Answered {
  readonly status?: number;
  readonly retryAfterS?: number;
  readonly body: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, timeout: 60_000 });
const patienceMs = 5_000;

/** One HTTP request. Never throws: what happened is the answer. */
export function post({
  url,
  method = 'POST',
  token,
  body = '',
  headers = {},
  timeoutMs = patienceMs,
}: Post): Promise<Answered> {
  return new Promise((resolve) => {
    const sent = request(url, {
      method,
      agent,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        ...headers,
      },
    });
    const settle = (answer: Answered): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    const timer = setTimeout(() => sent.destroy(new Error('no answer in time')), timeoutMs);
    sent.on('error', () => settle({ body: '' }));
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      const retryAfterS = Number(response.headers['retry-after'] ?? Number.NaN);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => settle({ body: '' }));
      response.on('close', () => settle({ body: '' }));
      response.on('end', () =>
        settle({
          ...(response.complete && response.statusCode !== undefined ? { status: response.statusCode } : {}),
          ...(Number.isNaN(retryAfterS) ? {} : { retryAfterS }),
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    sent.end(body);
  });
}

/** ok: 2xx; fail: 4xx, a definite refusal; info: anything else may have been done or not. */
export function phaseOf(status: number | undefined): 'ok' | 'fail' | 'info' {
  if (status === undefined || status >= 500) return 'info';
  return status < 300 ? 'ok' : 'fail';
}
