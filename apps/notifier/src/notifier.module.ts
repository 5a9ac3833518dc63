import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { NotifierSettings } from '@tocsin/config';
import { lanes } from '@tocsin/contracts';
import { channels, classify } from '@tocsin/domain';
import {
  type Context,
  heldAtOnce,
  type PageContext,
  type PageSecrets,
  ProcessHeartbeat,
  raiseSystemAlert,
  readPageSecrets,
} from '@tocsin/operations';
import { openQueues, type Queues } from '@tocsin/queue';
import { openTicks, type Ticks } from '@tocsin/realtime';
import { ConfigCache, openPool, type Pool, type Sealer, sealer } from '@tocsin/store';
import type { Logger, Metrics } from '@tocsin/telemetry';
import { randomBytes } from 'node:crypto';
import { openChannel } from './open-channel.js';
import { PageLane, placesOf } from './page-lane.js';
import { pageMetrics } from './page-metrics.js';
import { Standby } from './standby.js';
import { PageSweeper, type SweptLane } from './page-sweeper.js';

export interface NotifierParts {
  readonly settings: NotifierSettings;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** The notifier: a lane for each channel and severity, and the sweeper over them, each on connections of its own. */
export class Notifier implements OnApplicationShutdown {
  private readonly queues: Queues;
  private readonly ticks: Ticks;
  private readonly pools: Pool[] = [];
  private readonly channels: PageContext['channel'][] = [];
  private readonly lanes: readonly SweptLane[];
  private readonly sweeper: PageSweeper;
  private readonly standby: Standby;
  private readonly heartbeat: ProcessHeartbeat;

  private constructor(
    { settings, log, metrics }: NotifierParts,
    keys: { sealer: Sealer; secrets: PageSecrets | null },
    watchPool: Pool,
  ) {
    this.pools.push(watchPool);
    this.queues = openQueues(settings.redisUrl, log);
    // That a page left or arrived may be seen a moment later: each look costs every gateway a millisecond.
    this.ticks = openTicks(settings.redisUrl, log, { gatherMs: 25 });
    const config = new ConfigCache(watchPool);
    const contextOn = (pool: Pool): Context => ({
      pool,
      config,
      log,
      relay: (queue, ids) => this.queues.add(queue, ids),
      tick: () => this.ticks.tick(),
    });
    const publicUrl = settings.publicUrl ?? `http://${settings.bindAddress}:${settings.gatewayPort}`;
    const counters = pageMetrics(metrics);
    // Without the kept key codes are made that nobody else can check: pages go out, and are acknowledged at the console.
    const ackKey = keys.secrets?.ackKey ?? randomBytes(32).toString('base64url');
    const laneOf = (kind: (typeof channels)[number], lane: (typeof lanes)[number]): SweptLane => {
      const capacity = placesOf[kind][lane];
      const channel = openChannel(kind, { settings, publicUrl, secrets: keys.secrets, places: capacity });
      this.channels.push(channel);
      const context: PageContext = {
        ...contextOn(this.open(settings, `notifier.${kind}.${lane}`)),
        channel,
        sealer: keys.sealer,
        ackKey,
        publicUrl,
      };
      return { channel: kind, lane: new PageLane({ lane, context, queues: this.queues, metrics: counters, capacity }) };
    };
    this.lanes = channels.flatMap((kind) => lanes.map((lane) => laneOf(kind, lane)));
    this.sweeper = new PageSweeper(contextOn(this.open(settings, 'notifier.sweeper', 4)), this.queues, this.lanes);
    this.heartbeat = new ProcessHeartbeat({ pool: watchPool, service: 'notifier', log, isReady: () => this.isReady() });
    const isEngineMissing = (): boolean => this.heartbeat.missingServices.includes('engine');
    this.standby = new Standby(contextOn(this.open(settings, 'notifier.standby', 10 + heldAtOnce)), isEngineMissing);
  }

  static async start(parts: NotifierParts): Promise<Notifier> {
    const { settings, log } = parts;
    const pool = openPool({ url: settings.databaseUrl, name: 'notifier.watch', max: 2 });
    const keys = sealer(settings.secret);
    const secrets = await readPageSecrets(pool, keys).catch(async (error: unknown) => {
      const { code, message } = classify(error);
      if (code !== 'bad-secret') throw error;
      // Paging fails open: mail still goes out, and somebody hears of it.
      log.error('page.secrets_unreadable', { code, error: message });
      await raiseSystemAlert({ pool, log }, { cause: 'bad-secret', subject: 'notifier', params: { code } });
      return null;
    });
    return new Notifier(parts, { sealer: keys, secrets }, pool);
  }

  /** Serves while every loop has ended a pass within the last 5 s. */
  isReady(): boolean {
    return this.sweeper.silentMs < 5_000 && this.lanes.every(({ lane }) => lane.silentMs < 5_000);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.sweeper.close(), this.standby.close()]);
    await Promise.all(this.lanes.map(({ lane }) => lane.close()));
    await this.heartbeat.stop();
    await this.queues.close();
    await this.ticks.close();
    await Promise.all(this.channels.map((channel) => channel.close()));
    await Promise.all(this.pools.map((pool) => pool.end()));
  }

  private open(settings: NotifierSettings, name: string, max = 3): Pool {
    // Of a lane: one for the claim, one for results, one for what names an incident that somebody holds.
    const pool = openPool({ url: settings.databaseUrl, name, max });
    this.pools.push(pool);
    return pool;
  }
}

@Module({})
export class NotifierModule {
  constructor(@Inject(Notifier) readonly notifier: Notifier) {}

  static of(parts: NotifierParts): DynamicModule {
    return {
      module: NotifierModule,
      providers: [{ provide: Notifier, useFactory: () => Notifier.start(parts) }],
      exports: [Notifier],
    };
  }
}
