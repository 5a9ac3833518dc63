import { useSyncExternalStore } from 'react';

/** Three missed heartbeats of 2 s: what is shown may be old. */
export const STALE_MS = 6_000;
/** From here the bar and the phone card show. */
export const DEAD_MS = 15_000;

/**
 * The one clock of the console: the server's, carried by heartbeats and run on by the machine's monotonic clock.
 * Without a heartbeat for 6 s it stands still, so that no age can grow on data that nobody vouches for.
 */
export class ServerClock {
  private offset: number | null = null;
  private beatAt = Number.NEGATIVE_INFINITY;
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setInterval> | undefined;
  private second = 0;
  private staleSecond = -1;

  /** A heartbeat, or any reply that carries the server's time (ms since the epoch). */
  beat(serverMs: number, mono = performance.now()): void {
    const offset = serverMs - mono;
    // The quickest of the last beats is the truest; a drop of more than a second is the server's clock being set.
    this.offset =
      this.offset === null || Math.abs(offset - this.offset) > 1_000 ? offset : Math.max(offset, this.offset - 0.5);
    this.beatAt = mono;
    this.tick();
  }

  /** The server's time to the second, from any answer of its; a heartbeat says it better. */
  rough(serverMs: number, mono = performance.now()): void {
    if (this.offset !== null || Number.isNaN(serverMs)) return;
    this.offset = serverMs - mono;
    this.tick();
  }
  /** The stream has begun: from here on silence counts, whether or not a heartbeat ever comes. */
  heard(mono = performance.now()): void {
    this.beatAt = Math.max(this.beatAt, mono);
    this.tick();
  }

  known(): boolean {
    return this.offset !== null;
  }
  /** Milliseconds since the last heartbeat. */
  silence(mono = performance.now()): number {
    return mono - this.beatAt;
  }
  stale(mono = performance.now()): boolean {
    return this.silence(mono) >= STALE_MS;
  }
  /** Server time in ms for a moment of the monotonic clock; frozen at the last heartbeat while stale, 0 while unknown. */
  now(mono = performance.now()): number {
    if (this.offset === null) return 0;
    return (Number.isFinite(this.beatAt) && this.stale(mono) ? this.beatAt : mono) + this.offset;
  }
  /** Server time that goes on while stale: for the wall clock and the length of the silence only. */
  running(mono = performance.now()): number {
    return mono + (this.offset ?? 0);
  }
  forget(): void {
    this.offset = null;
    this.beatAt = Number.NEGATIVE_INFINITY;
    this.tick();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    this.timer ??= setInterval(() => this.tick(), 100);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  };
  /** Changes once a second of shown time. */
  secondNow = (): number => this.second;
  /** -1 while live, else whole seconds of silence. */
  staleNow = (): number => this.staleSecond;

  private tick(): void {
    const second = Math.floor(this.now() / 1000);
    const staleSecond = this.stale() && Number.isFinite(this.beatAt) ? Math.floor(this.silence() / 1000) : -1;
    if (second === this.second && staleSecond === this.staleSecond) return;
    this.second = second;
    this.staleSecond = staleSecond;
    for (const listener of this.listeners) listener();
  }
}

export const clock = new ServerClock();

/** The second to show ages by (server time); re-renders once a second, stands still while stale. */
export const useSecond = (): number => useSyncExternalStore(clock.subscribe, clock.secondNow);
/** -1 while live, else seconds of silence. */
export const useStale = (): number => useSyncExternalStore(clock.subscribe, clock.staleNow);

export const ms = (at: string): number => Date.parse(at);
