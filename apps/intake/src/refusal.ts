import { type ErrorBody, type FieldError, type IntakeErrorCode, intakeErrors } from '@tocsin/contracts';
import { classify } from '@tocsin/domain';
import type { Logger, Metrics } from '@tocsin/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** What a door answers instead of an acceptance. Thrown inside doors only; its status stands in `intakeErrors`. */
export class Refusal extends Error {
  constructor(
    readonly code: IntakeErrorCode,
    readonly errors?: readonly FieldError[],
    readonly retryAfterS?: number,
  ) {
    super(code);
  }

  get status(): number {
    return intakeErrors[this.code].status;
  }

  get body(): ErrorBody {
    const { message } = intakeErrors[this.code];
    return { code: this.code, message, errors: this.errors ?? [] };
  }
}

/** Fastify's own refusals, by its codes. Everything it may say about a request that is not in here is `bad-request`. */
const fastifyCodes: Readonly<Record<string, IntakeErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_EMPTY_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad-request',
  FST_ERR_BAD_URL: 'bad-request',
  FST_ERR_MAX_PARAM_LENGTH: 'address-too-long',
  FST_ERR_NOT_FOUND: 'not-found',
};

/** One error handler for every door. A fault of the store is 503; a bug is logged and is 500. */
export function refusing({ log, metrics }: { log: Logger; metrics: Metrics }) {
  const refused = metrics.counter('intake_refused_total', 'Requests refused, by code', ['code']);
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    // Cut off in the middle of its body: by the client or by our time limit. Nobody reads the answer, but it is counted.
    const refusal = request.raw.readableAborted ? new Refusal('request-timeout') : refusalOf(error);
    refused.inc({ code: refusal.code });
    if (refusal.code === 'internal')
      log.error('intake.request_failed', { error, door: `${request.method} ${request.routeOptions.url ?? ''}` });
    sendRefusal(reply, refusal);
  };
}

export function sendRefusal(reply: FastifyReply, refusal: Refusal): void {
  if (refusal.retryAfterS !== undefined) reply.header('retry-after', String(refusal.retryAfterS));
  if (refusal.status === 401) reply.header('www-authenticate', 'Bearer realm="tocsin"');
  reply
    .status(refusal.status)
    .header('content-type', 'application/json; charset=utf-8')
    .send(JSON.stringify(refusal.body));
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  if (typeof code === 'string' && code.startsWith('FST_'))
    return new Refusal(fastifyCodes[code] ?? (statusCode === 500 ? 'internal' : 'bad-request'));
  const fault = classify(error);
  return fault.retryable ? new Refusal('unavailable', undefined, 1) : new Refusal('internal');
}
