/**
 * `npm run chaos -- --grade commit|nightly|outage|races|release|qualify [--seed N] [--disk MB] [--keep]`: breaks
 * everything that can be broken here while a seeded load runs, and lets a black-box checker judge what was kept. Exit code
 * 0: every invariant held and every goal was met; 1: one was not; 3: the run was void, twice.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeBuild } from './builds/make-build';
import type { Verdict } from './checker/shapes';
import { goalsMet } from './grades/goals';
import { type Grade, grades } from './grades/grades';
import { markdownOf, summaryOf, verdictText } from './report/report';
import { publish, publishTrials } from './report/publish';
import { conduct, judgeKept, type RunResult } from './run/conduct';
import { deploys } from './run/deploys';
import { providers } from './run/providers';
import { didWell, qualify } from './run/qualify';

const { values } = parseArgs({
  options: {
    grade: { type: 'string', default: 'commit' },
    seed: { type: 'string' },
    /** Of a run that was kept: only the checker, on what the run wrote down. */
    check: { type: 'string' },
    /** Of qualify: only bugs whose name holds this, and no clean runs. */
    only: { type: 'string' },
    /** MB of a disk of its own for PostgreSQL, which a fault can fill; it takes as much memory, and root. */
    disk: { type: 'string' },
    /** Leaves the run's folder where it is. */
    keep: { type: 'boolean', default: false },
    /** Writes docs/reliability.*: what all but commit do anyway. */
    publish: { type: 'boolean', default: false },
  },
});
type Outcome = Verdict['outcome'];
const exitCodes: Readonly<Record<Outcome, number>> = { holds: 0, violated: 1, void: 3 };
const startedAt = performance.now();

export function say(text: string): void {
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  console.log(`${String(Math.floor(seconds / 60)).padStart(3)}:${String(seconds % 60).padStart(2, '0')}  ${text}`);
}

/** A void run proves nothing, and is repeated once. */
async function runGrade(grade: Grade, seed: number): Promise<Outcome> {
  const first = await runOnce(grade, seed);
  return first === 'void' ? runOnce(grade, seed) : first;
}

async function runOnce(grade: Grade, seed: number): Promise<Outcome> {
  say(`grade ${grade.name}, seed ${seed}: ${grade.why}`);
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-chaos-'));
  // Copying holds this process up; later that would count as a lag of its recorder.
  const build = makeBuild({ name: 'chaos', crashPoints: true });
  const others = deploys(build);
  const result: RunResult = await conduct({
    ...grade,
    seed,
    folder,
    build,
    say,
    ...(values.disk === undefined ? {} : { smallDiskMb: wholeNumber('disk', values.disk) }),
    more: ({ sinks }) => [...others, ...providers(sinks)],
  });
  const report = {
    grade: grade.name,
    seed,
    at: new Date().toISOString(),
    command: commandOf(grade.name, seed),
    goals: goalsMet(grade.goals, result.verdict.counts),
    ...result,
  };
  writeFileSync(join(folder, 'report.json'), JSON.stringify(report, null, 2));
  writeFileSync(join(folder, 'report.md'), markdownOf(report));
  if (values.publish || grade.name !== 'commit') publish(report);
  console.log(summaryOf(report));
  const { outcome } = result.verdict;
  const isWell = result.restless.length === 0 && report.goals.every(({ isMet }) => isMet);
  const judged = outcome === 'holds' && !isWell ? 'violated' : outcome;
  if (judged === 'holds' && !values.keep) rmSync(folder, { recursive: true, force: true });
  else console.log(`history, dumps, logs and report: ${folder}`);
  return judged;
}

async function runQualification(seed: number): Promise<Outcome> {
  const { only } = values;
  const trials = await qualify({ seed, say, ...(only === undefined ? {} : { only }) });
  if (only === undefined)
    publishTrials({ seed, at: new Date().toISOString(), command: commandOf('qualify', seed), trials });
  const bad = trials.filter((trial) => !didWell(trial));
  for (const { name, wanted, violated, outcome } of bad)
    console.log(`${name}: wanted ${wanted}, ${outcome}, violated ${JSON.stringify(violated)}`);
  console.log(`${trials.length - bad.length} of ${trials.length} as they must be`);
  return bad.length === 0 ? 'holds' : 'violated';
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (text === '' || !Number.isSafeInteger(value)) throw new Error(`--${name} ${text} is no whole number`);
  return value;
}

const commandOf = (grade: string, seed: number): string => `npm run chaos -- --grade ${grade} --seed ${seed}`;

async function main(): Promise<Outcome> {
  if (values.check !== undefined) {
    const verdict = await judgeKept(values.check);
    console.log(verdictText(verdict));
    return verdict.outcome;
  }
  const seed =
    values.seed === undefined ? Math.floor(Date.now() / 1_000) % 1_000_000 : wholeNumber('seed', values.seed);
  if (values.grade === 'qualify') return runQualification(seed);
  const runs = grades[values.grade];
  if (runs === undefined)
    throw new Error(`no grade ${values.grade}; there are ${Object.keys(grades).join(', ')}, qualify`);
  const outcomes: Outcome[] = [];
  for (const grade of runs) outcomes.push(await runGrade(grade, seed));
  return (
    outcomes.find((outcome) => outcome === 'violated') ?? outcomes.find((outcome) => outcome === 'void') ?? 'holds'
  );
}

main().then(
  (outcome) => process.exit(exitCodes[outcome]),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
