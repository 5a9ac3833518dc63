/**
 * Drain what is ready. An idle batcher runs one item at once; while a batch runs, what arrives gathers and leaves
 * together as the next one. So an idle system adds no delay and a busy one makes large transactions by itself.
 */
export interface BatcherOptions<T, R> {
  /** Largest sum of weights in one batch; a single heavier item still runs, alone. */
  readonly maxWeight: number;
  readonly weight?: (item: T) => number;
  /** Batches under way at once (default 1). */
  readonly concurrency?: number;
  /**
   * A further batch begins beside those under way only when this much waits (default: anything). Two half-full
   * transactions cost more than one full one: 14 % of node's and 27 % of PostgreSQL's CPU for single alerts.
   */
  readonly besideWeight?: number;
  /**
   * How long the first item of a batch waits for others, in milliseconds (default: it begins at once). 0 is the end of the
   * event loop's turn, so that requests that arrived together leave together.
   */
  readonly gatherMs?: number;
  /**
   * After a batch the next one waits as long as that one took, `mostMs` at most, unless `below` or more waits (default: no
   * rest). A transaction costs much the same for one item as for ten: a busy machine makes half as many, an idle one waits
   * for nothing.
   */
  readonly rest?: { readonly mostMs: number; readonly below: number };
  /** Items of equal key never share a batch: the second waits for the next one. */
  readonly exclusiveKey?: (item: T) => string | undefined;
  /** One result an item, in order. A rejection rejects every item of the batch. */
  readonly run: (items: readonly T[]) => Promise<readonly R[]>;
}

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

export class Batcher<T, R> {
  private queue: Waiting<T, R>[] = [];
  private running = 0;
  private idle: (() => void)[] = [];
  private waitingWeight = 0;
  private isGathering = false;
  private restsUntil = Number.NEGATIVE_INFINITY;
  private resting: NodeJS.Timeout | undefined;

  constructor(private readonly options: BatcherOptions<T, R>) {}

  /** Items that have not begun yet. */
  get waiting(): number {
    return this.queue.length;
  }

  push(item: T): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.queue.push({ item, resolve, reject });
      this.waitingWeight += this.weightOf(item);
      if (this.options.gatherMs === undefined) this.startNext();
      else this.gather(this.options.gatherMs);
    });
  }

  private gather(ms: number): void {
    if (this.isGathering) return;
    this.isGathering = true;
    const end = (): void => {
      this.isGathering = false;
      this.startNext();
    };
    if (ms === 0) setImmediate(end);
    else setTimeout(end, ms);
  }

  /** Resolves when nothing waits or runs. */
  async drained(): Promise<void> {
    if (this.running === 0 && this.queue.length === 0) return;
    await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private startNext(): void {
    if (this.rests()) return;
    const { concurrency = 1, besideWeight = 0 } = this.options;
    while (
      this.running < concurrency &&
      this.queue.length > 0 &&
      (this.running === 0 || this.waitingWeight >= besideWeight)
    ) {
      const batch = this.take();
      this.running += 1;
      void this.runBatch(batch);
    }
  }

  private rests(): boolean {
    const { rest } = this.options;
    const leftMs = this.restsUntil - performance.now();
    if (rest === undefined || leftMs <= 0 || this.waitingWeight >= rest.below) return false;
    this.resting ??= setTimeout(() => {
      this.resting = undefined;
      this.startNext();
    }, leftMs);
    return true;
  }

  private async runBatch(batch: readonly Waiting<T, R>[]): Promise<void> {
    const beganAt = performance.now();
    try {
      const results = await this.options.run(batch.map((waiting) => waiting.item));
      batch.forEach((waiting, index) => waiting.resolve(results[index] as R));
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    } finally {
      this.running -= 1;
      const endedAt = performance.now();
      this.restsUntil = endedAt + Math.min(endedAt - beganAt, this.options.rest?.mostMs ?? 0);
      if (!this.isGathering) this.startNext();
      if (this.running === 0 && this.queue.length === 0) for (const wake of this.idle.splice(0)) wake();
    }
  }

  private take(): Waiting<T, R>[] {
    const { maxWeight, exclusiveKey } = this.options;
    const batch: Waiting<T, R>[] = [];
    const later: Waiting<T, R>[] = [];
    const keys = new Set<string>();
    let total = 0;
    let index = 0;
    for (; index < this.queue.length; index += 1) {
      const waiting = this.queue[index] as Waiting<T, R>;
      const size = this.weightOf(waiting.item);
      if (batch.length > 0 && total + size > maxWeight) break;
      const key = exclusiveKey?.(waiting.item);
      if (key !== undefined && keys.has(key)) {
        later.push(waiting);
        continue;
      }
      if (key !== undefined) keys.add(key);
      total += size;
      batch.push(waiting);
    }
    this.queue = later.concat(this.queue.slice(index));
    this.waitingWeight -= total;
    return batch;
  }

  private weightOf(item: T): number {
    return this.options.weight?.(item) ?? 1;
  }
}
