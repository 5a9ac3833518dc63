import type { EventRow } from '../dumps/shapes';
import type { ScenePolicy } from '../scene/shapes';
import { instantOf } from './clock';
import { codeOf, type RunLog } from './incident-log';

/** The database keeps microseconds, plans fractions of seconds: what differs by less is equal. */
export const roundingMs = 1;

/** A step as the policy wants it, and as the log tells it. Times are the database's, in ms. */
export interface StepTime {
  readonly ordinal: number;
  readonly dueAt: number;
  /** Every event that fired it as itself: repeats of a re-alert or of exhaustion are none. */
  readonly fired: readonly EventRow[];
  readonly isByHand: boolean;
}

const firings: ReadonlySet<string> = new Set([
  'step-due',
  'step-late',
  'step-caught-up',
  'escalated',
  'escalated-held',
]);

export const ordinalOf = (event: EventRow): number => Number(event.data?.['step']);
export const isFiring = (event: EventRow): boolean => event.data?.['repeat'] === 0 || firings.has(codeOf(event));

/**
 * When each step of a run was due: at started_at + its offset. An escalation by hand fires the next one at once and moves
 * started_at back by the time gained; `base` is where it ended.
 */
export function stepTimesOf(run: RunLog, policy: ScenePolicy): { readonly base: number; readonly steps: StepTime[] } {
  let base = run.startedAt;
  const fired = new Map<number, { dueAt: number; events: EventRow[]; isByHand: boolean }>();
  for (const event of run.steps) {
    const ordinal = ordinalOf(event);
    const offset = policy.steps[ordinal - 1];
    if (!isFiring(event) || offset === undefined) continue;
    const known = fired.get(ordinal);
    if (known !== undefined) {
      known.events.push(event);
      continue;
    }
    const isByHand = codeOf(event).startsWith('escalated');
    const gained = base + offset.afterS * 1_000 - instantOf(event.data?.['dueAt']);
    if (isByHand && gained > 0) base -= gained;
    fired.set(ordinal, { dueAt: base + offset.afterS * 1_000, events: [event], isByHand });
  }
  const steps = policy.steps.map(({ afterS }, index): StepTime => {
    const one = fired.get(index + 1);
    const dueAt = one?.dueAt ?? base + afterS * 1_000;
    return { ordinal: index + 1, dueAt, fired: one?.events ?? [], isByHand: one?.isByHand ?? false };
  });
  return { base, steps: steps.slice(run.fromStep) };
}
