import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from './world';

/**
 * `npm start` of another version on the same data, under load: the one that runs is stopped, then the other is started.
 * Over when the other is ready.
 */
export const deploy = (name: string, build: string): Fault => ({
  kind: 'deploy',
  target: name,
  inflict: async ({ system }) => {
    const from = system.build;
    const startedAt = performance.now();
    await system.startAgain(build);
    return `${from === build ? 'the same build' : 'another build'}, ready after ${Math.round(performance.now() - startedAt)} ms`;
  },
});

/** The whole service is away for `ms`. Over when it is ready again. */
export const outage = (ms: number): Fault => ({
  kind: 'outage',
  target: 'system',
  inflict: async ({ system }) => {
    await system.stop();
    await wait(ms);
    await system.startAgain();
    return `away for ${Math.round(ms / 1_000)} s`;
  },
});
