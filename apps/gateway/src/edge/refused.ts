import type { ErrorBody } from '@tocsin/contracts';

/** Everything that the gateway's doors refuse: code -> HTTP status and what it means. Documented in OpenAPI from here. */
export const gatewayErrors = {
  'invalid-json': { status: 400, message: 'The body is not valid JSON.' },
  'invalid-encoding': { status: 400, message: 'The body is not valid UTF-8.' },
  'invalid-query': { status: 400, message: 'The query is not as documented.' },
  'bad-request': { status: 400, message: 'The request cannot be understood.' },
  'no-session': { status: 401, message: 'Sign in: POST /v1/session.' },
  'wrong-credentials': { status: 401, message: 'Username or password is wrong.' },
  'foreign-origin': { status: 403, message: 'This page may not act here.' },
  forbidden: { status: 403, message: 'Your role may not do this.' },
  'not-found': { status: 404, message: 'There is nothing at this address, or you may not see it.' },
  'unknown-code': { status: 404, message: 'This code belongs to no page.' },
  'method-not-allowed': { status: 405, message: 'This address does not know that method.' },
  'request-timeout': { status: 408, message: 'The request did not arrive in time.' },
  'illegal-move': { status: 409, message: 'The incident is in a state from which this act does not lead.' },
  'stale-version': { status: 409, message: 'The incident has changed since you saw it.' },
  'nobody-on-duty': { status: 409, message: 'Nobody would be assigned.' },
  'group-has-open-incident': { status: 409, message: 'Another incident of the same group is unresolved.' },
  'body-too-large': { status: 413, message: 'The body is larger than 100 kB.' },
  'address-too-long': { status: 414, message: 'The address is too long.' },
  'unsupported-media-type': { status: 415, message: 'Send application/json in UTF-8, without a content encoding.' },
  invalid: { status: 422, message: 'Some fields are not as documented.' },
  'forbidden-text': { status: 422, message: 'Texts must not hold U+0000 or half of a surrogate pair.' },
  'forbidden-name': { status: 422, message: 'A field has a name that is refused.' },
  'too-deep': { status: 422, message: 'The body is nested too deep.' },
  'not-yet': { status: 422, message: 'occurredAt lies in the future.' },
  'unknown-person': { status: 422, message: 'There is no such person.' },
  'unknown-team': { status: 422, message: 'There is no such team.' },
  'unknown-site': { status: 422, message: 'There is no such site.' },
  'bad-idempotency-key': { status: 422, message: 'Idempotency-Key must be 1 to 256 visible ASCII characters.' },
  'idempotency-key-reused': { status: 422, message: 'This Idempotency-Key was used for another body.' },
  unstorable: { status: 422, message: 'The database refuses these data.' },
  'too-many-attempts': { status: 429, message: 'Too many attempts. Try again in a moment.' },
  'headers-too-large': { status: 431, message: 'The headers are too large.' },
  internal: { status: 500, message: 'A fault of ours. It has been logged.' },
  unavailable: { status: 503, message: 'This cannot be done now. Try again in a moment.' },
} as const satisfies Record<string, { readonly status: number; readonly message: string }>;

export type GatewayErrorCode = keyof typeof gatewayErrors;

/** Thrown by doors; the filter answers it. `extra` is the current state where the act met another one. */
export class Refused extends Error {
  readonly status: number;
  readonly body: ErrorBody & Readonly<Record<string, unknown>>;

  constructor(
    readonly code: GatewayErrorCode,
    options: { message?: string; errors?: ErrorBody['errors']; extra?: Readonly<Record<string, unknown>>; retryAfterS?: number } = {},
  ) {
    super(code);
    const known = gatewayErrors[code];
    this.status = known.status;
    this.retryAfterS = options.retryAfterS;
    this.body = { code, message: options.message ?? known.message, ...(options.errors === undefined ? {} : { errors: options.errors }), ...options.extra };
  }

  readonly retryAfterS: number | undefined;
}
