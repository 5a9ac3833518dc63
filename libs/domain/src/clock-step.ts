import type { Instant } from './words.js';

/** What a clock said, asked for and told between two moments of another clock that nobody can set (ms). */
export interface ClockReading {
  readonly now: Instant;
  readonly askedMs: number;
  readonly toldMs: number;
}

/**
 * By how many ms a clock was set between two readings, forward positive; 0 when what has passed on the steady clock
 * explains it. A reading that took long leaves as much open.
 */
export function clockStep(before: ClockReading, after: ClockReading): number {
  const passed = (after.now - before.now) / 1_000;
  const least = after.askedMs - before.toldMs;
  const most = after.toldMs - before.askedMs;
  if (passed < least) return passed - least;
  return passed > most ? passed - most : 0;
}
