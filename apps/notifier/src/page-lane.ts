import { setMaxListeners } from 'node:events';
import { type Lane, pageQueue } from '@tocsin/contracts';
import type { Severity } from '@tocsin/domain';
import {
  type Claim,
  type ClaimedDelivery,
  Loop,
  type PageContext,
  sendDelivery,
  type SendResult,
  sendWithinMs,
} from '@tocsin/operations';
import type { Consumer, Queues } from '@tocsin/queue';
import type { PageSearch } from '@tocsin/store';
import { PageClaims } from './page-claims.js';
import type { LaneMetrics } from './page-metrics.js';
import { PageResults } from './page-results.js';
import { TargetHealth } from './target-health.js';

export interface PageLaneOptions {
  readonly lane: Lane;
  readonly context: PageContext;
  readonly queues: Queues;
  readonly metrics: LaneMetrics;
  /** Calls under way at once: the bulkhead of this channel in this lane. */
  readonly capacity: number;
}

/** Rows that a queue should have brought by now. */
const sweptAfterMs = 1_000;
/** While calls are under way a claim waits for half of the places, but no longer than this: few claims, each a large one. */
const gatherMs = 5;
const mostHints = 10_000;
const hintsPerPass = 500;

/** One lane of one channel: its worker, its claims, its places, its results, its connections. */
export class PageLane {
  private readonly severities: readonly Severity[];
  private readonly claims: PageClaims;
  private readonly results: PageResults;
  private readonly consumer: Consumer;
  private readonly loop: Loop;
  private readonly health: TargetHealth;
  private readonly stopping = new AbortController();
  private hints: string[] = [];
  private inFlight = 0;
  private sweepIsDue = true;
  private wasHinted = false;
  /** More waits than places allowed: the next sweep takes also what a queue could still bring. */
  private isBehind = false;
  /** Halved when a claim took too long to be sent, so that a slow machine still gets through. */
  private largestClaim: number;

  constructor(private readonly options: PageLaneOptions) {
    const { lane, context, queues, capacity } = options;
    this.largestClaim = Math.max(capacity >> 1, 1);
    // Every call under way listens.
    setMaxListeners(0, this.stopping.signal);
    this.severities = lane === 'low' ? ['low', 'info'] : [lane];
    this.health = new TargetHealth(Math.max(Math.ceil(capacity / 2), 1));
    this.claims = new PageClaims(context, (claim) => this.launch(claim));
    this.results = new PageResults(context);
    this.loop = new Loop({ name: `pages.${context.channel.kind}.${lane}`, log: context.log, pass: () => this.pass() });
    const queue = pageQueue(context.channel.kind, lane);
    this.consumer = queues.consume({ queue, concurrency: 32, handle: async (ids) => this.hint(ids) });
  }

  get silentMs(): number {
    return performance.now() - this.loop.lastPassAt;
  }

  serves(severity: Severity): boolean {
    return this.severities.includes(severity);
  }

  /** A queue says that these notifications wait. They are only looked for sooner: the rows decide. */
  hint(ids: readonly string[]): void {
    this.hints.push(...ids);
    if (this.hints.length > mostHints) this.hints = this.hints.slice(-mostHints);
    this.loop.nudge();
  }

  /** The sweeper says that something is due. */
  sweep(): void {
    this.sweepIsDue = true;
    this.loop.nudge();
  }

