import { setTimeout as wait } from 'node:timers/promises';
import { readIncidents } from '../dumps';
import { signIn } from '../driver/sign-in';
import { type Fault, inflict, outage } from '../faults';
import type { Part } from '../grades/grades';
import { drawFaults } from '../grades/schedule';
import { between, randomFor } from '../history/random';
import type { PhaseRecord } from '../history/records';
import { monotonicMs } from '../history/recorder';
import { type Stage, whoSeesAll } from './stage';

export interface Play {
  readonly seed: number;
  /** Place of the part in its grade. */
  readonly index: number;
  /** All that may be broken in this run. */
  readonly faults: readonly Fault[];
  readonly say: (text: string) => void;
  readonly tell: (fault: Fault, done: boolean) => void;
}

const phases: Readonly<Partial<Record<Part['kind'], PhaseRecord['phase']>>> = {
  load: 'warm',
  fill: 'warm',
  calm: 'calm',
};
const lookEveryMs = 2_000;
/** Between a rush and the next. */
const settledMs = 10_000;

/** One part of a grade, from its beginning to its end, and what stands then. */
export async function play(stage: Stage, part: Part, of: Play): Promise<void> {
  const { kind, name, seconds } = part;
  const end = beginPhase(stage, phases[kind] ?? 'faults', name);
  of.say(`${name ?? kind}, ${seconds} s`);
  await playKind(stage, part, of);
  end();
  await tellHowItStands(stage, of.say);
}

/** @returns its end. */
export function beginPhase({ recorder }: Stage, phase: PhaseRecord['phase'], name?: string): () => void {
  const record = { f: 'phase', phase, ...(name === undefined ? {} : { name }) } as const;
  recorder.write({ ...record, ph: 'invoke' });
  return () => recorder.write({ ...record, ph: 'ok' });
}

async function playKind(stage: Stage, part: Part, of: Play): Promise<void> {
  switch (part.kind) {
    case 'load':
      await atRate(stage, part.perSecond);
      return wait(part.seconds * 1_000);
    case 'calm':
      return wait(part.seconds * 1_000);
    case 'burst':
      return burst(stage, part, of);
    case 'beat':
      return beat(stage, part, of);
    case 'rush':
      return rush(stage, part, of);
    case 'fill':
      return fill(stage, part, of);
    case 'outage':
      await stage.driver.pause();
      await breakIt(stage, outage(part.seconds * 1_000), { n: 0, of });
      return stage.driver.begin();
  }
}

type Kind<K extends Part['kind']> = Extract<Part, { kind: K }>;

/** `perSecond` where it is not the usual rate. */
async function atRate({ driver }: Stage, perSecond?: number): Promise<void> {
  await driver.pause();
  await driver.begin(perSecond);
}

async function burst(stage: Stage, { faults, only, pauseMs, seconds }: Kind<'burst'>, of: Play): Promise<void> {
  const random = randomFor(of.seed, `burst ${of.index}`);
  const chosen =
    only === undefined ? of.faults : of.faults.filter((fault) => only.some((name) => isCalled(fault, name)));
  const lastAt = monotonicMs() + seconds * 1_000;
  for (const [n, fault] of drawFaults(chosen, faults, random).entries()) {
    if (monotonicMs() > lastAt) break;
    of.say(`breaking ${fault.target}: ${fault.kind} (${n + 1} of ${faults})`);
    await breakIt(stage, fault, { n, of });
    await wait(between(random, ...pauseMs));
  }
  await stage.world.system.ready();
}

async function beat(stage: Stage, { fault: name, everyMs, seconds }: Kind<'beat'>, of: Play): Promise<void> {
  const fault = find(of, name);
  const beganAt = monotonicMs();
  for (let n = 0; n * everyMs < seconds * 1_000; n += 1) {
    await wait(Math.max(0, beganAt + n * everyMs - monotonicMs()));
    await breakIt(stage, fault, { n, of });
  }
}

async function rush(stage: Stage, part: Kind<'rush'>, of: Play): Promise<void> {
  const { consoles: count, rounds, perSecond, seconds } = part;
  const { consoles } = stage;
  await atRate(stage, perSecond);
  const { consoles: usual } = await consoles.status();
  const until = monotonicMs() + seconds * 1_000;
  await consoles.seat(count);
  for (let n = 0; n < rounds && monotonicMs() < until; n += 1) {
    await wait(settledMs);
    const killedAt = monotonicMs();
    await breakIt(stage, find(of, 'kill:gateway'), { n, of });
    const all = await consoles.rejoin(killedAt);
    const late = all.filter((ms) => ms === null).length;
    of.say(
      `  ${all.length - late} of ${all.length} consoles are back, the last after ${Math.max(...all.map(Number))} ms`,
    );
  }
  await consoles.seat(usual);
  await atRate(stage);
}

async function fill(stage: Stage, { incidents: wanted, seconds }: Kind<'fill'>, of: Play): Promise<void> {
  const { gateway } = stage.world.system.urls;
  const { token } = await signIn(gateway, stage.world.system.firstRun, whoSeesAll(stage.scene));
  const until = monotonicMs() + seconds * 1_000;
  for (;;) {
    const { length } = await readIncidents(gateway, token, 'open,acknowledged');
    if (length >= wanted || monotonicMs() > until) return of.say(`  ${length} incidents are unresolved`);
    await wait(lookEveryMs);
  }
}

async function breakIt(stage: Stage, fault: Fault, { n, of }: { n: number; of: Play }): Promise<void> {
  const random = randomFor(of.seed, `fault ${of.index} ${n}`);
  const op = `fault-${of.index}-${n}`;
  of.tell(fault, await inflict(fault, stage.world, { op, random, write: (record) => stage.recorder.write(record) }));
}

const isCalled = ({ kind, target }: Fault, name: string): boolean => name === kind || name === `${kind}:${target}`;

function find({ faults }: Play, name: string): Fault {
  const found = faults.find((fault) => isCalled(fault, name));
  if (found === undefined) throw new Error(`nothing here can be broken by ${name}`);
  return found;
}

async function tellHowItStands({ driver, consoles }: Stage, say: (text: string) => void): Promise<void> {
  const [{ accepted, open, acts }, { live, consoles: all, holes }] = await Promise.all([
    driver.status(),
    consoles.status(),
  ]);
  say(`  ${accepted} accepted, ${open} senders waiting, ${acts} acts; ${live} of ${all} consoles live, ${holes} holes`);
}
