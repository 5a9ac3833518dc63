import { join } from 'node:path';
import type { Channel, PageMessage } from '@tocsin/channels';
import { normaliseAlert } from '@tocsin/domain';
import {
  AlertCollector,
  applyFolder,
  claimForPeople,
  withinLocks,
  type Context,
  mergeAlerts,
  type PageContext,
  performAct,
  recordResults,
  sendDelivery,
  TimerSweeper,
} from '@tocsin/operations';
import { ConfigCache, findPagedPeople, openPool, type Pool, sealer } from '@tocsin/store';
import { createMetrics, silentLogger } from '@tocsin/telemetry';
import { type TestDatabase, testDatabase } from '@tocsin/testing';

const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;

/** One database and eight connections, each with the operation of one service on it, as the services would run them. */
export class RaceScene {
  private readonly pools: Pool[] = [];
  readonly config: ConfigCache;
  readonly collector: AlertCollector;
  readonly mails: { readonly message: PageMessage; readonly at: number }[] = [];
  private readonly people: Readonly<Record<string, string>>;

  private constructor(
    readonly db: TestDatabase,
    slugs: Readonly<Record<string, string>>,
  ) {
    this.people = slugs;
    this.config = new ConfigCache(db.pool);
    this.collector = new AlertCollector({
      pools: { critical: this.connection('intake.critical'), others: this.connection('intake.others') },
      relay: () => {},
      log: silentLogger,
      metrics: createMetrics('races', { processMetrics: false }),
      concurrency: { critical: 1, others: 1 },
    });
  }

  static async open(): Promise<RaceScene> {
    const db = await testDatabase();
    await applyFolder({ databaseUrl: db.url, dir: join(__dirname, '../../system/config'), by: 'test' });
    const { document } = await new ConfigCache(db.pool).current();
    return new RaceScene(db, Object.fromEntries(document.people.map((person) => [person.slug, person.id])));
  }

  personId(slug: string): string {
    return this.people[slug] ?? '';
  }

  /** A context on one connection of its own. */
  context(name: string, connections = 1): Context {
    return {
      pool: this.connection(name, connections),
      config: this.config,
      relay: () => {},
      tick: () => {},
      log: silentLogger,
    };
  }

  pageContext(name: string): PageContext {
    const channel: Channel = {
      kind: 'email',
      provesArrival: false,
      deadlineMs: 1_000,
      configured: () => true,
      close: async () => {},
      send: async (message) => {
        this.mails.push({ message, at: performance.now() });
        return { kind: 'accepted' };
      },
    };
    return {
      ...this.context(name),
      channel,
      sealer: sealer('races'),
      ackKey: 'races',
      publicUrl: 'https://tocsin.test',
    };
  }

  /** What the HTTP door hands to the collector for one alert; answers the alert's id. */
  async accept(item: {
    key: string;
    site?: string;
    zone?: string;
    category?: string;
    severity?: 'critical' | 'high';
    title?: string;
    status?: 'resolved';
  }): Promise<string | null> {
    const outcome = await this.collector.accept({
      principal: { kind: 'source', agency: 'testland', id: 'panels' },
      door: 'POST /v1/alerts',
      contentType: 'application/json',
      body: Buffer.from(JSON.stringify(item)),
      signals: [normaliseAlert(item, {})],
      positions: [0],
      idempotencyKey: null,
      isPartial: false,
      render: () => ({ status: 202, text: '{}' }),
    });
    if (!outcome.ok) throw new Error(outcome.code);
    const [first] = outcome.outcomes;
    return first && 'id' in first ? first.id : null;
  }

  async mergeWaiting(context: Context): Promise<number> {
    const { rows } = await context.pool.query<{ id: string }>(
      'SELECT id FROM alert WHERE work_due_at <= clock_timestamp() AND parked_at IS NULL ORDER BY work_due_at LIMIT 200',
    );
    return rows.length === 0
      ? 0
      : mergeAlerts(
          context,
          rows.map((row) => row.id),
        );
  }

  /** As the engine's own loop does. */
  sweeper(context: Context): TimerSweeper {
    return new TimerSweeper(context);
  }

  async claimAndSend(context: PageContext): Promise<number> {
    const work = await findPagedPeople(context.pool, {
      channel: 'email',
      severities: [...severities],
      waitedMs: 0,
      limit: 50,
    });
    if (work.length === 0) return 0;
    const claim = await claimForPeople(context, withinLocks(work));
    const results = await Promise.all(
      claim.deliveries.map((claimed) =>
        sendDelivery(context, { claimed, config: claim.config, signal: new AbortController().signal }),
      ),
    );
    if (results.length > 0) await recordResults(context, results);
    return results.length;
  }

  act(
    context: Context,
    incidentId: string,
    act: Parameters<typeof performAct>[1]['act'],
  ): ReturnType<typeof performAct> {
    const person = {
      id: this.personId('amina'),
      agency: 'testland',
      grants: [{ role: 'operator', scope: { kind: 'unit' } }],
    } as const;
    return performAct(context, {
      person,
      sight: { agency: 'testland', all: true, sites: [], security: false },
      incidentId,
      act,
      idempotency: null,
    });
  }

  async close(): Promise<void> {
    await this.collector.close();
    await Promise.all(this.pools.map((pool) => pool.end()));
    await this.db.drop();
  }

  private connection(name: string, max = 1): Pool {
    const pool = openPool({ url: this.db.url, name: `races.${name}`, max });
    this.pools.push(pool);
    return pool;
  }
}
