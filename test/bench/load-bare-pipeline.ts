/**
 * The least that could do the job, as a baseline in a process of its own: node:http, one INSERT that commits, then a
 * Socket.IO broadcast. Also broadcasts the frames that it is sent on stdin, for the fan-out. Prints its port.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createInterface } from 'node:readline';
import { openPool } from '@tocsin/store';
import { Server } from 'socket.io';

const pool = openPool({ url: process.env['BENCH_DATABASE_URL'] ?? '', name: 'bench pipeline', max: 10 });
const http = createServer((request, response) => void take(request, response));
const io = new Server(http, {
  transports: ['websocket'],
  serveClient: false,
  perMessageDeflate: false,
  pingInterval: 10_000,
  pingTimeout: 20_000,
});
const consoles = io.of('/console');
consoles.on('connection', (socket) => {
  socket.on('subscribe', (_wish: unknown, answer: (reply: object) => void) => {
    void socket.join('all');
    answer({ cursor: '0', events: [] });
  });
});

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const { key } = JSON.parse(text) as { key: string };
  await pool.query({
    name: 'insert',
    text: 'INSERT INTO bench_pipeline (key, body) VALUES ($1, $2)',
    values: [key, text],
  });
  response.writeHead(202).end();
  consoles.to('all').emit('events', {
    cursor: '0',
    events: [{ incidentId: key, stream: key, seq: 1, type: 'alert.accepted', data: { key } }],
  });
}

/** Each line is a list of frames, sent in one go as the gateway sends a batch. */
createInterface({ input: process.stdin }).on('line', (line) => {
  for (const frame of JSON.parse(line) as unknown[]) consoles.to('all').emit('events', frame);
});

void pool.query('CREATE TABLE IF NOT EXISTS bench_pipeline (key text PRIMARY KEY, body jsonb NOT NULL)').then(() => {
  http.listen(0, '127.0.0.1', () => {
    const address = http.address();
    console.log(typeof address === 'object' && address ? address.port : 0);
  });
});
