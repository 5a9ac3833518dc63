import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { alertLimits, type IntakeErrorCode } from '@tocsin/contracts';
import type { FastifyServerOptions } from 'fastify';
import { Refusal } from './refusal.js';

/**
 * Limits of the HTTP server: whoever sends slowly is cut (headers within 10 s, the whole request within 30 s), so that
 * half-open clients cost a socket and nothing else. What node's parser refuses is answered in the same form as the rest.
 */
export const serverOptions: FastifyServerOptions & { http: object } = {
  bodyLimit: alertLimits.bodyBytes,
  requestTimeout: 30_000,
  // Longer than any usual load balancer's idle time: it must never be us who closes under its request.
  keepAliveTimeout: 75_000,
  connectionTimeout: 0,
  http: { headersTimeout: 10_000, connectionsCheckingInterval: 2_000, maxHeaderSize: 16_384 },
  routerOptions: { maxParamLength: 200 },
  exposeHeadRoutes: false,
  // While it closes, a request on an open connection is still taken, and the connection then ends.
  return503OnClosing: false,
  forceCloseConnections: 'idle',
  clientErrorHandler: answerClientError,
  frameworkErrors: (_error, _request, reply) => {
    const { status, body } = new Refusal('bad-request');
    // Only bad addresses come here; the reply of this hook is raw.
    (reply as unknown as { raw: ServerResponse }).raw
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify(body));
  },
};

/** Open sockets at most; the next ones are closed at once instead of eating the file descriptors of PostgreSQL's pools. */
const connectionsAtMost = 8_000;

export function limitConnections(server: Server): void {
  server.maxConnections = connectionsAtMost;
}

const parserCodes: Readonly<Record<string, IntakeErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};

function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, body } = new Refusal(parserCodes[error.code ?? ''] ?? 'bad-request');
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${status} ${body.code}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
  );
}
