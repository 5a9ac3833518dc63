import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { classify, type FaultCode } from '@tocsin/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Parts } from '../parts.js';
import { type GatewayErrorCode, Refused } from './refused.js';

/** What Nest or Fastify itself refused, by its status. */
const byStatus: Readonly<Record<number, GatewayErrorCode>> = {
  400: 'bad-request',
  401: 'no-session',
  403: 'forbidden',
  404: 'not-found',
  405: 'method-not-allowed',
  408: 'request-timeout',
  413: 'body-too-large',
  414: 'address-too-long',
  415: 'unsupported-media-type',
  431: 'headers-too-large',
  503: 'unavailable',
};
const byFault: Partial<Record<FaultCode, GatewayErrorCode>> = {
  'store-refused': 'unstorable',
  'no-configuration': 'unavailable',
};

/** The one place where an exception becomes an answer. What is no refusal is a fault of ours: logged once, here. */
@Catch()
export class RefusedFilter implements ExceptionFilter {
  constructor(private readonly parts: Parts) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const refused = this.refusedOf(error, host.switchToHttp().getRequest<FastifyRequest>());
    if (reply.sent) return;
    if (refused.status === 401) void reply.header('www-authenticate', 'Bearer');
    const retryAfterS = refused.retryAfterS ?? (refused.status === 503 ? 1 : undefined);
    if (retryAfterS !== undefined) void reply.header('retry-after', String(retryAfterS));
    void reply.status(refused.status).header('cache-control', 'no-store').send(refused.body);
  }

  private refusedOf(error: unknown, request: FastifyRequest): Refused {
    if (error instanceof Refused) return error;
    const status = statusOf(error);
    if (status !== undefined && status < 500) return new Refused(byStatus[status] ?? 'bad-request');
    const fault = classify(error);
    const path = request.url.split('?')[0];
    if (fault.retryable) {
      this.parts.log.warn('request.unavailable', { path, code: fault.code, error: fault.message });
      return new Refused('unavailable');
    }
    const code = byFault[fault.code];
    if (code !== undefined) return new Refused(code);
    this.parts.log.error('request.failed', { path, error });
    return new Refused('internal');
  }
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}
