import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bug, bugs } from '../builds/bugs';
import { makeBuild } from '../builds/make-build';
import { deploy, type Fault } from '../faults';
import type { Part } from '../grades/grades';
import { conduct, type RunResult } from './conduct';
import { providers } from './providers';

export interface QualifyOptions {
  readonly seed: number;
  readonly say: (text: string) => void;
  /** Only bugs whose name holds this, and no clean runs. */
  readonly only?: string;
}

/** How the checker did on one seeded bug, or on one run of the service as it is. */
export interface Trial {
  readonly name: string;
  readonly wanted: string;
  /** Seconds until it was caught, all tries together; null = it was not. */
  readonly seconds: number | null;
  readonly tries: number;
  /** Which invariants were violated in the last try, and how often. */
  readonly violated: Readonly<Record<string, number>>;
  readonly outcome: RunResult['verdict']['outcome'];
}

/** A void run is repeated; a bug may need luck to show. */
const mostTries = 4;
const withinS = 600;
const cleanRuns = 10;

/** Faults that a bug needs, in two short bursts, and calm between and after. */
const parts = (faults: number): Part[] => [
  { kind: 'load', seconds: 25 },
  { kind: 'burst', faults, pauseMs: [1_500, 4_000], seconds: 45 },
  { kind: 'calm', seconds: 15 },
];

/** Each seeded bug until it is caught by its invariant, or not within ten minutes; then ten runs without a bug. */
export async function qualify({ seed, say, only }: QualifyOptions): Promise<readonly Trial[]> {
  const trials: Trial[] = [];
  for (const bug of bugs.filter(({ name }) => only === undefined || name.includes(only))) {
    trials.push(await tryBug(bug, seed, say));
    const { seconds, tries } = trials.at(-1) as Trial;
    say(
      seconds === null
        ? `NOT CAUGHT: ${bug.name}`
        : `caught ${bug.name} by ${bug.caughtBy} (${tries} runs, ${seconds} s)`,
    );
  }
  const clean = only === undefined ? cleanRuns : 0;
  for (let n = 0; n < clean; n += 1) {
    trials.push(await tryClean(seed + 1_000 + n, say));
    say(`clean run ${n + 1} of ${clean}: ${trials.at(-1)?.outcome}`);
  }
  return trials;
}

/** Whether it did as it must: every bug caught by its own invariant, no alarm on a clean run. */
export const didWell = ({ wanted, seconds, outcome }: Trial): boolean =>
  wanted === 'clean' ? outcome === 'holds' : seconds !== null;

async function tryBug(bug: Bug, seed: number, say: (text: string) => void): Promise<Trial> {
  const build = makeBuild({ name: `bug-${bug.name}`, edits: bug.edits, crashPoints: true });
  let spent = 0;
  for (let tries = 1; ; tries += 1) {
    const result = await runOnce({ build, seed: seed + tries, say, faults: faultsFor(bug) });
    spent += result.seconds;
    const violated = violatedIn(result);
    const isCaught = (violated[bug.caughtBy] ?? 0) > 0;
    if (isCaught || tries >= mostTries || spent > withinS) {
      const { outcome } = result.verdict;
      return { name: bug.name, wanted: bug.caughtBy, seconds: isCaught ? spent : null, tries, violated, outcome };
    }
  }
}

async function tryClean(seed: number, say: (text: string) => void): Promise<Trial> {
  const build = makeBuild({ name: 'chaos', crashPoints: true });
  for (let tries = 1; ; tries += 1) {
    const result = await runOnce({ build, seed, say, faults: () => true });
    const { outcome } = result.verdict;
    if (outcome === 'void' && tries < mostTries) continue;
    return {
      name: `clean, seed ${seed}`,
      wanted: 'clean',
      seconds: result.seconds,
      tries,
      violated: violatedIn(result),
      outcome,
    };
  }
}

/** `kind` or `kind:target`. A bug that needs none meets a few anyway: it must not hide behind them. */
function faultsFor({ needs }: Bug): (fault: Fault) => boolean {
  return ({ kind, target }) => needs.includes(kind) || needs.includes(`${kind}:${target}`);
}

async function runOnce(options: {
  readonly build: string;
  readonly seed: number;
  readonly say: (text: string) => void;
  readonly faults: (fault: Fault) => boolean;
}): Promise<RunResult> {
  const { build, seed, say, faults } = options;
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-chaos-'));
  try {
    return await conduct({
      build,
      seed,
      folder,
      say: (text) => (text.startsWith('breaking') ? undefined : say(`  ${text}`)),
      perSecond: 60,
      consoles: 6,
      observed: 2,
      parts: parts(8),
      checksLiveness: false,
      without: ['clock-postgres', 'redis-outage', 'black-hole'],
      more: ({ sinks }) => [...providers(sinks), deploy('same build', build)],
      choose: faults,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function violatedIn({ verdict }: RunResult): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { invariant } of verdict.violations) counts[invariant] = (counts[invariant] ?? 0) + 1;
  return counts;
}
