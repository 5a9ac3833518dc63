import { alertLimits } from '@tocsin/contracts';
import type { Pool } from '@tocsin/store';
import type { Logger, Metrics } from '@tocsin/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asAlertmanager, readAlertmanager, readPostableAlerts } from './alertmanager-door.js';
import { readAlerts } from './alerts-door.js';
import { authenticating, type Scheme } from './authenticate.js';
import { viewAlert } from './read-door.js';
import { refusedEncoding } from './read-headers.js';
import type { Delivery, Reception } from './reception.js';
import { Refusal, refusing, sendRefusal } from './refusal.js';
import type { SourceDirectory } from './source-directory.js';

export interface DoorParts {
  readonly directory: SourceDirectory;
  readonly reception: Reception;
  /** For reads; alerts are written by the collector's own connections. */
  readonly pool: Pool;
  readonly log: Logger;
  readonly metrics: Metrics;
}

const json = 'application/json; charset=utf-8';

/**
 * The alert doors, on the adapter's own instance: 25-34 µs of CPU a request instead of 39 as a Nest controller and 59
 * with its guard and pipe (decisions.md section 5, "Hot path").
 */
export function openDoors(app: FastifyInstance, parts: DoorParts): void {
  app.decorateRequest('source', null);
  app.removeAllContentTypeParsers();
  // Bytes stay bytes: the door parses them itself (`readJson`), and what made an episode is kept as it came.
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: alertLimits.bodyBytes },
    (_request, body, done) => done(null, body),
  );
  const errorHandler = refusing(parts);
  const post = (
    url: string,
    schemes: readonly Scheme[],
    read: (request: FastifyRequest) => Delivery,
    reword?: (error: unknown) => unknown,
  ): void => {
    app.post(url, { onRequest: entering(parts.directory, schemes), errorHandler }, async (request, reply) => {
      try {
        const { status, text } = await parts.reception.take(read(request));
        return reply.status(status).header('content-type', json).send(text);
      } catch (error) {
        throw reword === undefined ? error : reword(error);
      }
    });
    refuseOtherMethods(app, url, 'POST');
  };
  post('/v1/alerts', ['bearer'], withBody(readAlerts));
  post('/v1/alertmanager', ['bearer', 'basic'], withBody(readAlertmanager), asAlertmanager);
  post('/api/v2/alerts', ['bearer', 'basic'], withBody(readPostableAlerts), asAlertmanager);
  app.get('/v1/alerts/:id', { onRequest: authenticating(parts.directory, ['bearer']), errorHandler }, (request) =>
    viewAlert(parts.pool, request),
  );
  refuseOtherMethods(app, '/v1/alerts/:id', 'GET');
}

/** Who it is, then whether the body can be read at all: one hook, before a byte of the body. */
function entering(directory: SourceDirectory, schemes: readonly Scheme[]) {
  const authenticate = authenticating(directory, schemes);
  return (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void =>
    authenticate(request, reply, (error) => done(error ?? refusedEncoding(request)));
}

/** Without a body Fastify runs no parser at all. */
function withBody(read: (request: FastifyRequest) => Delivery) {
  return (request: FastifyRequest): Delivery => {
    if (!Buffer.isBuffer(request.body)) throw new Refusal('empty-body');
    return read(request);
  };
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;

function refuseOtherMethods(app: FastifyInstance, url: string, allowed: 'GET' | 'POST'): void {
  const method = methods.filter((one) => one !== allowed);
  // onRequest answers before the body is read or its type is looked at.
  const onRequest = (_request: FastifyRequest, reply: FastifyReply): void => {
    reply.header('allow', allowed);
    sendRefusal(reply, new Refusal('method-not-allowed'));
  };
  app.route({ method, url, onRequest, handler: (_request, reply) => reply.send() });
}
