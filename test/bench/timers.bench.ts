/**
 * How late due steps fire, with 100,000 timers pending far in the future and 20 steps a second due. Beside it: BullMQ's
 * delayed jobs, as many pending, on the same Redis.
 */
import { until } from '@tocsin/testing';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { alertText, nextKey } from './load-alerts';
import { openLoop } from './load-client';
import { bench, percentile } from './load-report';
import { Sink } from './load-sink';
import { BenchSystem } from './load-system';

const perSecond = 20;
const delayMs = 2_000;

bench('Timers: lateness of due steps among many pending ones', async (on) => {
  const sink = await Sink.open();
  const bench = await BenchSystem.start({ sink });
  const pending = on.size(100_000, 10_000);
  const seconds = on.size(20, 4);
  try {
    const few = await lateness(bench, sink, seconds);
    await bench.pool.query(
      `INSERT INTO timer (id, agency_id, kind, subject_id, run_id, ordinal, due_at, state)
       SELECT gen_random_uuid(), 'bench', 'step', gen_random_uuid(), gen_random_uuid(), 1, clock_timestamp() + interval '1 day' + n * interval '1 second', 'pending' FROM generate_series(1, $1::int) AS n`,
      [pending],
    );
    const theirs = await ofBullMq(bench.system.run.redis, pending, seconds);
    const ours = await lateness(bench, sink, seconds);
    for (const [share, floor] of [
      [0.5, 20],
      [0.99, 200],
    ] as const) {
      const name = `p${share * 100}`;
      const beside = theirs ? { baseline: { name: 'BullMQ delayed jobs', value: percentile(theirs, share) } } : {};
      on.row({
        name: `step fired after it was due, ${pending} timers pending, ${name}`,
        value: percentile(ours.fired, share),
        unit: 'ms',
        better: 'less',
        floor,
        ...beside,
        note: `without them ${percentile(few.fired, share).toFixed(1)} ms`,
      });
      on.row({
        name: `page out after its step was due, ${name}`,
        value: percentile(ours.paged, share),
        unit: 'ms',
        better: 'less',
        ...(share === 0.99 ? { floor } : {}),
      });
    }
  } finally {
    await bench.stop();
    sink.close();
  }
});

interface Lateness {
  /** The event's time, taken under the incident's lock, after the due time: both of PostgreSQL's clock. */
  readonly fired: readonly number[];
  readonly paged: readonly number[];
}

async function lateness(bench: BenchSystem, sink: Sink, seconds: number): Promise<Lateness> {
  const keys: string[] = [];
  await openLoop({
    door: bench.door,
    perSecond,
    seconds,
    body: (n) => alertText(keys[n] ?? '', { incident: 'own', page: 'soon' }),
    sentAt: (n) => void (keys[n] = nextKey()),
  });
  await until(() => keys.every((key) => sink.firstAt.has(key)), { timeoutMs: delayMs + 30_000, what: 'every page' });
  const { rows } = await bench.pool.query<{ title: string; due: number; late: number }>(
    `SELECT i.title, (extract(epoch FROM (e.data->>'dueAt')::timestamptz) * 1000)::float8 AS due, (extract(epoch FROM e.at - (e.data->>'dueAt')::timestamptz) * 1000)::float8 AS late
     FROM event e JOIN incident i ON i.id = e.stream WHERE e.type = 'escalation.step' AND i.title = ANY($1)`,
    [keys],
  );
  if (rows.length !== keys.length) throw new Error(`${rows.length} steps of ${keys.length} fired`);
  return {
    fired: rows.map(({ late }) => late),
    paged: rows.map(({ title, due }) => performance.timeOrigin + (sink.firstAt.get(title) ?? Number.NaN) - due),
  };
}

/** null without a Redis. */
async function ofBullMq(url: string | null, pending: number, seconds: number): Promise<number[] | null> {
  if (url === null) return null;
  const late: number[] = [];
  const options = { prefix: '{bench}', connection: new Redis(url, { maxRetriesPerRequest: null }) };
  const queue = new Queue('later', options);
  const worker = new Worker('later', async (job) => void late.push(Date.now() - (job.data as { due: number }).due), {
    ...options,
    connection: options.connection.duplicate(),
    concurrency: 50,
  });
  try {
    for (let from = 0; from < pending; from += 2_000)
      await queue.addBulk(
        Array.from({ length: Math.min(2_000, pending - from) }, (_, index) => ({
          name: 'far',
          data: {},
          opts: { delay: 86_400_000 + from + index },
        })),
      );
    const total = perSecond * seconds;
    for (let sent = 0; sent < total; sent += 1) {
      void queue.add('soon', { due: Date.now() + delayMs }, { delay: delayMs, removeOnComplete: true });
      await new Promise((resolve) => setTimeout(resolve, 1_000 / perSecond));
    }
    await until(() => late.length >= total, { timeoutMs: delayMs + 30_000, what: 'every delayed job' });
    return late;
  } finally {
    await worker.close();
    await queue.obliterate({ force: true });
    await queue.close();
    options.connection.disconnect();
  }
}
