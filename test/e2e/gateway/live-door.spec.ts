import { until } from '@tocsin/testing';
import { io, type Socket } from 'socket.io-client';
import { OpenGateway, type SignedIn } from './open-gateway.js';

let open: OpenGateway;
let operator: SignedIn;
const sockets: Socket[] = [];
beforeAll(async () => {
  open = await OpenGateway.open();
  operator = await open.signIn('operator');
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});
afterAll(() => open.close());

function socketTo(namespace: string, token?: string): Socket {
  const options = { transports: ['websocket'], reconnection: false, forceNew: true };
  const socket = io(open.url + namespace, { ...options, auth: token === undefined ? {} : { token } });
  sockets.push(socket);
  return socket;
}
const answerOf = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    socket.on('connect', () => resolve('connected'));
    socket.on('connect_error', ({ message }) => resolve(message));
  });

it('lets nobody stay who stands in no room: there is no other namespace', async () => {
  for (const token of [undefined, operator.token]) {
    const socket = socketTo('/', token);
    expect(await answerOf(socket)).toBe('no-session');
    // Socket.IO ends a connection without a namespace after 5 s.
    const { engine } = socket.io;
    await until(() => engine.readyState === 'closed', { timeoutMs: 10_000 });
  }
});

it.each([
  ['acknowledgements that nobody waits for', '3/console,1[1]'],
  ['namespaces that do not exist', '0/elsewhere,'],
  ['messages without their attachments', '51-/console,["subscribe",{"_placeholder":true,"num":0}]'],
])('cuts whoever floods it with %s, signed in or not', async (_, packet) => {
  for (const token of [operator.token, undefined]) {
    const socket = socketTo('/console', token);
    await answerOf(socket);
    const { engine } = socket.io;
    for (let n = 0; n < 100; n += 1) engine.write(packet);
    await until(() => engine.readyState === 'closed', { timeoutMs: 3_000 });
  }
});

it('tells nothing to whoever has no rights, not even before the next look at them', async () => {
  const stranger = await open.signIn('stranger');
  const socket = socketTo('/console', stranger.token);
  const heard: unknown[] = [];
  socket.onAny((event, message) => heard.push(event, message));
  await answerOf(socket);
  socket.emit('subscribe', {}, (answer: unknown) => heard.push(answer));
  await until(() => socket.disconnected, { timeoutMs: 5_000 });
  expect(heard).toEqual(['revoked', { code: 'no-rights' }]);
});
