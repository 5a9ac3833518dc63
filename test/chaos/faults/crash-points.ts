import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { crashPointsOf } from '../builds/crash-points';
import { type ServiceName, services } from '../servers/system';
import { restarted } from './processes';
import type { Family, Fault } from './world';

/** A label that no load passes in this time was not hit. */
const longestMs = 10_000;

/** A process ends itself by SIGKILL when it passes a labelled place for the n-th time from now on. */
export const crashPointFaults: Family = ({ system }) => {
  const labels = crashPointsOf(system.build);
  if (labels.length === 0)
    return [{ kind: 'crash-point', target: 'system', reason: 'the build that runs has no crash points' }];
  return labels.map(crashAt);
};

const crashAt = (label: string): Fault => ({
  kind: 'crash-point',
  target: label,
  inflict: async ({ system }, random) => {
    // Some places are passed a hundred times a second, some hardly ever.
    const pass = 1 + Math.floor(3 * random() ** 2);
    const pids = services.map((service) => [service, system.pidOf(service)] as const);
    writeFileSync(system.crashFile, `${label}:${pass}`);
    await hit(system.crashFile);
    const [service, pid] = await ended(pids);
    await restarted(system, service, pid);
    return `${service} on pass ${pass}`;
  },
});

/** Whoever reaches the label empties the file before it ends. */
async function hit(file: string): Promise<void> {
  for (const deadline = performance.now() + longestMs; readFileSync(file, 'utf8') !== ''; await wait(20)) {
    if (performance.now() < deadline) continue;
    writeFileSync(file, '');
    throw new Error(`nobody passed it so often in ${longestMs} ms`);
  }
}

async function ended<P extends readonly [ServiceName, number]>(processes: readonly P[]): Promise<P> {
  for (;;) {
    const dead = processes.find(([, pid]) => !isAlive(pid));
    if (dead) return dead;
    await wait(5);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    return false;
  }
}
