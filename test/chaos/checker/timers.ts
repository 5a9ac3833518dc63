import type { TimerRow } from '../dumps/shapes';
import type { Context } from './context';
import { deadlineOf } from './disturbance';
import { roundingMs } from './step-times';

/** Those of which each fires at its time or is cancelled; the exhaustion waits for the last step, no-answer may be put off. */
const punctual: ReadonlySet<string> = new Set(['step', 'response-page', 'taken-idle', 'repeat']);

interface TimerFault {
  readonly key: string;
  readonly what: string;
  readonly weight: number;
}

/** Timers that are overdue at the end; and, other than steps (whose events are looked at), early or late ones. */
export function* timerFaults(context: Context): Generator<TimerFault> {
  const now = context.toMonotonic(context.dumps.sql.now);
  for (const timer of context.dumps.sql.timers) {
    if (!context.isTimed(timer.incident)) continue;
    const deadline = deadlineOf(context.windows, context.toMonotonic(timer.dueAt));
    if (timer.state === 'pending' && deadline < now && timer.kind !== 'step')
      yield faultOf(timer, `is pending, and overdue by ${(now - deadline).toFixed(0)} ms`, now - deadline);
    if (timer.state !== 'fired' || timer.endedAt === null || timer.kind === 'step' || !punctual.has(timer.kind))
      continue;
    const late = timer.endedAt - timer.dueAt;
    if (late < -roundingMs) yield faultOf(timer, `fired ${(-late).toFixed(3)} ms early`, -late);
    const over = context.toMonotonic(timer.endedAt) - deadline;
    if (over > roundingMs)
      yield faultOf(timer, `fired ${late.toFixed(0)} ms late, ${over.toFixed(0)} ms too late`, late);
  }
}

const faultOf = ({ kind, ordinal, incident, run }: TimerRow, what: string, weight: number): TimerFault => ({
  key: incident,
  what: `timer ${kind} ${ordinal} of run ${run} ${what}`,
  weight,
});
