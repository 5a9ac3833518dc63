import type { Verdict } from '../checker/shapes';
import type { GoalResult } from '../grades/goals';
import type { RunResult } from '../run/conduct';

/** One run, as it is written down. */
export interface Report extends RunResult {
  readonly grade: string;
  readonly seed: number;
  /** ISO 8601, UTC: when it ended. */
  readonly at: string;
  readonly command: string;
  readonly goals: readonly GoalResult[];
}

/** What a terminal needs: counts, then what was violated. The last line is the verdict. */
export function summaryOf({ verdict, injected, notRun, restless, seconds, goals }: Report): string {
  return [
    `injected: ${list(injected)}`,
    `not run: ${notRun.map(({ what, reason }) => `${what} (${reason})`).join('; ') || 'nothing'}`,
    ...restless.map((what) => `never came to rest: ${what}`),
    `${seconds} s`,
    ...goals.map(
      ({ what, wanted, value, isMet }) => `${isMet ? 'met' : 'MISSED'}: ${what}: ${shown(value)} (${wanted})`,
    ),
    verdictText(verdict),
  ].join('\n');
}

export function verdictText(verdict: Verdict): string {
  const lines = [
    `counted: ${list(verdict.counts)}`,
    `checked: ${list(verdict.checked)}`,
    `keys: ${verdict.keys.stable} stable, ${verdict.keys.lost} lost, ${verdict.keys.neverAcknowledged} never acknowledged`,
    ...verdict.violations.slice(0, 40).map(({ invariant, key, what }) => `VIOLATED ${invariant} ${key}: ${what}`),
  ];
  const more = verdict.violations.length - 40;
  if (more > 0) lines.push(`... and ${more} more`);
  return [...lines, `${verdict.outcome}: ${verdict.why}`].join('\n');
}

const shownOfEach = 5;

/** The same to be read later, with the timelines of the worst. */
export function markdownOf(report: Report): string {
  const { verdict, injected, notRun, restless, goals } = report;
  const lines = [
    `## ${report.grade}, seed ${report.seed}: ${verdict.outcome}`,
    '',
    `\`${report.command}\`, ${report.at.slice(0, 16).replace('T', ' ')} UTC, ${report.seconds} s. ${verdict.why}.`,
    '',
    ...goalTable(goals),
    ...table('Injected', injected),
    ...table('Counted', verdict.counts),
    ...table('Checked (over so many things each)', verdict.checked),
    ...notRun.map(({ what, reason }) => `- not run: ${what} (${reason})`),
    ...restless.map((what) => `- never came to rest: ${what}`),
    ...violationLines(verdict),
    ...verdict.timelines.flatMap(({ violation, lines: around }) => [
      '',
      `### ${violation.invariant} ${violation.key}`,
      '',
      '```',
      ...around,
      '```',
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

const list = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${shown(count)}`)
    .join(', ') || 'nothing';

/** The first few of each invariant: 500 consoles that were late say the same 500 times. */
function violationLines({ violations }: Verdict): string[] {
  return [...new Set(violations.map(({ invariant }) => invariant))].flatMap((name) => {
    const all = violations.filter(({ invariant }) => invariant === name);
    const shownOnes = all.slice(0, shownOfEach).map(({ key, what }) => `- **${name}** ${key}: ${what}`);
    const more = all.length - shownOfEach;
    return more > 0 ? [...shownOnes, `- **${name}** and ${more} more`] : shownOnes;
  });
}

function goalTable(goals: readonly GoalResult[]): string[] {
  if (goals.length === 0) return [];
  const rows = goals.map(
    ({ what, wanted, value, isMet, anchor }) =>
      `| ${what} | ${wanted} | ${shown(value)} | ${isMet ? 'yes' : '**no**'} | ${anchor} |`,
  );
  return ['| Goal | Wanted | Seen | Met | Beside it |', '|---|---:|---:|---|---|', ...rows, ''];
}

const shown = (value: number | null): string => (value === null ? 'not measured' : String(Math.round(value * 10) / 10));

function table(title: string, counts: Readonly<Record<string, number>>): string[] {
  const names = Object.keys(counts);
  if (names.length === 0) return [];
  return [`| ${title} | |`, '|---|---:|', ...names.map((name) => `| ${name} | ${shown(counts[name] ?? null)} |`), ''];
}
