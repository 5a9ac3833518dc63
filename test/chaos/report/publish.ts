import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cloneDir } from '../builds/make-build';
import { didWell, type Trial } from '../run/qualify';
import { markdownOf, type Report } from './report';

const keptRuns = 3;
const violationsMost = 1_000;

const intro = `# Reliability: what was broken, and what was kept

Written by \`npm run chaos\` (test/chaos): a seeded load over every door, faults on demand, and a checker that knows the service
only by its public ports, its fake providers and one dump at the end. The last ${keptRuns} runs of each grade stand here. All of it
ran on one machine; README says what that cannot show.
`;

/** docs/reliability.json keeps the last runs of each grade without their timelines; docs/reliability.md is made of it. */
export function publish(report: Report): void {
  const { runs, qualification } = read();
  const { verdict } = report;
  const violations = verdict.violations.slice(0, violationsMost);
  const slim: Report = { ...report, verdict: { ...verdict, violations, timelines: [] } };
  const others = runs.filter(({ grade }) => grade !== report.grade);
  const same = runs.filter(({ grade, seed }) => grade === report.grade && seed !== report.seed);
  const all = [...others, ...[slim, ...same].slice(0, keptRuns)];
  write({ runs: all, qualification });
}

/** How the checker itself did: the last qualification stands beside the runs. */
export interface Qualification {
  readonly seed: number;
  readonly at: string;
  readonly command: string;
  readonly trials: readonly Trial[];
}

export function publishTrials(qualification: Qualification): void {
  write({ ...read(), qualification });
}

interface Kept {
  readonly runs: readonly Report[];
  readonly qualification: Qualification | null;
}

const docs = join(cloneDir(), 'docs');
const file = join(docs, 'reliability.json');

function read(): Kept {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Kept) : { runs: [], qualification: null };
}

function write(kept: Kept): void {
  mkdirSync(docs, { recursive: true });
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
  const { runs, qualification } = kept;
  const parts = [intro, ...(qualification === null ? [] : [trialsOf(qualification)]), ...runs.map(markdownOf)];
  writeFileSync(join(docs, 'reliability.md'), parts.join('\n'));
}

function trialsOf({ trials, command, at }: Qualification): string {
  const bugs = trials.filter(({ wanted }) => wanted !== 'clean');
  const clean = trials.filter(({ wanted }) => wanted === 'clean');
  const rows = trials.map(
    ({ name, wanted, seconds, tries, violated }) =>
      `| ${name} | ${wanted} | ${seconds === null ? '**no**' : `${seconds} s, ${tries} runs`} | ${Object.entries(
        violated,
      )
        .map(([one, count]) => `${one} ${count}`)
        .join(', ')} |`,
  );
  return [
    `## The checker itself: ${bugs.filter(didWell).length} of ${bugs.length} seeded bugs caught, ${clean.filter((trial) => !didWell(trial)).length} false alarms in ${clean.length} clean runs`,
    '',
    `\`${command}\`, ${at.slice(0, 16).replace('T', ' ')} UTC.`,
    '',
    '| Bug | Must be caught by | Caught | Violated in that run |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
