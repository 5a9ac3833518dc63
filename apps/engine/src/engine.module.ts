import type { EngineSettings } from '@tocsin/config';
import { lanes } from '@tocsin/contracts';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { type Context, type HeldIncidents, heldIncidents, heldAtOnce, ProcessHeartbeat } from '@tocsin/operations';
import { openQueues, type Queues } from '@tocsin/queue';
import { openTicks, type Ticks } from '@tocsin/realtime';
import { ConfigCache, openPool, type Pool } from '@tocsin/store';
import type { Logger, Metrics } from '@tocsin/telemetry';
import { ClockWatch } from './clock-watch.js';
import { MergeLane } from './lanes.js';
import { TimerLoop } from './timers.js';
import { Watch } from './watch.js';

export interface EngineParts {
  readonly settings: EngineSettings;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** The engine: four merge lanes, the timers and the watch, each on connections of its own. */
export class Engine implements OnApplicationShutdown {
  private readonly queues: Queues;
  private readonly ticks: Ticks;
  private readonly pools: Pool[] = [];
  private readonly held: HeldIncidents;
  private readonly lanes: readonly MergeLane[];
  private readonly timers: TimerLoop;
  private readonly watch: Watch;
  private readonly clock: ClockWatch;
  private readonly heartbeat: ProcessHeartbeat;

  constructor({ settings, log, metrics }: EngineParts) {
    this.queues = openQueues(settings.redisUrl, log);
    this.ticks = openTicks(settings.redisUrl, log);
    const watchPool = this.open(settings, 'engine.watch', 3);
    const config = new ConfigCache(watchPool);
    const contextOn = (pool: Pool): Context => ({
      pool,
      config,
      log,
      relay: (queue, ids) => this.queues.add(queue, ids),
      tick: () => this.ticks.tick(),
    });
    const counters = {
      merged: metrics.counter('engine_merged_total', 'Alerts merged into incidents', ['lane', 'by']),
      seconds: metrics.histogram('engine_merge_seconds', 'Time of one merge transaction', ['lane']),
    };
    this.held = heldIncidents(contextOn(this.open(settings, 'engine.held', heldAtOnce)), (alerts) =>
      counters.merged.inc({ lane: 'any', by: 'held' }, alerts),
    );
    // Critical never waits for a connection that a flood of low holds.
    const laneContext = (lane: string): Context => contextOn(this.open(settings, `engine.${lane}`, 3));
    this.lanes = lanes.map((lane) => new MergeLane(lane, laneContext(lane), this.queues, counters, this.held));
    // One for what is due, four for incidents that somebody holds, one for what is raised meanwhile.
    this.timers = new TimerLoop(
      contextOn(this.open(settings, 'engine.timers', 6)),
      metrics.counter('engine_timer_passes_total', 'Incidents with due timers', []),
    );
    this.heartbeat = new ProcessHeartbeat({ pool: watchPool, service: 'engine', log, isReady: () => this.isReady() });
    this.watch = new Watch(contextOn(watchPool), this.heartbeat);
    this.clock = new ClockWatch(contextOn(watchPool));
  }

  /** Serves while every loop has ended a pass within the last 5 s. */
  isReady(): boolean {
    return [...this.lanes, this.timers].every((part) => part.silentMs < 5_000);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.watch.close(), this.clock.close()]);
    await Promise.all([...this.lanes.map((lane) => lane.close()), this.timers.close()]);
    await this.held.settled(2_000);
    await this.heartbeat.stop();
    await this.queues.close();
    await this.ticks.close();
    await Promise.all(this.pools.map((pool) => pool.end()));
  }

  private open(settings: EngineSettings, name: string, max: number): Pool {
    const pool = openPool({ url: settings.databaseUrl, name, max });
    this.pools.push(pool);
    return pool;
  }
}

@Module({})
export class EngineModule {
  constructor(@Inject(Engine) readonly engine: Engine) {}

  static of(parts: EngineParts): DynamicModule {
    return {
      module: EngineModule,
      providers: [{ provide: Engine, useFactory: () => new Engine(parts) }],
      exports: [Engine],
    };
  }
}