  /** Takes no more, lets calls under way come to their results; what does not is found by its time and sent again. */
  async close(): Promise<void> {
    await Promise.all([this.consumer.close(), this.loop.stop()]);
    const deadline = setTimeout(() => this.stopping.abort(), 2_000);
    while (this.inFlight > 0 && !this.stopping.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 20));
    clearTimeout(deadline);
    this.stopping.abort();
    await this.results.drained(2_000);
  }

  private async pass(): Promise<number> {
    const free = this.options.capacity - this.inFlight;
    if (free <= 0) return this.pauseMs;
    // In turn: told of new pages without end, a lane would never come to the old ones, nor to repeats.
    const isHintsTurn = this.hints.length > 0 && !(this.sweepIsDue && this.wasHinted);
    if (isHintsTurn) await this.takeHinted(free);
    else if (this.sweepIsDue) await this.takeSwept(free);
    this.wasHinted = isHintsTurn;
    return this.pauseMs;
  }

  private get hasMore(): boolean {
    return this.hints.length > 0 || this.sweepIsDue;
  }

  private get shouldGather(): boolean {
    return this.inFlight * 2 > this.options.capacity;
  }

  /** When to look again. */
  private get pauseMs(): number {
    if (!this.hasMore) return 1_000;
    return this.shouldGather || this.health.isFull ? gatherMs : 0;
  }

  private async takeHinted(free: number): Promise<void> {
    const ids = this.hints.splice(0, hintsPerPass);
    const limit = Math.min(free, this.largestClaim);
    const taken = await this.take({ ...this.search(limit), waitedMs: 0, ids });
    if (taken >= limit || this.health.isFull) this.isBehind = this.sweepIsDue = true;
  }

  private async takeSwept(free: number): Promise<void> {
    this.sweepIsDue = false;
    const { queues } = this.options;
    await this.claims.resends({ ...this.search(Math.max(free >> 1, 1)), skip: this.health.busy });
    const limit = Math.min(this.options.capacity - this.inFlight, this.largestClaim);
    if (limit <= 0) return;
    const taken = await this.take({
      ...this.search(limit),
      waitedMs: queues.connected && !this.isBehind ? sweptAfterMs : 0,
    });
    this.isBehind = taken >= limit || this.health.isFull;
    this.sweepIsDue ||= this.isBehind;
  }

  private search(limit: number) {
    return { channel: this.options.context.channel.kind, severities: this.severities, limit };
  }

  /** Answers how many places were asked for. */
  private async take(search: PageSearch): Promise<number> {
    const { count, isCut } = await this.claims.people(search);
    if (isCut) return search.limit;
    const left = Math.min(search.limit, this.options.capacity - this.inFlight);
    if (left <= 0) return search.limit;
    return count + (await this.claims.channels({ ...search, limit: left, skip: this.health.busy }));
  }

  /** Calls begin here, at once: a claim never asks for more than there are free places. */
  private async launch(claim: Claim): Promise<void> {
    // crash-point: claim.after-commit
    const late: ClaimedDelivery[] = [];
    for (const claimed of claim.deliveries) {
      if (performance.now() - claim.chosenAtMs > sendWithinMs) late.push(claimed);
      else this.send(claim, claimed);
    }
    // As TCP does: half at once, back in small steps.
    this.largestClaim =
      late.length > 0 ? Math.max(this.largestClaim >> 1, 1) : Math.min(this.largestClaim + 8, this.options.capacity);
    if (late.length === 0) return;
    this.options.metrics.abandoned.inc(
      { channel: this.options.context.channel.kind, lane: this.options.lane },
      late.length,
    );
    void this.results.abandon(late).then(() => this.sweep());
  }

  private send(claim: Claim, claimed: ClaimedDelivery): void {
    const { context, metrics, lane } = this.options;
    const labels = { channel: context.channel.kind, lane };
    const target = claimed.target.kind === 'channel' ? claimed.target.id : null;
    this.inFlight += 1;
    if (target !== null) this.health.begin(target);
    metrics.inFlight.set(labels, this.inFlight);
    if (claimed.ordinal === 1)
      for (const page of claimed.pages) metrics.waited.observe(labels, (claimed.madeAt - page.due_at) / 1e6);
    void sendDelivery(context, { claimed, config: claim.config, signal: this.stopping.signal })
      .then((result) => {
        this.inFlight -= 1;
        if (target !== null) this.health.end(target, hasAnswered(result));
        metrics.attempts.inc({ ...labels, outcome: result.outcome.kind });
        metrics.inFlight.set(labels, this.inFlight);
        context.log.info('page.attempted', {
          deliveryId: claimed.id,
          attempt: claimed.ordinal,
          ...labels,
          ...outcomeFields(result),
        });
        if (this.hasMore && !this.shouldGather) this.loop.nudge();
        return this.results.push(result);
      })
      .catch((error: unknown) => {
        // The attempt stays `sending` and is sent again with the same key when its time is over.
        context.log.error('page.result_lost', { deliveryId: claimed.id, error });
      });
  }
}

function hasAnswered({ outcome }: SendResult): boolean {
  return outcome.kind === 'accepted' || outcome.kind === 'refused-for-good' || outcome.code.startsWith('http-4');
}

function outcomeFields({ outcome }: SendResult): { outcome: string; code?: string } {
  return outcome.kind === 'accepted' ? { outcome: outcome.kind } : { outcome: outcome.kind, code: outcome.code };
}

/** Every lane of a channel, the critical one with the most places. */
export const placesOf: Readonly<Record<'push' | 'email' | 'webhook', Readonly<Record<Lane, number>>>> = {
  push: { critical: 64, high: 64, medium: 32, low: 32 },
  // As many as SMTP connections: a mail that waits for one would be sent long after it was chosen.
  email: { critical: 6, high: 4, medium: 2, low: 2 },
  webhook: { critical: 256, high: 256, medium: 64, low: 64 },
};
