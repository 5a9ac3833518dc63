import { type HttpArrival, openHttpSink } from './http-sink';
import type { SinkAnswer } from './script';

const arrivals: HttpArrival[] = [];
let answer: SinkAnswer = '200';
let sink: Awaited<ReturnType<typeof openHttpSink>>;
const send = (timeoutMs = 5_000) =>
  fetch(`${sink.url}/person/a`, { method: 'POST', body: 'page', signal: AbortSignal.timeout(timeoutMs) });

beforeAll(async () => {
  sink = await openHttpSink(201, (arrival) => {
    arrivals.push(arrival);
    return answer;
  });
});
afterAll(() => {
  sink.server.closeAllConnections();
  return new Promise((resolve) => sink.server.close(resolve));
});

it.each([
  ['200', 201],
  ['accept-then-nothing', 201],
  ['429', 429],
  ['500', 500],
  ['410', 410],
] as const)('answers %s with %d', async (how, status) => {
  answer = how;
  const response = await send();
  expect([response.status, response.headers.get('retry-after')]).toEqual([status, how === '429' ? '2' : null]);
  expect(arrivals.at(-1)).toMatchObject({ path: '/person/a', body: Buffer.from('page') });
});

it('leaves in doubt whoever is cut off or not answered, and has the message', async () => {
  const before = arrivals.length;
  answer = '200-then-cut';
  await expect(send()).rejects.toThrow();
  answer = 'timeout';
  await expect(send(200)).rejects.toThrow(/timeout/);
  expect(arrivals).toHaveLength(before + 2);
});
