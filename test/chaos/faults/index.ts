import type { Random } from '../history/random';
import type { FaultRecord } from '../history/records';
import { clockFaults } from './clocks';
import { crashPointFaults } from './crash-points';
import { networkFaults } from './network';
import { postgresFaults } from './postgres-faults';
import { processFaults } from './processes';
import { redisFaults } from './redis-faults';
import type { Family, Fault, NotRun, World } from './world';

export { deploy, outage } from './deploy';
export type { Fault, NotRun, World } from './world';

/** It takes a disk that forgets what was not flushed (LazyFS over /dev/fuse, or a machine that can be reset). */
const powerCut: Family = () => [
  {
    kind: 'power-cut',
    target: 'machine',
    reason: 'no disk here forgets what was not flushed; SIGKILL keeps the page cache',
  },
];

const families = [processFaults, postgresFaults, redisFaults, networkFaults, clockFaults, crashPointFaults, powerCut];

/** All that can be done in this world, and all that cannot. Deploys are `deploy(name, build)`, of the builds at hand. */
export function catalogue(world: World): { readonly faults: readonly Fault[]; readonly notRun: readonly NotRun[] } {
  const all = families.flatMap((family) => family(world));
  return {
    faults: all.filter((one): one is Fault => 'inflict' in one),
    notRun: all.filter((one): one is NotRun => 'reason' in one),
  };
}

/** Inflicts one fault and writes down its beginning and its end. @returns whether it could be done. */
export async function inflict(
  fault: Fault,
  world: World,
  { op, random, write }: { op: string; random: Random; write: (record: FaultRecord) => void },
): Promise<boolean> {
  const { kind, target } = fault;
  const record = { f: 'fault', op, kind, target } as const;
  write({ ...record, ph: 'invoke' });
  try {
    write({ ...record, ph: 'ok', detail: await fault.inflict(world, random) });
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    world.log(`not done: ${kind} of ${target}: ${reason}`);
    write({ ...record, ph: 'fail', detail: reason });
    return false;
  }
}
