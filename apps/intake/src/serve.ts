import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { checkReady } from '@tocsin/telemetry';
import type { FastifyInstance } from 'fastify';
import { openDoors } from './doors.js';
import { limitConnections, serverOptions } from './http-server.js';
import { Intake, IntakeModule, type IntakeParts } from './intake.module.js';
import { Refusal, refusing, sendRefusal } from './refusal.js';

export interface ServedIntake {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Nest would set a not-found handler of its own on top of ours, which Fastify refuses. */
class IntakeAdapter extends FastifyAdapter {
  override setNotFoundHandler(): ReturnType<FastifyAdapter['setNotFoundHandler']> {
    return this.getInstance();
  }
}

/** Opens intake's doors on `port` (0 takes a free one). Nest composes and ends it; the doors are the adapter's own routes. */
export async function serveIntake(
  parts: IntakeParts,
  at: { readonly port: number; readonly bind: string },
): Promise<ServedIntake> {
  const adapter = new IntakeAdapter(serverOptions as never);
  const app = await NestFactory.create<NestFastifyApplication>(IntakeModule.of(parts), adapter, {
    logger: false,
    bodyParser: false,
    abortOnError: false,
  });
  const intake = app.get(Intake);
  const http = adapter.getInstance() as unknown as FastifyInstance;
  openDoors(http, intake.doors);
  serveHealth(http, intake, parts);
  limitConnections(http.server);
  await app.listen(at.port, at.bind);
  // A first try that fails is repeated by the heartbeat.
  await intake.readiness.prepare().catch((error: unknown) => parts.log.warn('intake.rehearsal_failed', { error }));
  return { url: await app.getUrl(), close: () => app.close() };
}

function serveHealth(http: FastifyInstance, intake: Intake, { metrics, log }: IntakeParts): void {
  const guarded = { errorHandler: refusing({ log, metrics }) };
  http.get('/healthz/live', guarded, async () => ({ status: 'live' }));
  http.get('/healthz/ready', guarded, async (_request, reply) => {
    const { ready, reason } = await checkReady(() => intake.isReady());
    return await reply.status(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not-ready', reason });
  });
  http.get('/metrics', guarded, async (_request, reply) => {
    intake.observe();
    return await reply.header('content-type', metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  http.setNotFoundHandler((_request, reply) => sendRefusal(reply, new Refusal('not-found')));
}
