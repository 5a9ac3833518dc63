import { createHash } from 'node:crypto';
import { alertQueue, idsPerJob, lanes } from '@tocsin/contracts';
import { classify, type Fault, laneOf } from '@tocsin/domain';
import { Batcher } from '@tocsin/queue';
import type { Pool } from '@tocsin/store';
import type { Logger, Metrics } from '@tocsin/telemetry';
import { acceptBatch } from './accept-alerts-batch.js';
import { Breaker } from './accept-alerts-breaker.js';
import { acceptIsolating, repeating } from './accept-alerts-isolate.js';
import { RecentKeys } from './accept-alerts-recent-keys.js';
import { rehearseBatch } from './accept-alerts-rehearse.js';
import type { AcceptOutcome, AlertRequest, Principal } from './accept-alerts-request.js';
import { type HashedRequest, hashRequest, type WaitingId } from './accept-alerts-rows.js';

export interface CollectorOptions {
  /** Critical has its own batcher and its own connections: a flood of low never stands before it. */
  readonly pools: { readonly critical: Pool; readonly others: Pool };
  /** Adds identities to a queue after COMMIT; never throws, never waits. */
  readonly relay: (queue: string, ids: readonly string[]) => void;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Batches under way at once, per batcher. */
  readonly concurrency?: { readonly critical: number; readonly others: number };
}

/** 503 within 2 s, whatever PostgreSQL does: the answer's deadline, and a batch's own, after which its connection is cut. */
const answerWithinMs = 1_800;
const batchWithinMs = 1_500;
/** Alerts in one transaction. 500 doubled a batch's time for 15 % more of them a second [design.md section 2]. */
const alertsPerBatch = 300;
/**
 * What must wait before a second transaction begins beside the first: enough that both are worth their fixed cost
 * (0.35 ms a statement), little enough that node works while PostgreSQL does.
 */
const fullEnough = 16;
/** Requests and bytes that wait at once; beyond it the database is not keeping up and the sender's retry is the better queue. */
const waitingAtMost = 20_000;
const bytesWaitingAtMost = 64 * 1_048_576;
const retryAfterS = 1;

/**
 * Collects concurrent requests into transactions and answers each after COMMIT. Drain-what-is-ready: an idle system
 * takes one request at once, a busy one makes large batches by itself. Law: `ok: true` means stored; anything else
 * means that the sender must send again (or that the request itself is refused).
 */
export class AlertCollector {
  readonly recentKeys = new RecentKeys();
  private readonly batchers: {
    readonly critical: Batcher<Pending, AcceptOutcome>;
    readonly others: Batcher<Pending, AcceptOutcome>;
  };
  private readonly breakers = { critical: new Breaker(), others: new Breaker() };
  private readonly pending = new Set<Pending>();
  private bytesWaiting = 0;
  private saidAt = Number.NEGATIVE_INFINITY;
  private unsaid = 0;
  private watch: NodeJS.Timeout | undefined;
  private readonly seen;

  constructor(private readonly options: CollectorOptions) {
    const { metrics, concurrency } = options;
    this.seen = {
      alerts: metrics.counter('intake_alerts_total', 'Alerts answered, by what became of them', ['status']),
      failures: metrics.counter('intake_batch_failures_total', 'Batches that failed, by fault', ['code']),
      seconds: metrics.histogram('intake_batch_seconds', 'Time of one batch, retries included', ['lane']),
      size: metrics.histogram(
        'intake_batch_alerts',
        'Alerts in one batch',
        ['lane'],
        [1, 2, 5, 10, 20, 50, 100, 200, 300, 500, 1_000],
      ),
    };
    this.batchers = {
      critical: this.batcher('critical', concurrency?.critical ?? 2),
      others: this.batcher('others', concurrency?.others ?? 2),
    };
  }

  /** Requests that have no answer yet. */
  get waiting(): number {
    return this.pending.size;
  }

  /** Never throws; answers within 2 s. */
  async accept(request: AlertRequest): Promise<AcceptOutcome> {
    const lane = request.signals.some(({ severity }) => laneOf(severity) === 0) ? 'critical' : 'others';
    if (this.breakers[lane].isOpen || this.pending.size >= waitingAtMost || this.bytesWaiting >= bytesWaitingAtMost)
      return unavailable;
    if (request.signals.length === 0 && request.idempotencyKey === null) {
      return { ok: true, answer: request.render([]), outcomes: [], isReplay: false };
    }
    const bodyHash = request.idempotencyKey === null ? null : createHash('sha256').update(request.body).digest();
    const hashed = hashRequest(request, bodyHash);
    return await new Promise<AcceptOutcome>((resolve) => {
      const pending: Pending = { hashed, lane, dueAt: performance.now() + answerWithinMs, answer: resolve };
      this.pending.add(pending);
      this.bytesWaiting += request.body.length;
      this.watchDeadlines();
      void this.batchers[lane].push(pending).then((outcome) => this.answer(pending, outcome));
    });
  }

  /** Opens every connection and prepares what a batch will run, by a full pass that is rolled back. Throws the store's fault. */
  async rehearse(principal: Principal): Promise<void> {
    const { critical, others } = this.options.pools;
    await Promise.all(
      [critical, others].flatMap((pool) =>
        Array.from({ length: pool.options.max ?? 1 }, () => rehearseBatch(pool, principal, batchWithinMs)),
      ),
    );
  }

  /** Answers what it has, then stops. */
  async close(): Promise<void> {
    await Promise.all([this.batchers.critical.drained(), this.batchers.others.drained()]);
    clearInterval(this.watch);
  }

