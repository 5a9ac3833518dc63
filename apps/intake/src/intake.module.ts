import type { IntakeSettings } from '@tocsin/config';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { AlertCollector, ProcessHeartbeat, raiseSystemAlert } from '@tocsin/operations';
import { openQueues, type Queues } from '@tocsin/queue';
import { openPool, type Pool } from '@tocsin/store';
import type { Logger, Metrics } from '@tocsin/telemetry';
import { Backlog } from './backlog.js';
import type { DoorParts } from './doors.js';
import { Readiness } from './readiness.js';
import { Reception } from './reception.js';
import { SourceDirectory } from './source-directory.js';

export interface IntakeParts {
  readonly settings: Pick<IntakeSettings, 'databaseUrl' | 'redisUrl'>;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Intake: the collector on connections of its own, and what its doors ask before they hand alerts to it. */
export class Intake implements OnApplicationShutdown {
  readonly doors: DoorParts;
  readonly readiness: Readiness;
  private readonly queues: Queues;
  private readonly pools: Pool[] = [];
  private readonly collector: AlertCollector;
  private readonly backlog: Backlog;
  private readonly heartbeat: ProcessHeartbeat;

  constructor({ settings, log, metrics }: IntakeParts) {
    const open = (name: string, max: number): Pool => this.open(settings.databaseUrl, name, max);
    this.queues = openQueues(settings.redisUrl, log);
    const critical = open('intake.critical', 2);
    const others = open('intake.others', 2);
    const reads = open('intake.reads', 4);
    this.collector = new AlertCollector({
      pools: { critical, others },
      relay: (queue, ids) => this.queues.add(queue, ids),
      log,
      metrics,
    });
    const directory = new SourceDirectory(reads);
    this.backlog = new Backlog(reads);
    const reception = new Reception({
      collector: this.collector,
      backlog: this.backlog,
      pool: reads,
      onOverBudget: (source, code) => {
        void raiseSystemAlert({ pool: reads, log }, { cause: `source-${code}`, subject: source.id, params: {} }).catch(
          () => undefined,
        );
      },
    });
    this.readiness = new Readiness({ pool: critical, directory, collector: this.collector });
    this.heartbeat = new ProcessHeartbeat({
      pool: reads,
      service: 'intake',
      log,
      isReady: () => this.readiness.isPrepared(),
    });
    this.doors = { directory, reception, pool: reads, log, metrics };
  }

  /** Figures that are read when somebody looks. */
  observe(): void {
    const { metrics } = this.doors;
    metrics.gauge('intake_waiting_requests', 'Requests that have no answer yet').set(this.collector.waiting);
    metrics
      .gauge('intake_engine_behind_seconds', 'How long the oldest alert has waited for the engine, as last asked')
      .set(this.backlog.seconds);
  }

  isReady(): Promise<{ ready: boolean; reason?: string }> {
    return this.readiness.check(this.heartbeat);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.collector.close();
    await this.heartbeat.stop();
    await this.queues.close();
    await Promise.all(this.pools.map((pool) => pool.end()));
  }

  /** 503 within 2 s: neither a connection nor a statement is waited for longer. */
  private open(url: string, name: string, max: number): Pool {
    const pool = openPool({ url, name, max, connectTimeoutMs: 1_000, statementTimeoutMs: 1_400 });
    this.pools.push(pool);
    return pool;
  }
}

@Module({})
export class IntakeModule {
  constructor(@Inject(Intake) readonly intake: Intake) {}

  static of(parts: IntakeParts): DynamicModule {
    return {
      module: IntakeModule,
      providers: [{ provide: Intake, useFactory: () => new Intake(parts) }],
      exports: [Intake],
    };
  }
}
