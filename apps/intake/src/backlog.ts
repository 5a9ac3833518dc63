import { type Pool, secondsBehind, withinDeadline } from '@tocsin/store';

const behindAfterS = 10;
const askEveryMs = 1_000;
/** An answer older than this says nothing about now. */
const validForMs = 5_000;

/** How far the engine is behind, by the oldest waiting alert: asked at most once a second, never awaited by a request. */
export class Backlog {
  private behindS = 0;
  private askedAt = Number.NEGATIVE_INFINITY;
  private knownAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly pool: Pool) {}

  get isBehind(): boolean {
    const now = performance.now();
    if (now - this.askedAt > askEveryMs) {
      this.askedAt = now;
      // A database that does not answer is told by the accept path itself; it is no reason to refuse alerts here.
      void this.ask().catch(() => undefined);
    }
    return this.behindS > behindAfterS && now - this.knownAt < validForMs;
  }

  /** Seconds, as last answered: for the metric. */
  get seconds(): number {
    return this.behindS;
  }

  private async ask(): Promise<void> {
    this.behindS = await withinDeadline(this.pool, askEveryMs, (tx) => secondsBehind(tx));
    this.knownAt = performance.now();
  }
}
