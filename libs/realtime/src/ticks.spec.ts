import { silentLogger } from '@tocsin/telemetry';
import { until } from '@tocsin/testing';
import { Redis } from 'ioredis';
import { openStallingProxy } from '../../queue/test/stalling-proxy.js';
import { openTicks, type Ticks } from './ticks.js';

const redisUrl = process.env.TOCSIN_TEST_REDIS_URL as string;
const opened: Ticks[] = [];
const open = (url: string | null): Ticks => {
  const ticks = openTicks(url, silentLogger);
  opened.push(ticks);
  return ticks;
};
afterEach(() => Promise.all(opened.splice(0).map((ticks) => ticks.close())));

it('is heard in its own process without Redis, once for many of one turn', async () => {
  const ticks = open(null);
  let heard = 0;
  const stop = ticks.onTick(() => (heard += 1));
  for (let n = 0; n < 100; n += 1) ticks.tick();
  await until(() => heard > 0);
  expect([heard, ticks.connected]).toEqual([1, false]);
  stop();
  ticks.tick();
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toBe(1);
});

it('is heard by other processes over Redis', async () => {
  const [writer, reader] = [open(redisUrl), open(redisUrl)];
  let heard = 0;
  reader.onTick(() => (heard += 1));
  await until(() => writer.connected && reader.connected && heard > 0, { what: 'the tick after subscribing' });
  const before = heard;
  writer.tick();
  await until(() => heard > before);
});

it('carries nothing: what others put in the channel is a tick like any', async () => {
  const reader = open(redisUrl);
  const arguments_: unknown[][] = [];
  reader.onTick((...args: unknown[]) => arguments_.push(args));
  await until(() => arguments_.length > 0);
  const forger = new Redis(redisUrl);
  await forger.publish('{tocsin}:tick', JSON.stringify({ events: ['forged'] }));
  await until(() => arguments_.length > 1);
  expect(arguments_.every((args) => args.length === 0)).toBe(true);
  forger.disconnect();
});

it('never throws and never waits when Redis is not there', async () => {
  const ticks = open('redis://127.0.0.1:9');
  let heard = 0;
  ticks.onTick(() => (heard += 1));
  ticks.tick();
  await until(() => heard === 1);
  expect(ticks.connected).toBe(false);
});

it('hears again after its connection was cut', async () => {
  const [writer, reader] = [open(redisUrl), open(redisUrl)];
  let heard = 0;
  reader.onTick(() => (heard += 1));
  await until(() => reader.connected && heard > 0);
  const admin = new Redis(redisUrl);
  const names = ((await admin.call('client', 'list')) as string)
    .split('\n')
    .filter((line) => line.includes('name=tocsin-tick-in'));
  for (const line of names)
    await admin.call('client', 'kill', 'id', /id=(\d+)/.exec(line)?.[1] as string).catch(() => undefined);
  const before = heard;
  await until(() => heard > before, { what: 'the tick of the new subscription' });
  const again = heard;
  await until(() => {
    writer.tick();
    return heard > again;
  });
  admin.disconnect();
});

it('piles nothing up for a Redis that hangs', async () => {
  const proxy = await openStallingProxy(redisUrl);
  const ticks = open(proxy.url);
  const outstanding = (): number =>
    (ticks as unknown as { publisher: { commandQueue: { length: number } } }).publisher.commandQueue.length;
  await until(() => ticks.connected);
  proxy.stall();
  const end = performance.now() + 2_500;
  await until(
    () => {
      ticks.tick();
      return performance.now() > end;
    },
    { timeoutMs: 5_000, everyMs: 1 },
  );
  expect(ticks.connected).toBe(false);
  expect(outstanding()).toBeLessThan(5);
  proxy.goOn();
  await until(() => ticks.connected, { timeoutMs: 5_000 });
  await ticks.close();
  await proxy.close();
});
