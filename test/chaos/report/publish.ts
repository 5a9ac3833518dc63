import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cloneDir } from '../builds/make-build';
import { markdownOf, type Report } from './report';

const kept = 3;

const intro = `# Reliability: what was broken, and what was kept

Written by \`npm run chaos\` (test/chaos): a seeded load over every door, faults on demand, and a checker that knows the service
only by its public ports, its fake providers and one dump at the end. The last ${kept} runs of each grade stand here. All of it
ran on one machine; README says what that cannot show.
`;

/** docs/reliability.json keeps the last runs of each grade without their timelines; docs/reliability.md is made of it. */
export function publish(report: Report): void {
  const docs = join(cloneDir(), 'docs');
  mkdirSync(docs, { recursive: true });
  const file = join(docs, 'reliability.json');
  const { runs }: { runs: Report[] } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { runs: [] };
  const slim: Report = { ...report, verdict: { ...report.verdict, timelines: [] } };
  const others = runs.filter(({ grade }) => grade !== report.grade);
  const same = runs.filter(({ grade, seed }) => grade === report.grade && seed !== report.seed);
  const all = [...others, ...[slim, ...same].slice(0, kept)];
  writeFileSync(file, `${JSON.stringify({ runs: all }, null, 2)}\n`);
  writeFileSync(join(docs, 'reliability.md'), [intro, ...all.map(markdownOf)].join('\n'));
}
