import type { Context } from './context';
import { calmSubmissions, percentile } from './liveness';
import { figuresOf } from './figures';
import type { Verdict, Violation } from './shapes';
import { isOk } from './submissions';
import { stolenShare } from './void-rule';

/** As Jepsen's set-full: stable = answered and there, lost = answered and not there. */
export function keysOf(context: Context, violations: readonly Violation[]): Verdict['keys'] {
  const lostKeys = new Set(violations.filter(({ invariant }) => invariant === 'I1').map(({ key }) => key));
  let [stable, lost, neverAcknowledged] = [0, 0, 0];
  for (const { key, firing } of context.keys.values()) {
    if (!firing.some(isOk)) neverAcknowledged += 1;
    else if (lostKeys.has(key)) lost += 1;
    else stable += 1;
  }
  return { stable, lost, neverAcknowledged };
}

/** The figures of the report. Times in ms; lateness is of steps that their timer fired. */
export function countsOf(context: Context, { lost }: Verdict['keys']): Record<string, number> {
  const { records, dumps, faults } = context;
  const answers = calmSubmissions(context).flatMap(({ end }) => (end?.ph === 'ok' ? (end.ms ?? []) : []));
  const counts: Record<string, number> = {
    submissions: records.submit.filter(({ ph }) => ph === 'invoke').length,
    keys: context.keys.size,
    lost,
    alerts: dumps.sql.alerts.length,
    incidents: dumps.sql.incidents.length,
    runs: dumps.sql.runs.length,
    events: dumps.sql.events.length,
    notifications: dumps.sql.notifications.length,
    deliveries: dumps.sql.deliveries.length,
    attempts: dumps.sql.attempts.length,
    arrivals: records.page.length,
    acts: records.act.filter(({ ph }) => ph === 'invoke').length,
    observations: records.obs.length,
    consoles: dumps.replicas.length,
    alarms: dumps.sql.alerts.filter(({ principalKind }) => principalKind === 'system').length,
    acceptCalmP99Ms: percentile(answers, 0.99),
    mergeMaxMs: percentile(mergesOf(context), 1),
    mergeP99Ms: percentile(mergesOf(context), 0.99),
    ...figuresOf(context),
    stolenPercent: Math.round(stolenShare(records) * 100),
    faultsNotRun: faults.filter(({ isNotRun }) => isNotRun).length,
  };
  for (const { kind, target, isNotRun } of faults) {
    const name = `fault ${kind} ${target}`;
    if (!isNotRun) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** How long alerts of sources waited for the engine. */
function mergesOf({ dumps, isTimed }: Context): number[] {
  return dumps.sql.alerts.flatMap(({ principalKind, mergedAt, acceptedAt, incident }) =>
    principalKind === 'source' && mergedAt !== null && isTimed(incident ?? '') ? mergedAt - acceptedAt : [],
  );
}
