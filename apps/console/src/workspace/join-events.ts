import type { LiveEvent } from '../wire.js';

/**
 * Joins further events to a log of one stream. Pure. Law: the log stays gap-free and in order, doubles are dropped;
 * what lies behind a hole is left out and `hole` says so (the rest is then asked for by sequence).
 */
export function joinEvents(
  log: readonly LiveEvent[],
  more: readonly LiveEvent[],
): { readonly events: readonly LiveEvent[]; readonly hole: boolean } {
  let last = log.at(-1)?.seq ?? 0;
  const added: LiveEvent[] = [];
  let hole = false;
  for (const event of [...more].sort((a, b) => a.seq - b.seq)) {
    if (event.seq <= last) continue;
    if (event.seq !== last + 1) {
      hole = true;
      break;
    }
    added.push(event);
    last = event.seq;
  }
  return { events: added.length === 0 ? log : [...log, ...added], hole };
}
