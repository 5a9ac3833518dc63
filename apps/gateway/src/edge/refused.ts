import { type ErrorBody, type GatewayErrorCode, gatewayErrors } from '@tocsin/contracts';

/** Thrown by doors; the filter answers it. `extra` is the current state where the act met another one. */
export class Refused extends Error {
  readonly status: number;
  readonly body: ErrorBody & Readonly<Record<string, unknown>>;

  constructor(
    readonly code: GatewayErrorCode,
    options: {
      message?: string;
      errors?: ErrorBody['errors'];
      extra?: Readonly<Record<string, unknown>>;
      retryAfterS?: number;
    } = {},
  ) {
    super(code);
    const known = gatewayErrors[code];
    this.status = known.status;
    this.retryAfterS = options.retryAfterS;
    this.body = {
      code,
      message: options.message ?? known.message,
      ...(options.errors === undefined ? {} : { errors: options.errors }),
      ...options.extra,
    };
  }

  readonly retryAfterS: number | undefined;
}

export type { GatewayErrorCode };