  private batcher(lane: IntakeLane, concurrency: number): Batcher<Pending, AcceptOutcome> {
    return new Batcher({
      maxWeight: alertsPerBatch,
      weight: ({ hashed }) => Math.max(1, hashed.keyHashes.length),
      concurrency,
      besideWeight: fullEnough,
      gatherMs: 0,
      exclusiveKey: ({ hashed: { request, lock } }) =>
        request.idempotencyKey === null ? undefined : `${lock} ${request.door} ${request.idempotencyKey}`,
      run: (batch) => this.run(lane, batch).catch((error: unknown) => this.failed(batch, error)),
    });
  }

  private async run(lane: IntakeLane, batch: readonly Pending[]): Promise<AcceptOutcome[]> {
    // Whoever has been told 503 meanwhile sends again: working it now would only make the others wait.
    const live = batch.filter((pending) => this.pending.has(pending)).map(({ hashed }) => hashed);
    const outcomes = new Map<HashedRequest, AcceptOutcome>();
    if (live.length > 0) {
      const end = this.seen.seconds.startTimer({ lane });
      const results = await acceptIsolating(live, {
        work: (requests) => this.work(lane, requests),
        onPoison: (request, code) =>
          this.options.log.error('intake.request_unstorable', {
            source: request.request.principal.id,
            door: request.request.door,
            code,
          }),
      });
      end();
      live.forEach((request, index) => outcomes.set(request, results[index] as AcceptOutcome));
    }
    return batch.map(({ hashed }) => outcomes.get(hashed) ?? unavailable);
  }

  /** One transaction, repeated on conflicts; then the ids go on their lanes. */
  private async work(lane: IntakeLane, requests: readonly HashedRequest[]): Promise<readonly AcceptOutcome[]> {
    const pool = this.options.pools[lane];
    this.seen.size.observe(
      { lane },
      requests.reduce((sum, { keyHashes }) => sum + keyHashes.length, 0),
    );
    const expectsRepeats = requests.some(({ keyHashes }) => keyHashes.some((hash) => this.recentKeys.has(hash)));
    const { outcomes, waiting } = await repeating(
      batchWithinMs,
      (withinMs) => acceptBatch({ pool, withinMs, expectsRepeats }, requests),
      (fault) => this.note(lane, fault),
    );
    this.breakers[lane].succeeded();
    this.remember(requests, outcomes);
    // crash-point: intake.before-relay
    this.relay(waiting);
    // crash-point: intake.before-answer
    return outcomes;
  }

  private note(lane: IntakeLane, fault: Fault): void {
    this.seen.failures.inc({ code: fault.code });
    if (fault.code === 'store-timeout') this.breakers[lane].failed();
  }

  private remember(requests: readonly HashedRequest[], outcomes: readonly AcceptOutcome[]): void {
    const counts = new Map<string, number>();
    outcomes.forEach((outcome, at) => {
      if (!outcome.ok || outcome.isReplay) return;
      outcome.outcomes.forEach(({ status }, index) => {
        counts.set(status, (counts.get(status) ?? 0) + 1);
        const hash = requests[at]?.keyHashes[index] as string;
        if (status === 'resolved') this.recentKeys.delete(hash);
        else if (status !== 'ignored') this.recentKeys.add(hash);
      });
    });
    for (const [status, count] of counts) this.seen.alerts.inc({ status }, count);
  }

  private relay(waiting: readonly WaitingId[]): void {
    const byLane = new Map<number, string[]>();
    for (const { id, lane } of waiting) {
      const ids = byLane.get(lane);
      if (ids) ids.push(id);
      else byLane.set(lane, [id]);
    }
    for (const [lane, ids] of byLane) {
      for (let from = 0; from < ids.length; from += idsPerJob)
        this.options.relay(alertQueue(lanes[lane] ?? 'low'), ids.slice(from, from + idsPerJob));
    }
  }

  /** One line a second at most: while the database is away every batch fails, and says the same. */
  private failed(batch: readonly Pending[], error: unknown): AcceptOutcome[] {
    const { code, message } = classify(error);
    const now = performance.now();
    this.unsaid += batch.length;
    if (now - this.saidAt > 1_000) {
      this.options.log.warn('intake.batch_failed', { code, error: message, requests: this.unsaid });
      this.saidAt = now;
      this.unsaid = 0;
    }
    return batch.map(() => unavailable);
  }

  private answer(pending: Pending, outcome: AcceptOutcome): void {
    if (!this.pending.delete(pending)) return;
    this.bytesWaiting -= pending.hashed.request.body.length;
    pending.answer(outcome);
  }

  /** A set keeps the order of arrival: the first that is not due ends the look. */
  private watchDeadlines(): void {
    this.watch ??= setInterval(() => {
      const now = performance.now();
      for (const pending of this.pending) {
        if (pending.dueAt > now) break;
        this.answer(pending, unavailable);
      }
      if (this.pending.size > 0) return;
      clearInterval(this.watch);
      this.watch = undefined;
    }, 100);
  }
}

type IntakeLane = 'critical' | 'others';

interface Pending {
  readonly hashed: HashedRequest;
  readonly lane: IntakeLane;
  /** Monotonic milliseconds. */
  readonly dueAt: number;
  readonly answer: (outcome: AcceptOutcome) => void;
}

const unavailable: AcceptOutcome = { ok: false, code: 'unavailable', retryAfterS };
