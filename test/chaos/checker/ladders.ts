import type { NotificationRow } from '../dumps/shapes';
import { type Context, grouped } from './context';

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

/** It went out, and its provider took it or its reader has it: a claim alone reaches nobody. */
export function isReached({ attemptsOf, arrivalsOf }: Context, { state, delivery }: NotificationRow): boolean {
  if (state !== 'sent' && state !== 'delivered' && state !== 'seen') return false;
  const id = delivery ?? '';
  return arrivalsOf.has(id) || (attemptsOf.get(id) ?? []).some((attempt) => attempt.state === 'accepted');
}

/** In how many ways whoever it pages can be reached; a channel is its own only way. */
export function waysOf({ scene }: Context, { targetKind, target }: NotificationRow): number {
  if (targetKind === 'channel') return 1;
  return scene.people.find(({ id, slug }) => (id ?? slug) === target)?.contacts.length ?? 1;
}
