import type { NotificationRow } from '../dumps/shapes';
import { grouped } from './context';

/** Pages of one step (or notice) to one target: the first way and those that were tried after it failed. */
export type Ladder = readonly NotificationRow[];

export const ladderKey = (
  of: Pick<NotificationRow, 'incident' | 'run' | 'kind' | 'notice' | 'step' | 'repeat' | 'target'>,
): string => [of.incident, of.run, of.kind, of.notice, of.step, of.repeat, of.target].join(' ');

export function laddersOf(notifications: readonly NotificationRow[]): Map<string, Ladder> {
  return grouped(
    [...notifications].sort((a, b) => a.rung - b.rung),
    ladderKey,
  );
}
