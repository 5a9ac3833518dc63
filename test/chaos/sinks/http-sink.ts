import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SinkAnswer } from './script';

/** Longer than any sender's patience: after it the connection is ended without a word. */
const silenceMs = 60_000;

export interface HttpArrival {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/**
 * An HTTP provider on a free port of loopback. `onArrival` is called when the whole request is there, and says how it is
 * answered; `okStatus` is what it says when all is well.
 */
export async function openHttpSink(
  okStatus: number,
  onArrival: (arrival: HttpArrival) => SinkAnswer,
): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const { url: path = '/', headers } = request;
      answer(response, onArrival({ path, headers, body: Buffer.concat(chunks) }), okStatus);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

function answer(response: ServerResponse, how: SinkAnswer, okStatus: number): void {
  const { socket } = response;
  switch (how) {
    case '200':
    case 'accept-then-nothing':
      return void response.writeHead(okStatus, { 'content-length': 0 }).end();
    case '429':
      return void response.writeHead(429, { 'retry-after': '2', 'content-length': 0 }).end();
    case '500':
    case '410':
      return void response.writeHead(Number(how), { 'content-length': 0 }).end();
    case '200-then-cut':
      // The status line and half of a header: whoever asked cannot know what it would have said.
      socket?.write(`HTTP/1.1 ${okStatus} OK\r\nconte`, () => socket.destroy());
      return;
    case 'timeout':
      setTimeout(() => socket?.destroy(), silenceMs).unref();
  }
}
