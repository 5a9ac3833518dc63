import type { TimeWindow } from '../config-document.js';
import type { Instant } from '../words.js';
import type { LocalTime } from './zone-clock.js';
import { DAY, instantAtLocal, localMidnight, localTime, localWeekday, parseTimeOfDay } from './zone-clock.js';

interface Hours {
  readonly days: ReadonlySet<number>;
  readonly from: number;
  /** Past 24 h when the window crosses midnight. */
  readonly to: number;
}

const parsed = new WeakMap<TimeWindow, Hours>();

function hoursOf(window: TimeWindow): Hours {
  const known = parsed.get(window);
  if (known !== undefined) return known;
  const from = parseTimeOfDay(window.from);
  const to = parseTimeOfDay(window.to);
  const hours = { days: new Set(window.days), from, to: to <= from ? to + DAY : to };
  parsed.set(window, hours);
  return hours;
}

/**
 * Is `at` in one of the local windows? A window is half-open and each of its edges comes once a day, also on days of
 * 23 and 25 h: of a doubled hour the first counts, an edge that the clocks jump over comes right after the jump.
 */
export function isInWindows(zone: string, windows: readonly TimeWindow[], at: Instant): boolean {
  const midnight = localMidnight(localTime(zone, at));
  for (const window of windows) if (isInWindow(zone, hoursOf(window), { midnight, at })) return true;
  return false;
}

function isInWindow(zone: string, hours: Hours, when: { midnight: LocalTime; at: Instant }): boolean {
  // A window of yesterday may still be on; one of tomorrow may have begun if the wall clock was put back over midnight.
  for (let day = when.midnight - DAY; day <= when.midnight + DAY; day += DAY) {
    if (!hours.days.has(localWeekday(day))) continue;
    if (instantAtLocal(zone, day + hours.from) <= when.at && when.at < instantAtLocal(zone, day + hours.to))
      return true;
  }
  return false;
}

/** The first edge (begin or end of a window) strictly after `at`, within 8 days; null = none. */
export function nextWindowEdge(zone: string, windows: readonly TimeWindow[], at: Instant): Instant | null {
  const midnight = localMidnight(localTime(zone, at));
  let next: Instant | null = null;
  for (const window of windows) {
    const hours = hoursOf(window);
    for (let day = midnight - DAY; day <= midnight + 8 * DAY; day += DAY) {
      if (!hours.days.has(localWeekday(day))) continue;
      for (const edge of [instantAtLocal(zone, day + hours.from), instantAtLocal(zone, day + hours.to)]) {
        if (edge > at && (next === null || edge < next)) next = edge;
      }
    }
  }
  return next;
}
