import { silentLogger } from '@tocsin/telemetry';
import { until } from '@tocsin/testing';
import { Follower, type FollowerOptions, type Look } from './follower.js';
import { LocalTicks } from './ticks.js';

/** A log in memory: its cursor is how many entries have been read. */
class Log {
  readonly entries: number[] = [];
  looks = 0;
  fails = false;
  life = 1;
  takesMs = 0;
  delay: Promise<void> = Promise.resolve();

  look = async (cursor: string | null): Promise<Look<number[]>> => {
    this.looks += 1;
    await this.delay;
    const startedAt = performance.now();
    if (this.takesMs > 0) await until(() => performance.now() - startedAt >= this.takesMs, { everyMs: 1 });
    if (this.fails) throw new Error('no database');
    const next = `${this.life}:${this.entries.length}`;
    if (cursor === null || cursor.split(':')[0] !== String(this.life)) return { kind: 'lost', cursor: next };
    const batch = this.entries.slice(Number(cursor.split(':')[1]));
    return { kind: 'batch', cursor: next, batch: batch.length === 0 ? null : batch };
  };
}

let follower: Follower<number[]>;
const seen: number[][] = [];
let lost = 0;
const follow = async (log: Log, options: Partial<FollowerOptions<number[]>> = {}): Promise<LocalTicks> => {
  const ticks = new LocalTicks();
  seen.length = 0;
  lost = 0;
  follower = new Follower({
    look: log.look,
    onBatch: (batch) => seen.push(batch),
    onLost: () => (lost += 1),
    ticks,
    log: silentLogger,
    ...options,
  });
  await follower.start();
  return ticks;
};
afterEach(() => follower.stop());

it('tells every entry once, in order, whatever the ticks', async () => {
  const log = new Log();
  const ticks = await follow(log, { everyMs: 20 });
  for (let n = 0; n < 200; n += 1) {
    log.entries.push(n);
    if (n % 3 === 0) ticks.tick();
    if (n % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => seen.flat().length === 200);
  expect(seen.flat()).toEqual(log.entries);
});

it('begins with what comes after its start', async () => {
  const log = new Log();
  log.entries.push(1, 2, 3);
  const ticks = await follow(log);
  log.entries.push(4);
  ticks.tick();
  await until(() => seen.length > 0);
  expect(seen).toEqual([[4]]);
});

it('looks without any tick', async () => {
  const log = new Log();
  await follow(log, { everyMs: 15 });
  log.entries.push(7);
  await until(() => seen.length === 1);
});

it('gathers what comes while it is busy, and looks at once when idle', async () => {
  const log = new Log();
  log.takesMs = 10;
  const ticks = await follow(log, { everyMs: 10_000 });
  await until(() => performance.now() - follower.lookedAt > 40);
  const startedAt = performance.now();
  log.entries.push(1);
  ticks.tick();
  await until(() => seen.length === 1, { everyMs: 1 });
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  for (let n = 2; n < 12; n += 1) {
    log.entries.push(n);
    ticks.tick();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => seen.flat().length === 11);
  expect(seen.length).toBeLessThanOrEqual(4);
});

it('gathers longer when it takes long to tell', async () => {
  const log = new Log();
  const busyMs = 5;
  const onBatch = (batch: number[]): void => {
    const until = performance.now() + busyMs;
    while (performance.now() < until);
    seen.push(batch);
  };
  const ticks = await follow(log, { everyMs: 10_000, onBatch });
  log.entries.push(1);
  ticks.tick();
  await until(() => seen.length === 1, { everyMs: 1 });
  for (let n = 2; n < 12; n += 1) {
    log.entries.push(n);
    ticks.tick();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => seen.flat().length === 11);
  expect(seen.length).toBeLessThanOrEqual(3);
});

it('goes on from the same place after a failure', async () => {
  const log = new Log();
  const ticks = await follow(log, { everyMs: 10 });
  log.fails = true;
  log.entries.push(1);
  ticks.tick();
  const before = log.looks;
  await until(() => log.looks > before + 2);
  expect(seen).toEqual([]);
  log.fails = false;
  log.entries.push(2);
  await until(() => seen.flat().length === 2);
  expect(seen.flat()).toEqual([1, 2]);
});

it('says when what it held is of another life, and follows the new one', async () => {
  const log = new Log();
  const ticks = await follow(log, { everyMs: 10 });
  log.life = 2;
  await until(() => lost === 1);
  log.entries.push(5);
  ticks.tick();
  await until(() => seen.length === 1);
  expect([seen, lost]).toEqual([[[5]], 1]);
});

it('begins anew when a batch cannot be told', async () => {
  const log = new Log();
  const ticks = new LocalTicks();
  let anew = 0;
  follower = new Follower({
    look: log.look,
    onBatch: () => {
      throw new Error('a bug');
    },
    onLost: () => (anew += 1),
    ticks,
    log: silentLogger,
    everyMs: 10,
  });
  await follower.start();
  log.entries.push(1);
  await until(() => anew === 1);
});

it('stops after the look that is under way, and tells nothing more', async () => {
  const log = new Log();
  const ticks = await follow(log);
  let finish = (): void => undefined;
  log.delay = new Promise((resolve) => (finish = resolve));
  log.entries.push(1);
  ticks.tick();
  await until(() => log.looks === 2);
  const stopped = follower.stop();
  finish();
  await stopped;
  ticks.tick();
  expect(seen).toEqual([]);
});
