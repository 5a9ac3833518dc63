import type { GatewaySettings } from '@tocsin/config';
import { type Context, SignIn, SignInThrottle } from '@tocsin/operations';
import { openQueues } from '@tocsin/queue';
import { openTicks } from '@tocsin/realtime';
import { ConfigCache, openPool } from '@tocsin/store';
import type { Logger, Metrics } from '@tocsin/telemetry';
import { Origins } from './edge/origins.js';
import { Parts } from './parts.js';

export interface OpenedParts {
  readonly parts: Parts;
  close(): Promise<void>;
}

/** Opens what a gateway works with. */
export function openParts(settings: GatewaySettings, { log, metrics }: { log: Logger; metrics: Metrics }): OpenedParts {
  const onIdleError = (error: Error): void => log.warn('store.connection_lost', { error });
  const pool = openPool({ url: settings.databaseUrl, name: 'gateway', max: 10, onIdleError });
  const livePool = openPool({ url: settings.databaseUrl, name: 'gateway.live', max: 5, onIdleError });
  const queues = openQueues(settings.redisUrl, log);
  const ticks = openTicks(settings.redisUrl, log);
  const context: Context = {
    pool,
    config: new ConfigCache(livePool),
    relay: (queue, ids) => queues.add(queue, ids),
    tick: () => ticks.tick(),
    log,
  };
  const signIn = new SignIn(context, new SignInThrottle());
  const origins = new Origins(settings.publicUrl, settings.port);
  const parts = new Parts({ settings, log, metrics, pool, livePool, context, ticks, signIn, origins });
  const close = async (): Promise<void> => {
    await queues.close();
    await ticks.close();
    await Promise.all([pool.end(), livePool.end()]);
  };
  return { parts, close };
}
