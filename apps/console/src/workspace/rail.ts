import { activeAssignments, type Hand, why } from '../acts/verbs.js';
import type { ActName, Incident } from '../wire.js';

/** An act that is pressed at once, or the panel that asks for a word more. */
export type RailItem = ActName | 'behalf';

/**
 * Which verbs stand on the rail and which behind "More". Pure. Law: each stands at one place alone, and only where the
 * state of the incident lets it be; what a role or the link forbids stays and says so. Resolve and close stand apart.
 */
export function railOf(
  i: Incident,
  hand: Hand,
  narrow: boolean,
): { readonly rail: readonly RailItem[]; readonly more: readonly RailItem[] } {
  const may = (item: RailItem): boolean => {
    const refused = why(item === 'behalf' ? 'accept' : item, i, { ...hand, stale: false });
    return refused !== 'state' && refused !== 'yours-already' && refused !== 'nobody';
  };
  const untaken = i.state === 'open';
  const sent = activeAssignments(i).length > 0;
  const wide: readonly RailItem[] = untaken
    ? ['take', 'acknowledge', 'escalate', ...(sent ? (['stand-down'] as const) : [])]
    : ['take', 'transfer', 'stand-down'];
  const rail = (narrow ? (['take', 'stand-down'] as const) : wide).filter(may);
  const all: readonly RailItem[] = [
    'acknowledge',
    'transfer',
    'release',
    'regrade',
    'behalf',
    'escalate',
    'stand-down',
    'reopen',
  ];
  return { rail, more: all.filter((item) => !rail.includes(item) && may(item)) };
}
