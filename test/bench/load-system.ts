import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPool, type Pool } from '@tocsin/store';
import { until } from '@tocsin/testing';
import { clone, type ServiceName, System } from '../system/run-system';
import type { Door } from './load-client';
import type { MailSink, Sink } from './load-sink';

/** The whole product with test/bench/config, its pages going to the given sinks, and a connection to its database. */
export class BenchSystem {
  private constructor(
    readonly system: System,
    readonly pool: Pool,
    private readonly config: string,
  ) {}

  static async start(to: { sink: Sink; mail?: MailSink }): Promise<BenchSystem> {
    const config = mkdtempSync(join(tmpdir(), 'bench-config-'));
    cpSync(join(clone, 'test/bench/config'), config, { recursive: true });
    const unit = join(config, 'unit.yaml');
    writeFileSync(unit, readFileSync(unit, 'utf8').replace(/^address: SINK$/m, `address: ${to.sink.url}`));
    const system = await System.start({
      config,
      env: { WEBHOOK_ALLOW_HOSTS: to.sink.host, ...(to.mail ? { SMTP_URL: to.mail.url } : {}) },
    });
    return new BenchSystem(
      system,
      openPool({ url: system.run.postgres, name: 'bench', max: 3, statementTimeoutMs: 120_000 }),
      config,
    );
  }

  get door(): Door {
    return { url: this.system.intake, path: '/v1/alerts', token: this.system.sourceToken };
  }

  async count(sql: string, values: unknown[] = []): Promise<number> {
    const { rows } = await this.pool.query<{ n: string }>(sql, values);
    return Number(rows[0]?.n ?? 0);
  }

  /** When no alert waits for the engine. @returns performance.now() of that. */
  async merged(timeoutMs = 180_000): Promise<number> {
    await until(
      async () =>
        (await this.count(
          'SELECT count(*) AS n FROM (SELECT 1 FROM alert WHERE work_due_at IS NOT NULL LIMIT 1) AS waiting',
        )) === 0,
      { timeoutMs, everyMs: 20, what: 'every alert merged' },
    );
    return performance.now();
  }

  signal(name: ServiceName, signal: NodeJS.Signals): void {
    process.kill(this.system.run.services[name].pid, signal);
  }

  /**
   * Stops engine and notifier where they stand, and not within a transaction, whose locks would stop intake as well.
   * For less than 25 s: the supervisor ends a service that is silent for 30.
   */
  async pauseLanes(): Promise<void> {
    for (let tries = 0; tries < 50; tries += 1) {
      this.signal('engine', 'SIGSTOP');
      this.signal('notifier', 'SIGSTOP');
      const open = await this.count(
        `SELECT count(*) AS n FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND application_name ~ '^tocsin (engine|notifier)'`,
      );
      if (open === 0) return;
      this.resumeLanes();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error('engine or notifier was always within a transaction');
  }

  resumeLanes(): void {
    this.signal('engine', 'SIGCONT');
    this.signal('notifier', 'SIGCONT');
  }

  /** Forgets the alerts of the last case, so that each begins with empty tables and indexes. Only while the lanes are paused. */
  async forgetAlerts(): Promise<void> {
    await this.pool.query(`SET lock_timeout = '5s'; TRUNCATE alert, raw_signal; RESET lock_timeout`);
    await this.pool.query('CHECKPOINT');
  }

  async stop(): Promise<void> {
    await this.pool.end();
    for (const name of ['engine', 'notifier', 'gateway'] as const) {
      try {
        this.signal(name, 'SIGCONT');
      } catch {
        // It has ended already.
      }
    }
    await this.system.stop();
    rmSync(this.config, { recursive: true, force: true });
  }
}
