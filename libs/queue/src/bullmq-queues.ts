import { idsPerJob, type Identities, queuePrefix } from '@tocsin/contracts';
import { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { ConsumeOptions, Consumer, QueueLog, Queues } from './queues.js';
import { producerConnection, workerConnection } from './redis-connection.js';

/** Short locks: with the defaults a job of a killed worker came back after 59 s, with these after 2 to 3 s (measured). */
const lock = { lockDuration: 5_000, stalledInterval: 2_500, maxStalledCount: 1_000_000 } as const;
const addDeadlineMs = 1_000;

export class BullQueues implements Queues {
  private readonly producer: Redis;
  private readonly queues = new Map<string, Queue>();
  private readonly consumers: BullConsumer[] = [];
  dropped = 0;

  constructor(
    private readonly url: string,
    private readonly log: QueueLog,
  ) {
    this.producer = producerConnection(url);
    let lost = false;
    this.producer.on('ready', () => {
      if (lost) log.info('queue.connected', {});
      lost = false;
    });
    this.producer.on('close', () => {
      if (!lost) log.warn('queue.disconnected', {});
      lost = true;
    });
  }

  get connected(): boolean {
    return this.producer.status === 'ready';
  }

  add(queue: string, ids: readonly string[]): void {
    if (ids.length === 0) return;
    if (!this.connected) {
      this.dropped += ids.length;
      return;
    }
    for (let start = 0; start < ids.length; start += idsPerJob) {
      const part: Identities = { ids: ids.slice(start, start + idsPerJob) };
      this.addJob(queue, part).catch(() => {
        this.dropped += part.ids.length;
      });
    }
  }

  consume(options: ConsumeOptions): Consumer {
    const consumer = new BullConsumer(this.url, options, this.log);
    this.consumers.push(consumer);
    return consumer;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.consumers.map((consumer) => consumer.close()));
    await Promise.allSettled([...this.queues.values()].map((queue) => withDeadline(queue.close(), addDeadlineMs)));
    this.producer.disconnect();
  }

  private async addJob(name: string, data: Identities): Promise<void> {
    let queue = this.queues.get(name);
    if (!queue) {
      queue = new Queue(name, { prefix: queuePrefix, connection: this.producer, skipWaitingForReady: true });
      queue.on('error', () => {});
      this.queues.set(name, queue);
    }
    // Kept jobs would block a re-add and fill Redis: failures are kept in PostgreSQL.
    await withDeadline(queue.add('ids', data, { removeOnComplete: true, removeOnFail: true }), addDeadlineMs);
  }
}

class BullConsumer implements Consumer {
  readonly queue: string;
  handled = 0;
  private worker: Worker;
  private connection: Redis;

  constructor(
    private readonly url: string,
    private readonly options: ConsumeOptions,
    private readonly log: QueueLog,
  ) {
    this.queue = options.queue;
    this.connection = workerConnection(url);
    this.worker = this.makeWorker();
  }

  async rebuild(why: string): Promise<void> {
    this.log.warn('queue.worker-rebuilt', { queue: this.queue, why });
    const { worker, connection } = this;
    this.connection = workerConnection(this.url);
    this.worker = this.makeWorker();
    await withDeadline(worker.close(true), 2_000).catch(() => {});
    connection.disconnect();
  }

  async close(): Promise<void> {
    await withDeadline(this.worker.close(), 3_000).catch(() => {});
    // Closing the worker ends its connection as well; disconnecting an ended one leaves ioredis' 2 s timer behind.
    if (this.connection.status !== 'end') this.connection.disconnect();
  }

  private makeWorker(): Worker {
    const worker = new Worker<Identities>(
      this.options.queue,
      async (job) => {
        await this.options.handle(job.data.ids);
        this.handled += 1;
      },
      {
        ...lock,
        prefix: queuePrefix,
        connection: this.connection,
        concurrency: this.options.concurrency,
        drainDelay: 5,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
        runRetryDelay: 500,
      },
    );
    worker.on('error', () => {});
    worker.on('failed', (_job, error) => this.log.warn('queue.job-failed', { queue: this.queue, error: error.message }));
    return worker;
  }
}

async function withDeadline<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
