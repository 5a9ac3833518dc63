import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

export type Readiness = boolean | { readonly ready: boolean; readonly reason?: string };

export interface HealthOptions {
  /** 0 takes a free port. */
  readonly port: number;
  readonly bind: string;
  /** May this process be given work? A throw or an answer later than 2 s counts as no. */
  readonly ready: () => Readiness | Promise<Readiness>;
  readonly registry: Registry;
}

export interface HealthServer {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

const readyWithinMs = 2_000;

/**
 * A bare server for processes that serve nothing else: `GET /healthz/live` (the event loop turns), `GET /healthz/ready`
 * (200 or 503 with the reason) and `GET /metrics` (Prometheus text).
 */
export async function serveHealth(options: HealthOptions): Promise<HealthServer> {
  const server = createServer((request, response) => void answer(options, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.bind, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = options.bind.includes(':') ? `[${options.bind}]` : options.bind;
  return {
    port,
    url: `http://${host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(options: HealthOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return sendJson(response, 405, { code: 'method-not-allowed' });
  switch (request.url?.split('?')[0]) {
    case '/healthz/live':
      return sendJson(response, 200, { status: 'live' });
    case '/healthz/ready': {
      const { ready, reason } = await checkReady(options.ready);
      return sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not-ready', reason });
    }
    case '/metrics':
      response.writeHead(200, { 'content-type': options.registry.contentType });
      response.end(await options.registry.metrics());
      return;
    default:
      return sendJson(response, 404, { code: 'not-found' });
  }
}

/** Never throws, never waits longer than 2 s: what a probe asks must not hang with what it asks about. */
export async function checkReady(ready: HealthOptions['ready']): Promise<{ ready: boolean; reason?: string }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Readiness>((resolve) => {
    timer = setTimeout(() => resolve({ ready: false, reason: 'no answer in time' }), readyWithinMs);
  });
  try {
    const readiness = await Promise.race([Promise.resolve().then(ready), late]);
    return typeof readiness === 'boolean' ? { ready: readiness } : readiness;
  } catch (error) {
    // Whatever the check stumbled over is the reason why the process is not ready; the probe passes it on.
    return { ready: false, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
