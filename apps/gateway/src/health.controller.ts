import { Controller, Get, Res } from '@nestjs/common';
import { checkReady } from '@tocsin/telemetry';
import type { FastifyReply } from 'fastify';
import { Public } from './edge/session.guard.js';
import { Parts } from './parts.js';
import { Readiness } from './readiness.js';

@Public()
@Controller()
export class HealthController {
  constructor(
    private readonly parts: Parts,
    private readonly readiness: Readiness,
  ) {}

  /** The event loop turns. */
  @Get('healthz/live')
  live() {
    return { status: 'live' };
  }

  @Get('healthz/ready')
  async ready(@Res() reply: FastifyReply) {
    const { ready, reason } = await checkReady(() => this.readiness.check());
    void reply
      .status(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: ready ? 'ready' : 'not-ready', reason });
  }

  @Get('metrics')
  async metrics(@Res() reply: FastifyReply) {
    const { registry } = this.parts.metrics;
    void reply.header('content-type', registry.contentType).send(await registry.metrics());
  }
}
