import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { crashPointsOf } from '../builds/crash-points';
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
    writeFileSync(system.crashFile, `${label}:${pass}`);
    const deadline = performance.now() + longestMs;
    // Whoever reaches it empties the file before it ends.
    while (readFileSync(system.crashFile, 'utf8') !== '') {
      if (performance.now() > deadline) {
        writeFileSync(system.crashFile, '');
        throw new Error(`${label} was not passed ${pass} times in ${longestMs} ms`);
      }
      await wait(20);
    }
    return `on pass ${pass}`;
  },
});
