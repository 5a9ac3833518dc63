import type { EventRow } from '../dumps/shapes';
import { instantOf } from './clock';
import type { Context } from './context';
import { codeOf, type IncidentLog, type RunLog } from './incident-log';
import { planOf, policyOf } from './plan';
import { roundingMs, stepTimesOf } from './step-times';

/**
 * What is wrong with a run's started_at, if anything: it is the accepted_at of the alert that began it (of a repeat, its
 * signal's), the commit of an act, or the due time of the timer; one that replaces a running run keeps that one's.
 */
export function startFault(context: Context, log: IncidentLog, run: RunLog): string | undefined {
  const restart = restartFault(context, log, run);
  if (restart !== undefined) return restart;
  const candidates = [...candidatesOf(context, log, run)];
  if (candidates.some((at) => Math.abs(at - run.startedAt) <= roundingMs)) return undefined;
  if (isFromRepeat(context, log, run)) return undefined;
  const nearest = Math.min(...candidates.map((at) => Math.abs(at - run.startedAt)));
  return `(${codeOf(run.started)}) counts from ${nearest.toFixed(3)} ms off whatever began it`;
}

/**
 * A ladder that is being climbed is never begun anew: only a policy of its own for a graver incident takes its place, and
 * counts from where it did.
 */
function restartFault(context: Context, log: IncidentLog, run: RunLog): string | undefined {
  const before = log.runs[log.runs.indexOf(run) - 1];
  if (before === undefined) return undefined;
  const wasStopped = log.moves.some(
    ({ event, to }) =>
      to !== 'open' && Number(event.seq) > Number(before.started.seq) && Number(event.seq) < Number(run.started.seq),
  );
  if (wasStopped) return undefined;
  const [old, own] = [context.runs.get(before.id), context.runs.get(run.id)].map((row) => row && planOf(row).policy);
  return old === own ? `(${codeOf(run.started)}) began the ladder anew while it was being climbed` : undefined;
}

function* candidatesOf(context: Context, log: IncidentLog, run: RunLog): Generator<number> {
  const { at } = run.started;
  const row = context.runs.get(run.id);
  const from = (row && policyOf(context.scene, row)?.steps[run.fromStep]?.afterS) ?? 0;
  yield at;
  if (run.fromStep > 0 || codeOf(run.started) === 'escalated-held') yield at - from * 1_000;
  for (const event of eventsOfCommit(log, run.started)) {
    if (event.type === 'alert.accepted') {
      const alert = context.alerts.get(String(event.data?.['alertId']));
      if (alert !== undefined) yield alert.acceptedAt;
    }
    if (event.type === 'incident.returned') yield instantOf(event.data?.['dueAt']);
  }
  const before = log.runs[log.runs.indexOf(run) - 1];
  const beforeRow = before && context.runs.get(before.id);
  const policy = beforeRow && policyOf(context.scene, beforeRow);
  if (before && policy && beforeRow.endedBy === 're-routed') yield stepTimesOf(before, policy).base;
}

/** The events that one commit wrote beside `event`. */
function eventsOfCommit({ events }: IncidentLog, event: EventRow): EventRow[] {
  const index = events.indexOf(event);
  const found: EventRow[] = [];
  for (let other = index - 1; events[other]?.at === event.at; other -= 1) found.push(events[other] as EventRow);
  return found;
}

/** A repeat's instant stands nowhere in the log; it lies between the alert's acceptance and the commit. */
function isFromRepeat(context: Context, log: IncidentLog, run: RunLog): boolean {
  return eventsOfCommit(log, run.started).some((event) => {
    const alert = context.alerts.get(String(event.data?.['alertId']));
    const isRepeated = event.type === 'alert.duplicate' || (alert?.count ?? 1) > 1;
    return isRepeated && alert !== undefined && alert.acceptedAt <= run.startedAt && run.startedAt <= event.at;
  });
}
