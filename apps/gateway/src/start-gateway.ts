import { type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import fastifyHelmet from '@fastify/helmet';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { GatewaySettings } from '@tocsin/config';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { prepareDecoy } from '@tocsin/operations';
import type { Logger, Metrics } from '@tocsin/telemetry';
import { parseJson } from './edge/parse-json.js';
import { type GatewayErrorCode, Refused } from './edge/refused.js';
import { contentSecurity } from './edge/content-security.js';
import { GatewayModule } from './gateway.module.js';
import { ConsoleAdapter } from './live/console-adapter.js';
import { openParts } from './open-parts.js';
import type { Parts } from './parts.js';
import { Readiness } from './readiness.js';
import { consoleDist, serveConsole } from './serve-console.js';

export interface RunningGateway {
  readonly url: string;
  readonly app: NestFastifyApplication;
  close(): Promise<void>;
}

/** Bodies beyond it are 413; the largest legal one is a note of 8,000 characters. */
const bodyBytes = 100_000;

/** As intake's: whoever sends slowly costs a socket for 10 or 30 s, and sockets have a number that files can still be opened beside. */
const httpLimits = { headersTimeout: 10_000, connectionsCheckingInterval: 2_000, maxHeaderSize: 16_384 };
const connectionsAtMost = 8_000;

/** Starts one gateway: REST, the console's socket, the console itself. Port 0 takes a free one. */
export async function startGateway(
  settings: GatewaySettings,
  tools: { log: Logger; metrics: Metrics; consoleDir?: string },
): Promise<RunningGateway> {
  await prepareDecoy();
  const { parts, close } = openParts(settings, tools);
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.of(parts), httpAdapter(), {
    logger: false,
    bodyParser: false,
    abortOnError: false,
  });
  const closeAll = async (): Promise<void> => {
    await app.close();
    await close();
  };
  try {
    const url = await listen(app, parts, tools.consoleDir ?? consoleDist);
    return { url, app, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function httpAdapter(): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: bodyBytes,
    requestTimeout: 30_000,
    http: httpLimits,
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: true,
    // Before any route is found there is no filter yet.
    frameworkErrors: (error: { statusCode?: number }, _request: FastifyRequest, reply: FastifyReply) => {
      const { status, body } = new Refused(error.statusCode === 414 ? 'address-too-long' : 'bad-request');
      void reply.status(status).send(body);
    },
    clientErrorHandler: answerNoHttp,
  });
}

/** What is no HTTP, or does not come to an end, gets a plain answer and no stack. */
function answerNoHttp(error: Error & { code?: string }, socket: Socket): void {
  const codes: Record<string, GatewayErrorCode> = {
    HPE_HEADER_OVERFLOW: 'headers-too-large',
    ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  };
  const { status, body } = new Refused(codes[error.code ?? ''] ?? 'bad-request');
  const text = JSON.stringify(body);
  if (!socket.writable) return void socket.destroy();
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}

/** @returns where it listens. */
async function listen(app: NestFastifyApplication, parts: Parts, consoleDir: string): Promise<string> {
  const { settings, origins } = parts;
  takeJsonOnly(app);
  keepOutOfCaches(app);
  await app.register(fastifyHelmet, contentSecurity(origins, settings.publicUrl));
  await serveConsole(app, parts, consoleDir);
  app.useWebSocketAdapter(new ConsoleAdapter(app, () => origins));
  (app.getHttpServer() as Server).maxConnections = connectionsAtMost;
  await app.listen(settings.port, settings.bindAddress);
  const url = await app.getUrl();
  origins.listensOn(Number(new URL(url).port || 80));
  app.get(Readiness).started = true;
  return url;
}

/** Who was alarmed where is not for the disk of a shared desk. */
function keepOutOfCaches(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, reply, done) => {
      if (request.url.startsWith('/v1/')) void reply.header('cache-control', 'no-store');
      done();
    });
}

function takeJsonOnly(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, ({ headers }, body, done) => {
    try {
      const charset = /charset\s*=\s*"?([^";\s]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
      // A compressed body may be a thousand times what it says it is.
      if (!/^utf-?8$/i.test(charset) || (headers['content-encoding'] ?? 'identity') !== 'identity')
        throw new Refused('unsupported-media-type');
      done(null, parseJson(body as Buffer));
    } catch (error) {
      if (error instanceof Refused) return done(error, undefined);
      throw error;
    }
  });
}
