import { BullQueues } from './bullmq-queues.js';
import { NoQueues, type QueueLog, type Queues } from './queues.js';

export { Batcher, type BatcherOptions } from './batcher.js';
export { BullQueues } from './bullmq-queues.js';
export { type ConsumeOptions, type Consumer, NoQueues, type QueueLog, type Queues } from './queues.js';
export { producerConnection, workerConnection } from './redis-connection.js';

/** The queues of `redisUrl`; without one the system runs on its sweepers alone. */
export function openQueues(redisUrl: string | null, log: QueueLog): Queues {
  return redisUrl ? new BullQueues(redisUrl, log) : new NoQueues();
}
