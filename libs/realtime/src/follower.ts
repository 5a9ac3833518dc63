import type { Logger } from '@tocsin/telemetry';
import type { Ticks } from './ticks.js';

/** What one look at the log gives: everything after the cursor, or that nothing can be told from it any more. */
export type Look<B> =
  | { readonly kind: 'batch'; readonly cursor: string; readonly batch: B | null }
  | { readonly kind: 'lost'; readonly cursor: string };

export interface FollowerOptions<B> {
  /** Reads from the cursor on; null = from now. `lost`: the cursor is of another life of PostgreSQL. */
  readonly look: (cursor: string | null) => Promise<Look<B>>;
  /** Called in order, one at a time, synchronously after the cursor has moved. */
  readonly onBatch: (batch: B) => void;
  readonly onLost: () => void;
  readonly ticks: Ticks;
  readonly log: Logger;
  /** A look at least this often, ticks or not. */
  readonly everyMs?: number;
}

/** At most this far apart by what a look takes, and by what it takes to tell of it. */
const mostGatherMs = { look: 50, tell: 250 };
/**
 * The longer telling takes, the smaller its share of the time: a batch that took `toldMs` is followed by the next one after
 * 4 toldMs² at the earliest. A few sockets (1 ms) wait 4 ms; 500 of them (5 to 8 ms, and as much again at the other end of
 * each) are told four to ten times a second.
 */
const gatherOf = (toldMs: number): number => Math.min(4 * toldMs * toldMs, mostGatherMs.tell);

/**
 * Follows the event log by its commit-safe cursor. Law: every committed event is in exactly one batch, in the order of
 * its stream; a failed look is repeated from the same cursor.
 */
export class Follower<B> {
  cursor: string | null = null;
  /** Performance time of the last look that succeeded. */
  lookedAt = Number.NEGATIVE_INFINITY;
  private looking = false;
  private again = false;
  private stopped = false;
  private failing = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly unhear: () => void;
  private readonly everyMs: number;
  /** How far apart looks begin at least: twice what the last one took. An idle system looks at once, a busy one gathers. */
  private gatherMs = 0;
  private toldMs = 0;
  private waiters: (() => void)[] = [];

  constructor(private readonly options: FollowerOptions<B>) {
    this.everyMs = options.everyMs ?? 500;
    this.unhear = options.ticks.onTick(() => this.soon());
  }

  /** The first look gives the cursor to start from. Throws what the look threw. */
  async start(): Promise<void> {
    const first = await this.options.look(null);
    this.cursor = first.cursor;
    this.lookedAt = performance.now();
    this.schedule(this.everyMs);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.unhear();
    clearTimeout(this.timer);
    if (this.looking) await new Promise<void>((resolve) => this.waiters.push(resolve));
  }

  /** A tick: at once when the last look is long enough ago, else as soon as it is. */
  private soon(): void {
    if (this.looking) {
      this.again = true;
      return;
    }
    this.schedule(Math.max(0, this.gatherMs - (performance.now() - this.lookedAt)));
  }

  private schedule(inMs: number): void {
    if (this.stopped || this.cursor === null) return;
    clearTimeout(this.timer);
    if (inMs <= 0) void this.lookOnce();
    else this.timer = setTimeout(() => void this.lookOnce(), inMs);
  }

  private async lookOnce(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    this.again = false;
    const startedAt = performance.now();
    let failed = false;
    try {
      const look = await this.options.look(this.cursor);
      if (!this.stopped) this.take(look);
      if (this.failing) this.options.log.info('live.resumed');
      this.failing = false;
    } catch (error) {
      // Whatever kept us from reading, the log is still there: the same cursor again in a moment.
      if (!this.failing) this.options.log.warn('live.interrupted', { error });
      this.failing = true;
      failed = true;
    }
    this.looking = false;
    this.gatherMs = Math.max(Math.min(2 * (performance.now() - startedAt), mostGatherMs.look), gatherOf(this.toldMs));
    for (const resolve of this.waiters.splice(0)) resolve();
    if (failed) this.schedule(this.everyMs);
    else if (this.again) this.schedule(Math.max(0, this.gatherMs - (performance.now() - startedAt)));
    else this.schedule(this.everyMs);
  }

  private take(look: Look<B>): void {
    this.lookedAt = performance.now();
    this.cursor = look.cursor;
    if (look.kind === 'lost') this.options.onLost();
    else if (look.batch !== null) this.tell(look.batch);
    this.toldMs = performance.now() - this.lookedAt;
  }

  /** A batch that cannot be told is a hole for everybody: they begin anew, as after a crash of the database. */
  private tell(batch: B): void {
    try {
      this.options.onBatch(batch);
    } catch (error) {
      this.options.log.error('live.untold', { error });
      this.options.onLost();
    }
  }
}
