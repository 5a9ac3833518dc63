import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { check } from '../checker';
import type { Verdict } from '../checker/shapes';
import { keepDumps, keptDumps, quiesce, readApi, readSql } from '../dumps';
import type { Dumps } from '../dumps/shapes';
import { catalogue, type Fault, type NotRun } from '../faults';
import type { Part } from '../grades/grades';
import type { FaultKind } from '../history/records';
import { monotonicMs, readHistory } from '../history/recorder';
import type { Scene } from '../scene/shapes';
import { signIn } from '../driver/sign-in';
import { beginPhase, play } from './play';
import { setStage, type Stage, type StageOptions, whoSeesAll } from './stage';

export interface RunOptions extends StageOptions {
  readonly parts: readonly Part[];
  readonly without: readonly FaultKind[];
  readonly checksLiveness: boolean;
  /** Faults beside those of the catalogue: deploys, providers. */
  readonly more?: (stage: Stage) => readonly Fault[];
  /** Of all that can be done; default every one. */
  readonly choose?: (fault: Fault) => boolean;
}

export interface RunResult {
  readonly verdict: Verdict;
  readonly seconds: number;
  readonly injected: Readonly<Record<string, number>>;
  /** What could not be done, and why. */
  readonly notRun: readonly { readonly what: string; readonly reason: string }[];
  /** What had not come to rest when it was to be read; empty is well. */
  readonly restless: readonly string[];
}

/**
 * One run: load, faults and calm as the parts say; then no load and no faults until everything rests; then the tables, the
 * API and the consoles are read, everything is stopped, and the checker looks at history and dumps.
 */
export async function conduct(options: RunOptions): Promise<RunResult> {
  const beganAt = monotonicMs();
  const stage = await setStage(options);
  const injected = new Map<string, number>();
  let seen: { dumps: Dumps; restless: string[] };
  let notRun: readonly NotRun[];
  try {
    const found = catalogue(stage.world);
    notRun = found.notRun;
    const faults = [...found.faults, ...(options.more?.(stage) ?? [])].filter(
      (fault) => !options.without.includes(fault.kind) && (options.choose?.(fault) ?? true),
    );
    await stage.driver.begin();
    const tell = (fault: Fault, done: boolean): void => {
      const name = done ? `${fault.kind} ${fault.target}` : 'not done';
      injected.set(name, (injected.get(name) ?? 0) + 1);
    };
    const { seed, say } = options;
    for (const [index, part] of options.parts.entries()) await play(stage, part, { seed, index, faults, say, tell });
    seen = await comeToRest(stage, options);
  } finally {
    await stage.strike();
  }
  options.say('checking');
  keepDumps(options.folder, seen.dumps, stage.scene);
  return {
    verdict: judge(options.folder, seen.dumps, stage.scene, options.checksLiveness),
    seconds: Math.round((monotonicMs() - beganAt) / 1_000),
    injected: Object.fromEntries([...injected].sort()),
    notRun: notRun.map(({ kind, target, reason }) => ({ what: `${kind} ${target}`, reason })),
    restless: seen.restless,
  };
}

/** The checker's word on a run that was kept. */
export async function judgeKept(folder: string): Promise<Verdict> {
  const { dumps, scene } = await keptDumps(folder);
  return judge(folder, dumps, scene);
}

function judge(folder: string, dumps: Dumps, scene: Scene, checksLiveness = true): Verdict {
  const files = readdirSync(join(folder, 'history')).filter((name) => name.endsWith('.ndjson'));
  const history = readHistory(files.map((name) => join(folder, 'history', name)));
  return check({ history, dumps, scene, checksLiveness });
}

async function comeToRest(stage: Stage, options: RunOptions): Promise<{ dumps: Dumps; restless: string[] }> {
  const { world, driver, consoles } = stage;
  options.say('healing');
  const healed = beginPhase(stage, 'heal');
  await world.system.ready();
  await driver.end();
  // Beside each other: steps go on falling due for a while, and consoles are measured from the end of the load.
  const [{ isReached, left }] = await Promise.all([
    quiesce(world.servers.directDatabaseUrl),
    consoles.converge(monotonicMs()),
  ]);
  const restless = isReached ? [] : Object.entries(left).flatMap(([what, n]) => (n > 0 ? [`${n} ${what}`] : []));
  healed();
  const read = beginPhase(stage, 'dump');
  const { gateway, intake } = world.system.urls;
  const { token } = await signIn(gateway, world.system.firstRun, whoSeesAll(stage.scene));
  // The tables last, for they tell when what the others differ in happened; they also take longest.
  const api = await readApi(gateway, token, intake);
  const replicas = await consoles.replicas();
  const sql = await readSql(world.servers.directDatabaseUrl);
  read();
  return { dumps: { sql, api, replicas }, restless };
}
