/** Tokens that refill at `perSecond` up to `capacity`. May go into debt: who is let in pays in full. Monotonic milliseconds. */
export class TokenBucket {
  private tokens: number;
  private at: number;

  constructor(
    private readonly perSecond: number,
    private readonly capacity: number,
    now: number,
  ) {
    this.tokens = capacity;
    this.at = now;
  }

  /** Room for `cost`, or for a full bucket where the cost is larger than the bucket. */
  has(cost: number, now: number): boolean {
    this.refill(now);
    return this.tokens >= Math.min(cost, this.capacity);
  }

  pay(cost: number): void {
    this.tokens -= cost;
  }

  giveBack(cost: number): void {
    this.tokens = Math.min(this.capacity, this.tokens + cost);
  }

  /** Whole seconds, at least one, after which `has(cost)` is true if nobody else pays. */
  waitS(cost: number): number {
    const missing = Math.min(cost, this.capacity) - this.tokens;
    return Math.min(60, Math.max(1, Math.ceil(missing / this.perSecond)));
  }

  private refill(now: number): void {
    this.tokens = Math.min(this.capacity, this.tokens + ((now - this.at) / 1_000) * this.perSecond);
    this.at = now;
  }
}
