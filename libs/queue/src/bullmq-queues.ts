import { idsPerJob, type Identities, queuePrefix } from '@tocsin/contracts';
import { Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { ConsumeOptions, Consumer, QueueLog, Queues } from './queues.js';
import { producerConnection, workerConnection } from './redis-connection.js';

/** Short locks: with the defaults a job of a killed worker came back after 59 s, with these after 2 to 3 s (measured). */
const lock = { lockDuration: 5_000, stalledInterval: 2_500, maxStalledCount: 1_000_000 } as const;
const addDeadlineMs = 1_000;
/** After an add that failed Redis is not counted on for this long. */
const doubtedForMs = 1_000;
/** A process that only consumes adds nothing by which it would notice that Redis hangs. */
const pingEveryMs = 1_000;

export class BullQueues implements Queues {
  private readonly producer: Redis;
  private readonly queues = new Map<string, Queue>();
  private readonly consumers: BullConsumer[] = [];
  dropped = 0;
  private doubtedUntil = Number.NEGATIVE_INFINITY;
  private isReconnecting = false;
  private readonly pulse: NodeJS.Timeout;

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
      this.isReconnecting = false;
      if (!lost) log.warn('queue.disconnected', {});
      lost = true;
    });
    this.pulse = setInterval(() => this.ping(), pingEveryMs).unref();
  }

  /**
   * Not merely a socket: a Redis that hangs, is out of memory or read-only takes nothing either, and the sweepers must not
   * wait for what it will not bring.
   */
  get connected(): boolean {
    return this.producer.status === 'ready' && performance.now() >= this.doubtedUntil;
  }

  add(queue: string, ids: readonly string[]): void {
    if (ids.length === 0) return;
    if (!this.connected) {
      this.dropped += ids.length;
      return;
    }
    for (let start = 0; start < ids.length; start += idsPerJob) {
      const part: Identities = { ids: ids.slice(start, start + idsPerJob) };
      this.addJob(queue, part).catch((error: unknown) => {
        this.dropped += part.ids.length;
        this.doubt(error);
      });
    }
  }

  consume(options: ConsumeOptions): Consumer {
    const consumer = new BullConsumer(this.url, options, this.log);
    this.consumers.push(consumer);
    return consumer;
  }

  async close(): Promise<void> {
    clearInterval(this.pulse);
    await Promise.allSettled(this.consumers.map((consumer) => consumer.close()));
    await Promise.allSettled([...this.queues.values()].map((queue) => withDeadline(queue.close(), addDeadlineMs)));
    this.producer.disconnect();
  }

  private ping(): void {
    if (this.connected) this.producer.ping().catch((error: unknown) => this.doubt(error));
  }

  private doubt(error: unknown): void {
    if (this.connected)
      this.log.warn('queue.refused', { error: error instanceof Error ? error.message : String(error) });
    this.doubtedUntil = performance.now() + doubtedForMs;
    // Silent: what was handed over would pile up until it speaks again. A new connection counts once it has answered.
    if (!isSilence(error) || this.isReconnecting || this.producer.status !== 'ready') return;
    this.isReconnecting = true;
    this.producer.disconnect(true);
  }

  private async addJob(name: string, data: Identities): Promise<void> {
    const queue = this.queues.get(name) ?? this.open(name);
    try {
      // Kept jobs would block a re-add and fill Redis: failures are kept in PostgreSQL.
      // crash-point: queue.before-add
      await withDeadline(queue.add('ids', data, { removeOnComplete: true, removeOnFail: true }), addDeadlineMs);
    } catch (error) {
      // A queue whose first question to Redis failed remembers that for ever and refuses every later add (tried on 6.7.0).
      if (this.queues.get(name) === queue) this.queues.delete(name);
      void withDeadline(queue.close(), addDeadlineMs).catch(() => {});
      throw error;
    }
  }

  private open(name: string): Queue {
    const queue = new Queue(name, { prefix: queuePrefix, connection: this.producer, skipWaitingForReady: true });
    queue.on('error', () => {});
    this.queues.set(name, queue);
    return queue;
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
        // crash-point: queue.before-handle
        await this.options.handle(job.data.ids);
        // crash-point: queue.after-handle
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
    worker.on('failed', (_job, error) =>
      this.log.warn('queue.job-failed', { queue: this.queue, error: error.message }),
    );
    return worker;
  }
}

class NoAnswer extends Error {}

/** Our own deadline, or ioredis' for one command. */
function isSilence(error: unknown): boolean {
  return error instanceof NoAnswer || (error instanceof Error && error.message === 'Command timed out');
}

async function withDeadline<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
