import type { AlertRow } from '../dumps/shapes';
import { clockSlackMs } from './clock';
import type { Context } from './context';
import type { KeyHistory } from './submissions';

/**
 * May `next` be a firing episode of its own (decisions.md section 5)? The one before must have ended: by a resolve of
 * its source, sent before `next` was accepted, or because a person resolved or closed its incident before that.
 */
export function mayFollow(context: Context, { submissions }: KeyHistory, before: AlertRow, next: AlertRow): boolean {
  if (before.status !== 'resolved') return false;
  if (!context.isTimed(before.incident ?? '')) return true;
  const nextAt = context.toMonotonic(next.acceptedAt) + clockSlackMs;
  if (submissions.some(({ invoke }) => invoke.status === 'resolved' && invoke.t <= nextAt)) return true;
  const moves = context.logs.get(before.incident ?? '')?.moves ?? [];
  return moves.some(({ to, event }) => (to === 'resolved' || to === 'closed') && event.at <= next.acceptedAt);
}
