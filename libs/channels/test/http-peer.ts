import { createServer as createHttp, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';

/** How the other side behaves from now on. `hang` and `cut` come after the whole request has arrived. */
export type HttpBehaviour =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  | 'hang'
  | 'cut'
  | 'drip'
  | 'flood';

export interface HttpPeer {
  readonly port: number;
  readonly origin: string;
  readonly requests: { readonly path: string; readonly headers: IncomingMessage['headers']; readonly body: Buffer }[];
  connections: number;
  behave(behaviour: HttpBehaviour): void;
  close(): Promise<void>;
}

/** A receiver on 127.0.0.1; with `tls` it speaks https. */
export async function startHttpPeer(tls?: { key: string; cert: string }): Promise<HttpPeer> {
  const requests: HttpPeer['requests'] = [];
  let behaviour: HttpBehaviour = { status: 200 };
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      requests.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
      act(behaviour, request, response);
    });
  };
  const server = tls ? createHttps(tls, listener) : createHttp(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const peer: HttpPeer = {
    port,
    origin: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    connections: 0,
    behave: (next) => {
      behaviour = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  server.on('connection', () => peer.connections++);
  return peer;
}

function act(behaviour: HttpBehaviour, request: IncomingMessage, response: ServerResponse): void {
  if (behaviour === 'hang') return;
  if (behaviour === 'cut') return void request.socket.destroy();
  if (behaviour === 'drip' || behaviour === 'flood') {
    response.writeHead(200);
    const [bytes, everyMs] = behaviour === 'drip' ? [1, 50] : [1 << 20, 1];
    const timer = setInterval(() => response.write(Buffer.alloc(bytes)), everyMs);
    return void response.once('close', () => clearInterval(timer));
  }
  response.writeHead(behaviour.status, behaviour.headers);
  response.end(behaviour.body);
}
