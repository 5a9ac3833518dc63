import { alertQueue, idsPerJob, type Lane, lanes } from '@tocsin/contracts';
import { type Context, isolatePoison, Loop, mergeAlerts, parkPoisonedAlert } from '@tocsin/operations';
import { Batcher, type Consumer, type Queues } from '@tocsin/queue';
import { beginSweptAlerts } from '@tocsin/store';
import type { Counter, Histogram } from 'prom-client';

/** Alerts in one transaction: low gives way, so that a flood of it never holds locks or the loop for long. */
const largestBatch: Readonly<Record<Lane, number>> = { critical: 300, high: 300, medium: 300, low: 100 };
const sweepEveryMs = 250;
/** Rows that a queue should have brought by now. */
const sweptAfterMs = 1_000;
const mostAttempts = 5;
/** Sweeps in a row that find work which a connected queue did not bring, before its worker is rebuilt. */
const sweepsBeforeRebuild = 8;

export interface LaneMetrics {
  readonly merged: Counter<'lane' | 'by'>;
  readonly seconds: Histogram<'lane'>;
}

/** One lane of alerts: its worker, its batcher, its sweeper, its connections. */
export class MergeLane {
  private readonly batcher: Batcher<readonly string[], void>;
  private readonly consumer: Consumer;
  private readonly sweeper: Loop;
  private silentSweeps = 0;
  private handledBefore = 0;

  constructor(
    private readonly lane: Lane,
    private readonly context: Context,
    private readonly queues: Queues,
    private readonly metrics: LaneMetrics,
  ) {
    this.batcher = new Batcher({
      maxWeight: largestBatch[lane],
      weight: (ids) => ids.length,
      run: async (groups) => {
        await this.work(groups.flat(), 'queue');
        return groups.map(() => undefined);
      },
    });
    const handle = (ids: readonly string[]): Promise<void> => this.batcher.push(ids);
    this.consumer = queues.consume({ queue: alertQueue(lane), concurrency: Math.ceil((4 * largestBatch[lane]) / idsPerJob) + 64, handle });
    this.sweeper = new Loop({ name: `sweep.${lane}`, log: context.log, pass: () => this.sweep() });
  }

  /** Milliseconds since the sweeper's last good pass: the liveness of the lane. */
  get silentMs(): number {
    return performance.now() - this.sweeper.lastPassAt;
  }

  async close(): Promise<void> {
    await Promise.all([this.sweeper.stop(), this.consumer.close()]);
    await this.batcher.drained();
  }

  private async sweep(): Promise<number> {
    const waitedMs = this.queues.connected ? sweptAfterMs : 0;
    const rows = await beginSweptAlerts(this.context.pool, lanes.indexOf(this.lane), waitedMs, largestBatch[this.lane]);
    await this.watchWorker(rows.length);
    const poisoned = rows.filter((row) => row.attempts > mostAttempts);
    for (const { id } of poisoned) await parkPoisonedAlert(this.context, id, 'too-many-attempts');
    const ids = rows.filter((row) => row.attempts <= mostAttempts).map((row) => row.id);
    if (ids.length > 0) await this.work(ids, 'sweeper');
    if (rows.length >= largestBatch[this.lane]) return 0;
    return this.queues.connected ? sweepEveryMs : 25;
  }

  /** A worker can go silent while its connection looks healthy (BullMQ 6.1.2 never woke again); then it is made anew. */
  private async watchWorker(swept: number): Promise<void> {
    const isSilent = this.queues.connected && swept > 0 && this.consumer.handled === this.handledBefore;
    this.handledBefore = this.consumer.handled;
    this.silentSweeps = isSilent ? this.silentSweeps + 1 : 0;
    if (this.silentSweeps < sweepsBeforeRebuild) return;
    this.silentSweeps = 0;
    await this.consumer.rebuild('the sweeper finds work that the queue does not bring');
  }

  private async work(ids: readonly string[], by: 'queue' | 'sweeper'): Promise<void> {
    const end = this.metrics.seconds.startTimer({ lane: this.lane });
    await isolatePoison(ids, {
      work: async (part) => {
        this.metrics.merged.inc({ lane: this.lane, by }, await mergeAlerts(this.context, part));
      },
      park: (id, code) => parkPoisonedAlert(this.context, id, code),
      onHalved: (size, code) => this.context.log.warn('merge.halved', { lane: this.lane, size, code }),
    });
    end();
  }
}
