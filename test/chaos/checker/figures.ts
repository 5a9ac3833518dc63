import type { Context } from './context';
import { calmLateMs, windowWithin } from './disturbance';
import { missedFor, stopOf } from './i07-steps';
import { catchUps } from './i11-storm-bound';
import { percentile } from './liveness';
import { policyOf } from './plan';
import { roundingMs, stepTimesOf } from './step-times';

/** This near to a step an acknowledgement races it. */
const raceMs = 150;

/** A step that its timer fired: when it was due, in ms of CLOCK_MONOTONIC, and how late it was. */
interface Lateness {
  readonly dueAt: number;
  readonly late: number;
}

interface Steps {
  readonly fired: readonly Lateness[];
  readonly missed: number;
  readonly doubled: number;
}

/** What the goals of a grade are measured by, beside plain counts. Times in ms. */
export function figuresOf(context: Context): Record<string, number> {
  const { fired: steps, missed, doubled } = stepsOf(context);
  const [calm, disturbed]: [number[], number[]] = [[], []];
  for (const { dueAt, late } of steps)
    (windowWithin(context.windows, dueAt, dueAt + late) === undefined ? calm : disturbed).push(late);
  const away = context.faults.filter(({ kind }) => kind === 'redis-outage');
  const whileAway = steps.filter(({ dueAt }) => away.some(({ from, to }) => dueAt >= from && dueAt <= to));
  return {
    kills: context.faults.filter(({ kind, isNotRun }) => kind === 'kill' && !isNotRun).length,
    races: racesOf(context),
    steps: steps.length,
    stepsMissed: missed,
    stepsDoubled: doubled,
    stepsEarly: steps.filter(({ late }) => late < -roundingMs).length,
    stepsLate: steps.filter(({ late }) => late > calmLateMs).length,
    callsBeyondFirst: sum([...context.arrivalsOf.values()].map(({ length }) => length - 1)),
    stepLateCalmP99Ms: percentile(calm, 0.99),
    stepLateCalmMaxMs: percentile(calm, 1),
    stepLateDisturbedP99Ms: percentile(disturbed, 0.99),
    stepLateDisturbedMaxMs: percentile(disturbed, 1),
    stepLateRedisAwayMaxMs: percentile(latesOf(whileAway), 1),
    ...caughtUp(context),
    ...figuresOfParts(context, steps),
  };
}

function stepsOf(context: Context): Steps {
  const fired: Lateness[] = [];
  let [missed, doubled] = [0, 0];
  for (const log of context.logs.values())
    for (const run of log.runs) {
      const row = context.runs.get(run.id);
      const policy = row && policyOf(context.scene, row);
      for (const step of policy ? stepTimesOf(run, policy).steps : []) {
        const [first] = step.fired;
        if (step.fired.length > 1) doubled += 1;
        if (first === undefined) {
          const isMissed = row && missedFor(context, { dueAt: step.dueAt, stoppedAt: stopOf(log, run, row) }) > 0;
          if (isMissed && context.isTimed(log.id)) missed += 1;
        } else if (!step.isByHand) fired.push({ dueAt: context.toMonotonic(step.dueAt), late: first.at - step.dueAt });
      }
    }
  return { fired, missed, doubled };
}

const latesOf = (steps: readonly Lateness[]): number[] => steps.map(({ late }) => late);

/** Runs that somebody stopped at about the moment of a step, whoever came first. */
function racesOf({ logs, runs: rows, scene }: Context): number {
  let count = 0;
  for (const { runs } of logs.values())
    for (const run of runs) {
      const row = rows.get(run.id);
      const policy = row && policyOf(scene, row);
      const { stopped } = run;
      if (stopped?.actorKind !== 'person' || !policy) continue;
      if (stepTimesOf(run, policy).steps.some(({ dueAt }) => Math.abs(stopped.at - dueAt) <= raceMs)) count += 1;
    }
  return count;
}

/** Incidents of which two steps or more were missed and caught up at once, and whom that paged. */
function caughtUp(context: Context): Record<string, number> {
  const all = [...catchUps(context)];
  const pairs = all.map(({ id, targets }) => ({ all: targets.length, different: new Set(targets).size, id }));
  return {
    caughtUpIncidents: new Set(all.map(({ id }) => id)).size,
    caughtUpSteps: sum(all.map(({ steps }) => steps.length)),
    caughtUpPairs: sum(pairs.map(({ different }) => different)),
    caughtUpDoubles: sum(pairs.map((pair) => pair.all - pair.different)),
  };
}

/** `name: figure` of each part of the grade that has a name; parts of one name count together. */
function figuresOfParts(context: Context, steps: readonly Lateness[]): Record<string, number> {
  const { records, dumps, faults, toMonotonic } = context;
  const figures: Record<string, number> = {};
  for (const name of new Set(records.phase.flatMap((phase) => phase.name ?? []))) {
    const isWithin = within(context, name);
    const merges = dumps.sql.alerts.flatMap(({ principalKind, mergedAt, acceptedAt }) =>
      principalKind === 'source' && mergedAt !== null && isWithin(toMonotonic(acceptedAt)) ? mergedAt - acceptedAt : [],
    );
    const lates = latesOf(steps.filter(({ dueAt }) => isWithin(dueAt)));
    const rejoined = records.converged.filter(({ t }) => isWithin(t));
    const converged = rejoined.map(({ ms }) => ms ?? Number.MAX_SAFE_INTEGER);
    Object.assign(figures, {
      [`${name}: faults`]: faults.filter(({ from, isNotRun }) => !isNotRun && isWithin(from)).length,
      [`${name}: alerts`]: merges.length,
      [`${name}: mergeP99Ms`]: percentile(merges, 0.99),
      [`${name}: mergeMaxMs`]: percentile(merges, 1),
      [`${name}: steps`]: lates.length,
      [`${name}: stepLateP99Ms`]: percentile(lates, 0.99),
      [`${name}: stepLateMaxMs`]: percentile(lates, 1),
      ...(rejoined.length === 0
        ? {}
        : {
            [`${name}: rejoined`]: rejoined.length,
            [`${name}: convergedP50Ms`]: percentile(converged, 0.5),
            [`${name}: convergedMaxMs`]: percentile(converged, 1),
          }),
    });
  }
  return figures;
}

function within({ records }: Context, name: string): (t: number) => boolean {
  const ends = records.phase.filter((phase) => phase.name === name);
  const spans = ends.flatMap(({ ph, t }, index) =>
    ph === 'invoke' ? { from: t, to: ends[index + 1]?.t ?? Infinity } : [],
  );
  return (t) => spans.some(({ from, to }) => t >= from && t <= to);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
