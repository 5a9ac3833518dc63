import { STATUS_CODES } from 'node:http';
import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { GatewaySettings } from '@tocsin/config';
import { prepareDecoy } from '@tocsin/operations';
import type { Logger, Metrics } from '@tocsin/telemetry';
import { parseJson } from './edge/parse-json.js';
import { Refused } from './edge/refused.js';
import { contentSecurity } from './edge/content-security.js';
import { GatewayModule } from './gateway.module.js';
import { ConsoleAdapter } from './live/console-adapter.js';
import { openParts } from './open-parts.js';
import { Readiness } from './readiness.js';
import { serveConsole } from './serve-console.js';

export interface RunningGateway {
  readonly url: string;
  readonly app: NestFastifyApplication;
  close(): Promise<void>;
}

/** Bodies beyond it are 413; the largest legal one is a note of 8,000 characters. */
const bodyBytes = 100_000;

/** Starts one gateway: REST, the console's socket, the console itself. Port 0 takes a free one. */
export async function startGateway(settings: GatewaySettings, tools: { log: Logger; metrics: Metrics }): Promise<RunningGateway> {
  await prepareDecoy();
  const { parts, close } = openParts(settings, tools, settings.port);
  const adapter = new FastifyAdapter({
    bodyLimit: bodyBytes,
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: true,
    // What is no HTTP gets a plain answer and no stack.
    clientErrorHandler: (_error, socket) => {
      if (socket.writable) socket.end(`HTTP/1.1 400 ${STATUS_CODES[400]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.of(parts), adapter, { logger: false, bodyParser: false, abortOnError: false });
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseJson(body as Buffer));
    } catch (error) {
      if (error instanceof Refused) return done(error, undefined);
      throw error;
    }
  });
  await app.register(fastifyCookie);
  await app.register(fastifyHelmet, contentSecurity(parts.origins, settings.publicUrl));
  await serveConsole(app, parts);
  app.useWebSocketAdapter(new ConsoleAdapter(app, () => parts.origins));
  app.enableShutdownHooks([]);
  await app.listen(settings.port, settings.bindAddress);
  app.get(Readiness).started = true;
  return {
    url: await app.getUrl(),
    app,
    close: async () => {
      await app.close();
      await close();
    },
  };
}
