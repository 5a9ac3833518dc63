import type { Context } from './context';
import { recoveryMs, windowWithin } from './disturbance';
import { type Check, Findings } from './finding';
import { isOk, type KeyHistory } from './submissions';

const okAtLeast = 0.9999;
const p99AtMostMs = 200;
/** After the heal, an alert whose answer nobody saw is sent again until it is taken. */
const takenWithinMs = 30_000;

/**
 * Liveness: of the submissions of calm times >= 99.99 % are ok, p99 <= 200 ms (runs that are too short for percentiles say
 * so); every key that had an `info` becomes `ok` on retry <= 30 s after heal.
 */
export const liveness: Check = (context) => {
  const findings = new Findings('liveness');
  const healedAt = healOf(context);
  for (const history of context.keys.values()) {
    findings.look();
    const what = openFault(history, healedAt);
    if (what !== undefined) findings.violate(history.key, what);
  }
  if (!context.checksLiveness) return findings;
  const calm = calmSubmissions(context);
  const failed = calm.filter((submission) => !isOk(submission));
  if (failed.length > Math.floor(calm.length * (1 - okAtLeast)))
    findings.violate(
      failed[0]?.invoke.key ?? '',
      `${failed.length} of ${calm.length} calm submissions were not taken`,
      failed.length,
    );
  const p99 = percentile(
    calm.flatMap(({ end }) => end?.ms ?? []),
    0.99,
  );
  if (p99 > p99AtMostMs) findings.violate('submit', `calm submissions took ${p99.toFixed(0)} ms at p99`, p99);
  return findings;
};

/** When the last fault was over, or the conductor said so. */
function healOf({ records, faults }: Context): number {
  const said = records.phase.find(({ phase, ph }) => phase === 'heal' && ph === 'invoke')?.t;
  return said ?? Math.max(0, ...faults.map(({ to }) => to).filter(Number.isFinite));
}

function openFault({ firing }: KeyHistory, healedAt: number): string | undefined {
  const last = firing.at(-1);
  const isRefused = last?.end?.ph === 'fail' && last.end.httpStatus !== 429;
  if (last === undefined || isRefused) return undefined;
  const taken = firing.find(isOk)?.end;
  if (!taken) return `was never taken, in ${firing.length} submissions`;
  const begun = Math.max(healedAt, firing[0]?.invoke.t ?? 0);
  const late = taken.t - begun - takenWithinMs;
  return firing.length > 1 && late > 0
    ? `was taken ${((late + takenWithinMs) / 1_000).toFixed(1)} s after heal`
    : undefined;
}

export function calmSubmissions({ keys, windows }: Context): KeyHistory['submissions'] {
  const all = [...keys.values()].flatMap(({ submissions }) => submissions);
  return all.filter(
    ({ invoke, end }) => windowWithin(windows, invoke.t, end?.t ?? invoke.t + recoveryMs) === undefined,
  );
}

/** The smallest value that `share` of all do not exceed; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
