import { alertQueue, idsPerJob, type Lane, lanes } from '@tocsin/contracts';
import { type Context, type HeldIncidents, Loop } from '@tocsin/operations';
import { Batcher, type Consumer, type Queues } from '@tocsin/queue';
import { findSweptAlerts, type SweptAlert } from '@tocsin/store';
import { BegunAlerts } from './begun-alerts.js';
import { type LaneMetrics, Merging } from './merging.js';

/** Alerts in one transaction: low gives way, so that a flood of it never holds locks or the loop for long. */
const largestBatch: Readonly<Record<Lane, number>> = { critical: 150, high: 150, medium: 150, low: 75 };
/** What is critical never waits for company. */
const restOf = (lane: Lane) => (lane === 'critical' ? {} : { rest: { mostMs: 50, below: 32 } });
const sweepEveryMs = 250;
/** Rows that a queue should have brought by now. */
const sweptAfterMs = 1_000;
const mostAttempts = 5;
/** Rows begun before by a process that did not come back are begun one by one, so many in a pass. */
const suspectsPerPass = 25;
/** An alert that somebody held whenever it was looked for is waited for after this long, so many in a pass. */
const hotAfterMs = 1_000;
const hotPerPass = 5;
/** Sweeps in a row that find work which a connected queue did not bring, before its worker is rebuilt. */
const sweepsBeforeRebuild = 8;

/** One lane of alerts: its worker, its batcher, its sweeper, its connections. */
export class MergeLane {
  private readonly merging: Merging;
  private readonly begun: BegunAlerts;
  private readonly batcher: Batcher<readonly string[], void>;
  private readonly consumer: Consumer;
  private readonly sweeper: Loop;
  private silentSweeps = 0;
  private handledBefore = 0;
  private rebuilding: Promise<void> | undefined;

  constructor(
    private readonly lane: Lane,
    private readonly context: Context,
    private readonly queues: Queues,
    metrics: LaneMetrics,
    /** Shared by all lanes: an incident that somebody holds is waited for once. */
    private readonly held: HeldIncidents,
  ) {
    this.merging = new Merging(lane, context, metrics, held);
    this.begun = new BegunAlerts(context.pool);
    this.batcher = new Batcher({
      maxWeight: largestBatch[lane],
      weight: (ids) => ids.length,
      ...restOf(lane),
      run: (groups) => this.runBatch(groups),
    });
    const handle = (ids: readonly string[]): Promise<void> => this.batcher.push(ids);
    this.consumer = queues.consume({
      queue: alertQueue(lane),
      concurrency: Math.ceil((4 * largestBatch[lane]) / idsPerJob) + 64,
      handle,
    });
    this.sweeper = new Loop({ name: `sweep.${lane}`, log: context.log, pass: () => this.sweep() });
  }

  /** Milliseconds since the sweeper's last good pass: the liveness of the lane. */
  get silentMs(): number {
    return performance.now() - this.sweeper.lastPassAt;
  }

  async close(): Promise<void> {
    await Promise.all([this.sweeper.stop(), this.consumer.close(), this.rebuilding]);
    await this.batcher.drained();
  }

  private async runBatch(groups: readonly (readonly string[])[]): Promise<void[]> {
    try {
      await this.merging.work(groups.flat(), { by: 'queue' });
    } finally {
      this.held.begin();
    }
    return groups.map(() => undefined);
  }

  private async sweep(): Promise<number> {
    const waitedMs = this.queues.connected ? sweptAfterMs : 0;
    const limit = largestBatch[this.lane];
    await this.begun.forgive();
    const rows = await findSweptAlerts(this.context.pool, {
      lane: lanes.indexOf(this.lane),
      waitedMs,
      limit,
      without: this.merging.left,
    });
    this.watchWorker(rows.length);
    await this.sweepRows(rows);
    if (rows.length >= limit) return 0;
    return this.queues.connected ? sweepEveryMs : 25;
  }

  private async sweepRows(rows: readonly SweptAlert[]): Promise<void> {
    const isSuspect = ({ id, attempts }: SweptAlert): boolean => attempts > 0 && !this.begun.has(id);
    const suspects = rows.filter(isSuspect).sort((a, b) => a.attempts - b.attempts);
    const fresh = rows.filter((row) => !isSuspect(row));
    const merged = new Set(await this.beginAndWork(fresh.map(({ id }) => id)));
    // One of them killed its process, and its neighbours were counted with it: alone each shows what it is, the killer last.
    for (const { id } of suspects.slice(0, suspectsPerPass)) await this.beginAndWork([id]);
    const left = new Set([...this.merging.left, ...this.held.queued]);
    const hot = fresh.filter(({ id, waitedMs }) => waitedMs > hotAfterMs && !merged.has(id) && !left.has(id));
    for (const { id } of hot.slice(0, hotPerPass)) await this.merging.workHot(id);
  }

  /** Counted as begun, worked, and forgiven where this process came back from them without a merge. Answers what was merged. */
  private async beginAndWork(ids: readonly string[]): Promise<readonly string[]> {
    if (ids.length === 0) return [];
    // crash-point: sweep.before-begin
    const begun = await this.begun.begin(ids);
    const [spent, alive] = [
      begun.filter(({ attempts }) => attempts > mostAttempts),
      begun.filter(({ attempts }) => attempts <= mostAttempts),
    ];
    try {
      // crash-point: sweep.begun
      for (const { id } of spent) await this.merging.park(id, 'too-many-attempts');
      if (alive.length === 0) return [];
      const working = alive.map(({ id }) => id);
      const merged = await this.merging.work(working, { by: 'sweeper', onConflict: (id) => this.begun.settle([id]) });
      this.begun.settle(merged);
      return merged;
    } finally {
      await this.begun.forgive();
      this.held.begin();
    }
  }

  /** A worker can go silent while its connection looks healthy (BullMQ 6.1.2 never woke again); then it is made anew. */
  private watchWorker(swept: number): void {
    const isSilent = this.queues.connected && swept > 0 && this.consumer.handled === this.handledBefore;
    this.handledBefore = this.consumer.handled;
    this.silentSweeps = isSilent ? this.silentSweeps + 1 : 0;
    if (this.silentSweeps < sweepsBeforeRebuild || this.rebuilding !== undefined) return;
    this.silentSweeps = 0;
    // Beside the sweep: closing a worker whose Redis is silent takes seconds that the rows do not have.
    this.rebuilding = this.consumer.rebuild('the sweeper finds work that the queue does not bring').finally(() => {
      this.rebuilding = undefined;
    });
  }
}
