/**
 * Everything that intake's doors refuse, in one table: code -> HTTP status and what it means. The codes are stable;
 * messages may carry more detail. Documented in OpenAPI from here.
 */
export const intakeErrors = {
  'invalid-json': { status: 400, message: 'The body is not valid JSON.' },
  'invalid-encoding': { status: 400, message: 'The body is not valid UTF-8.' },
  'empty-body': { status: 400, message: 'The request has no body.' },
  'bad-request': { status: 400, message: 'The request cannot be understood.' },
  'no-token': { status: 401, message: 'Send the source token: Authorization: Bearer <token>.' },
  'wrong-token': { status: 401, message: 'This token belongs to no active source.' },
  'site-out-of-scope': { status: 403, message: 'The site lies outside the scope of this source.' },
  'not-found': { status: 404, message: 'There is nothing at this address.' },
  'method-not-allowed': { status: 405, message: 'This address does not know that method.' },
  'request-timeout': { status: 408, message: 'The request did not arrive in time.' },
  'body-too-large': { status: 413, message: 'The body is larger than 1 MiB.' },
  'address-too-long': { status: 414, message: 'The address is too long.' },
  'unsupported-media-type': { status: 415, message: 'Send application/json in UTF-8, without a content encoding.' },
  invalid: { status: 422, message: 'Some fields are not as documented.' },
  'forbidden-text': { status: 422, message: 'Texts must not hold U+0000 or half of a surrogate pair.' },
  'too-deep': { status: 422, message: 'The body is nested deeper than 16 levels.' },
  'duplicate-name': { status: 422, message: 'An object names the same field twice.' },
  'forbidden-name': { status: 422, message: 'A field has a name that is refused.' },
  'too-many-alerts': { status: 422, message: 'At most 1,000 alerts in one request.' },
  'no-alerts': { status: 422, message: 'The request holds no alert.' },
  'bad-idempotency-key': { status: 422, message: 'Idempotency-Key must be 1 to 256 visible ASCII characters.' },
  'idempotency-key-reused': { status: 422, message: 'This Idempotency-Key was used for another body.' },
  unstorable: { status: 422, message: 'The database refuses these data.' },
  'over-budget': { status: 429, message: 'This source sends more than its budget.' },
  behind: { status: 429, message: 'Alerts are waiting; this source sends more than its share.' },
  'headers-too-large': { status: 431, message: 'The headers are too large.' },
  internal: { status: 500, message: 'A fault of ours. It has been logged.' },
  unavailable: { status: 503, message: 'The alert cannot be stored now. Send it again.' },
} as const satisfies Record<string, { readonly status: number; readonly message: string }>;

export type IntakeErrorCode = keyof typeof intakeErrors;
