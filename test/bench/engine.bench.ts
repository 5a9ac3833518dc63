/**
 * The engine alone on a backlog: it is stopped while alerts are accepted, then goes on. Beside it, in the same run, bare
 * BullMQ on the same Redis with jobs that do nothing, one alert's identity each.
 */
import { until } from '@tocsin/testing';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { alertArray, type AlertKind } from './load-alerts';
import { closedLoop } from './load-client';
import { cpuMicros } from './load-cpu';
import { bench } from './load-report';
import { Sink } from './load-sink';
import { BenchSystem } from './load-system';

bench('Engine: alerts merged per second from a backlog', async (on) => {
  const sink = await Sink.open();
  const bench = await BenchSystem.start({ sink });
  const total = on.size(20_000, 2_000);
  try {
    await drain(bench, { incident: 'group' }, 1_000);
    const bare = await bareBullMq(bench.system.run.redis, total);
    const beside = bare ? { baseline: { name: 'bare BullMQ, jobs that do nothing', value: bare } } : {};
    const kinds: readonly [string, AlertKind][] = [
      ['that join groups', { incident: 'group' }],
      ['each an incident of its own', { incident: 'own' }],
      ['each an incident of its own with a page', { incident: 'own', page: 'webhook' }],
    ];
    for (const [name, kind] of kinds) {
      const { perS, cpu } = await drain(bench, kind, total);
      on.row({
        name: `merged, ${name}`,
        value: perS,
        unit: '/s',
        better: 'more',
        ...beside,
        note: `engine ${cpu.toFixed(0)} µs of CPU each`,
      });
    }
  } finally {
    await bench.stop();
    sink.close();
  }
});

async function drain(bench: BenchSystem, kind: AlertKind, total: number): Promise<{ perS: number; cpu: number }> {
  await bench.merged();
  bench.signal('engine', 'SIGSTOP');
  const { pid } = bench.system.run.services.engine;
  const { accepted } = await closedLoop({
    door: bench.door,
    connections: 10,
    each: 100,
    body: alertArray(kind, 100),
    requests: total / 100,
  });
  const before = cpuMicros(pid);
  const beganAt = performance.now();
  bench.signal('engine', 'SIGCONT');
  const endedAt = await bench.merged();
  return { perS: accepted / ((endedAt - beganAt) / 1_000), cpu: (cpuMicros(pid) - before) / accepted };
}

/** null without a Redis. All jobs are there before the worker begins. */
async function bareBullMq(url: string | null, total: number): Promise<number | null> {
  if (url === null) return null;
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const queue = new Queue('nothing', { prefix: '{bench}', connection });
  for (let from = 0; from < total; from += 1_000) {
    await queue.addBulk(
      Array.from({ length: Math.min(1_000, total - from) }, (_, index) => ({
        name: 'id',
        data: { ids: [String(from + index)] },
        opts: { removeOnComplete: true },
      })),
    );
  }
  let handled = 0;
  const beganAt = performance.now();
  const worker = new Worker('nothing', async () => void (handled += 1), {
    prefix: '{bench}',
    connection: connection.duplicate(),
    concurrency: 50,
  });
  await until(() => handled >= total, { timeoutMs: 120_000, everyMs: 5, what: 'every job' });
  const perS = total / ((performance.now() - beganAt) / 1_000);
  await worker.close();
  await queue.obliterate({ force: true });
  await queue.close();
  connection.disconnect();
  return perS;
}
