import { setTimeout as wait } from 'node:timers/promises';
import { between, pick, type Random } from '../history/random';
import type { FaultProxy } from './proxy';
import type { Family, Fault } from './world';

/** Between the system and its servers: cuts, silence, slowness, and answers to COMMIT that are lost. */
export const networkFaults: Family = ({ servers }) => {
  const { postgres, redis } = servers;
  const both = [
    { target: 'postgres', proxy: postgres.proxy },
    ...(redis ? [{ target: 'redis', proxy: redis.proxy }] : []),
  ];
  return [
    ...both.flatMap(({ target, proxy }) => [cutAll(target, proxy), cutAtByte(target, proxy), blackHole(target, proxy)]),
    slow('pg-slow', 'postgres', postgres.proxy),
    ...(redis ? [slow('delay', 'redis', redis.proxy)] : []),
    commitAnswersLost(postgres.proxy),
  ];
};

const cutAll = (target: string, proxy: FaultProxy): Fault => ({
  kind: 'cut',
  target,
  inflict: async () => {
    const { connections } = proxy;
    proxy.cut();
    return `all ${connections} connections`;
  },
});

/** Within a frame's header, within its body, and after many frames. */
const places = [0, 1, 5, 17, 100, 1_000, 10_000];

const cutAtByte = (target: string, proxy: FaultProxy): Fault => ({
  kind: 'cut',
  target,
  inflict: async (_, random) => {
    const direction = pick(random, ['to-server', 'to-client'] as const);
    const byte = pick(random, places);
    await during(between(random, 1_000, 3_000), proxy.cutAt({ direction, byte }));
    return `each connection after ${byte} bytes ${direction}`;
  },
});

const blackHole = (target: string, proxy: FaultProxy): Fault => ({
  kind: 'black-hole',
  target,
  inflict: (_, random) => lasting(random, [5_000, 20_000], 'nothing passes', () => proxy.blackHole()),
});

const slow = (kind: 'pg-slow' | 'delay', target: string, proxy: FaultProxy): Fault => ({
  kind,
  target,
  inflict: (_, random) => {
    const ms = Math.round(between(random, 5, 200));
    return lasting(random, [3_000, 10_000], `${ms} ms each way`, () => proxy.delay(ms));
  },
});

const commitAnswersLost = (proxy: FaultProxy): Fault => ({
  kind: 'commit-answer-lost',
  target: 'postgres',
  inflict: async (_, random) => {
    const before = proxy.droppedCommits;
    const what = await lasting(random, [3_000, 10_000], '5 %', () => proxy.dropCommitAnswers(0.05, random));
    return `${what}: ${proxy.droppedCommits - before} lost`;
  },
});

async function lasting(
  random: Random,
  [least, most]: readonly [number, number],
  what: string,
  begin: () => () => void,
): Promise<string> {
  const ms = between(random, least, most);
  await during(ms, begin());
  return `${what} for ${Math.round(ms)} ms`;
}

async function during(ms: number, end: () => void): Promise<void> {
  try {
    await wait(ms);
  } finally {
    end();
  }
}
