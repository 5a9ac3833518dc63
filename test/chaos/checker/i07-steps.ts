import type { RunRow } from '../dumps/shapes';
import { instantOf } from './clock';
import type { Context } from './context';
import { calmLateMs, deadlineOf } from './disturbance';
import { type Check, Findings } from './finding';
import type { IncidentLog, RunLog } from './incident-log';
import { policyOf } from './plan';
import { startFault } from './run-starts';
import { ordinalOf, roundingMs, type StepTime, stepTimesOf } from './step-times';
import { timerFaults } from './timers';

/** What lies this near to the run's end may have gone either way. */
const eitherWayMs = 250;

/**
 * I7 steps complete, once, on time: T0 = the run's started_at, offsets d1..dn, Ta = the commit that held or ended it.
 * Must = {i: T0+di < Ta-e}, MustNot = {i: T0+di > Ta+e}, e = 250 ms. Each in Must has exactly one `escalation.step` with
 * 0 <= fired-(T0+di) <= 2 s in calm, or by 10 s after the end of the disturbed window that it falls in; `late` iff > 2 s.
 * None in MustNot. T0 itself is the accepted_at, act or timer that began the run. Other timers (taken-idle, pages of a
 * response, repeats) keep the same bounds. Since a step of PostgreSQL's own clock, which may fire early, only "once" is
 * asked.
 */
export const steps: Check = (context) => {
  const findings = new Findings('I7');
  for (const log of context.logs.values()) {
    for (const run of log.runs) {
      const row = context.runs.get(run.id);
      const policy = row && policyOf(context.scene, row);
      if (row === undefined || policy === undefined) continue;
      const { base, steps: times } = stepTimesOf(run, policy);
      const start = context.isTimed(log.id) ? startFault(context, log, run) : undefined;
      if (start !== undefined) findings.violate(log.id, `run ${run.id} ${start}`);
      if (Math.abs(base - row.startedAt) > roundingMs)
        findings.violate(log.id, `run ${run.id} started ${(row.startedAt - base).toFixed(3)} ms off what its log says`);
      for (const time of times) {
        findings.look();
        for (const { what, weight } of stepFaults(context, { log, run, row, time }))
          findings.violate(log.id, `step ${time.ordinal} of run ${run.id} ${what}`, weight);
      }
      for (const event of run.steps)
        if (run.stopped !== null && Number(event.seq) > Number(run.stopped.seq))
          findings.violate(log.id, `step ${ordinalOf(event)} of run ${run.id} fired after the run was stopped`);
    }
  }
  for (const { key, what, weight } of timerFaults(context)) findings.violate(key, what, weight);
  return findings;
};

interface Fault {
  readonly what: string;
  readonly weight: number;
}

function* stepFaults(
  context: Context,
  { log, run, row, time }: { log: IncidentLog; run: RunLog; row: RunRow; time: StepTime },
): Generator<Fault> {
  const { dueAt, fired } = time;
  if (fired.length > 1) yield { what: `fired ${fired.length} times`, weight: fired.length };
  if (!context.isTimed(log.id)) return;
  const stoppedAt = stopOf(log, run, row);
  const [first] = fired;
  if (first === undefined) {
    const passed = missedFor(context, { dueAt, stoppedAt });
    if (passed > 0) yield { what: `was due and never fired; ${passed.toFixed(0)} ms passed`, weight: passed };
    return;
  }
  if (dueAt > stoppedAt + eitherWayMs && !time.isByHand)
    yield { what: `fired, and was due ${(dueAt - stoppedAt).toFixed(0)} ms after the run was stopped`, weight: 1 };
  yield* lateness(context, time);
}

/** Of a step that never fired: for how many ms nothing kept it from it; 0 = it need not have fired. */
export function missedFor(context: Context, { dueAt, stoppedAt }: { dueAt: number; stoppedAt: number }): number {
  const by = context.toMonotonic(Math.min(stoppedAt - eitherWayMs, context.dumps.sql.now));
  const due = context.toMonotonic(dueAt);
  return dueAt < stoppedAt - eitherWayMs && deadlineOf(context.windows, due) < by ? by - due : 0;
}

function* lateness(context: Context, { dueAt, fired, isByHand }: StepTime): Generator<Fault> {
  const [first] = fired;
  if (first === undefined) return;
  const claimed = instantOf(first.data?.['dueAt']);
  if (Math.abs(claimed - dueAt) > roundingMs && !isByHand)
    yield { what: `says that it was due ${(claimed - dueAt).toFixed(3)} ms off`, weight: Math.abs(claimed - dueAt) };
  const late = first.at - dueAt;
  if (late < -roundingMs) yield { what: `fired ${(-late).toFixed(3)} ms early`, weight: -late };
  const deadline = deadlineOf(context.windows, context.toMonotonic(dueAt));
  const over = context.toMonotonic(first.at) - deadline;
  if (over > roundingMs)
    yield { what: `fired ${late.toFixed(0)} ms late, ${over.toFixed(0)} ms too late`, weight: late };
  const isSaid = first.data?.['late'] === true;
  if (!isByHand && isSaid !== late > calmLateMs && Math.abs(late - calmLateMs) > roundingMs)
    yield {
      what: `fired ${late.toFixed(0)} ms late and ${isSaid ? 'calls itself late' : 'does not say so'}`,
      weight: 1,
    };
}

/** When a run was held or ended. */
export const stopOf = (log: IncidentLog, run: RunLog, row: RunRow): number => run.stopped?.at ?? endOf(log, run, row);

/** A held run says so in the log; of one that ended without having run any more, the row does. */
function endOf(log: IncidentLog, run: RunLog, row: RunRow): number {
  const next = log.runs[log.runs.indexOf(run) + 1];
  return Math.min(row.endedAt ?? Number.POSITIVE_INFINITY, next?.started.at ?? Number.POSITIVE_INFINITY);
}
