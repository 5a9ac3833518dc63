import { until } from '@tocsin/testing';
import { randomUUID } from 'node:crypto';
import { openStallingProxy, type StallingProxy } from '../test/stalling-proxy.js';
import { BullQueues } from './bullmq-queues.js';
import { producerConnection } from './redis-connection.js';

const redisUrl = process.env.TOCSIN_TEST_REDIS_URL ?? '';
const log = { info: () => undefined, warn: () => undefined };
let proxy: StallingProxy;
let queues: BullQueues;
let name: string;

beforeEach(async () => {
  name = `spec.${randomUUID()}`;
  proxy = await openStallingProxy(redisUrl);
  queues = new BullQueues(proxy.url, log);
  await until(() => queues.connected);
});
afterEach(async () => {
  proxy.goOn();
  await queues.close();
  await proxy.close();
});

/** Commands that were handed over and have no answer. */
const outstanding = (): number =>
  (queues as unknown as { producer: { commandQueue: { length: number } } }).producer.commandQueue.length;

it('carries identities to whoever consumes', async () => {
  const got: string[] = [];
  queues.consume({ queue: name, concurrency: 4, handle: async (ids) => void got.push(...ids) });
  queues.add(name, ['a', 'b']);
  await until(() => got.length === 2);
});

it('a Redis that is connected and does not answer is no longer called connected, and nothing piles up for it', async () => {
  queues.add(name, ['before']);
  proxy.stall();
  const began = performance.now();
  queues.add(name, ['a']);
  await until(() => !queues.connected, { timeoutMs: 3_000 });
  expect(performance.now() - began).toBeLessThan(3_000);
  for (let n = 0; n < 1_000; n += 1) queues.add(name, [`n${n}`]);
  // Reconnecting does not make it connected: it must answer first.
  const seen = new Set<boolean>();
  const end = performance.now() + 1_500;
  await until(() => {
    seen.add(queues.connected);
    return performance.now() > end;
  });
  expect([...seen]).toEqual([false]);
  expect(outstanding()).toBeLessThan(5);
  proxy.goOn();
  await until(() => queues.connected, { timeoutMs: 5_000 });
  const got: string[] = [];
  queues.consume({ queue: name, concurrency: 4, handle: async (ids) => void got.push(...ids) });
  queues.add(name, ['after']);
  await until(() => got.includes('after'), { timeoutMs: 10_000 });
}, 30_000);

it('whoever only consumes notices as well', async () => {
  proxy.stall();
  await until(() => !queues.connected, { timeoutMs: 4_000 });
  proxy.goOn();
  await until(() => queues.connected, { timeoutMs: 5_000 });
}, 15_000);

it('a Redis that refuses is not called connected either: the sweepers take the rows at once', async () => {
  const other = producerConnection(redisUrl);
  await until(() => other.status === 'ready');
  // A string where the queue wants its hash: every add is refused, as it would be out of memory or on a replica.
  await other.set(`{tocsin}:${name}:meta`, 'not a hash');
  queues.add(name, ['a']);
  await until(() => !queues.connected, { timeoutMs: 2_000 });
  await other.del(`{tocsin}:${name}:meta`);
  other.disconnect();
  await until(() => queues.connected, { timeoutMs: 3_000 });
});
