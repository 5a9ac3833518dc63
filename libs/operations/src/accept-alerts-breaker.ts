/**
 * After a database that did not answer in time, requests are refused at once instead of each waiting for its own
 * deadline; every `openMs` one wave is let through to see whether it answers again.
 */
export class Breaker {
  private openUntil = 0;

  constructor(
    private readonly openMs = 1_000,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get isOpen(): boolean {
    return this.now() < this.openUntil;
  }

  failed(): void {
    this.openUntil = this.now() + this.openMs;
  }

  succeeded(): void {
    this.openUntil = 0;
  }
}
