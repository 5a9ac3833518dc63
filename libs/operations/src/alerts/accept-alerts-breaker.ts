/**
 * After a database that several times in a row did not answer in time, requests are refused at once instead of each
 * waiting for its own deadline; every `openMs` one wave is let through to see whether it answers again. One slow batch
 * is no reason: it may have waited for a single row.
 */
export class Breaker {
  private openUntil = 0;
  private failures = 0;

  constructor(
    private readonly options: { readonly after: number; readonly openMs: number } = { after: 3, openMs: 500 },
    private readonly now: () => number = () => performance.now(),
  ) {}

  get isOpen(): boolean {
    return this.now() < this.openUntil;
  }

  failed(): void {
    this.failures += 1;
    if (this.failures >= this.options.after) this.openUntil = this.now() + this.options.openMs;
  }

  succeeded(): void {
    this.failures = 0;
    this.openUntil = 0;
  }
}
