import { setTimeout as wait } from 'node:timers/promises';
import { between, pick } from '../history/random';
import { faketime, stepClock } from './faketime';
import type { Family, Fault, NotRun } from './world';

/** Seconds: around the smallest step that matters, an hour as by a wrong zone, a day as by a dead battery. */
const steps = [1, -1, 60, -60, 3_600, -3_600, 86_400, -86_400];

/** The wall clock of the system's processes, or of PostgreSQL, jumps, and later jumps back. */
export const clockFaults: Family = ({ system, servers }) => [
  system.clockFile === null ? notRun('clock', 'system') : clock('clock', 'system', system.clockFile),
  servers.clockFile === null
    ? notRun('clock-postgres', 'postgres')
    : clock('clock-postgres', 'postgres', servers.clockFile),
];

const clock = (kind: 'clock' | 'clock-postgres', target: string, file: string): Fault => ({
  kind,
  target,
  inflict: async (_, random) => {
    const seconds = pick(random, steps);
    const ms = between(random, 3_000, 10_000);
    stepClock(file, seconds);
    try {
      await wait(ms);
    } finally {
      stepClock(file, 0);
    }
    return `${seconds} s for ${Math.round(ms)} ms`;
  },
});

const notRun = (kind: 'clock' | 'clock-postgres', target: string): NotRun => ({
  kind,
  target,
  reason: faketime === null ? 'no libfaketime (Debian package libfaketime)' : 'started without a file for its clock',
});
