import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadSettings } from '@tocsin/config';
import type { FirstRun } from './cast.js';
import { demoStory } from './demo-story.js';
import { playStory } from './play-story.js';

/** `node apps/simulator/dist/main.js demo [--seed N] [--speed X]`; people call it as `tocsin demo`. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: 'string', default: '1' }, speed: { type: 'string', default: '1' } },
  });
  if (positionals[0] !== 'demo') throw new Error('what to play: demo');
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  await playStory(demoStory, {
    firstRun: readFirstRun(join(loadSettings('cli').dataDir, 'first-run.json')),
    seed: Number(values.seed),
    speed: Number(values.speed),
    print: (line) => void process.stdout.write(`${line}\n`),
    signal: stop.signal,
  });
}

function readFirstRun(file: string): FirstRun {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as FirstRun;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error(`${file} is not there: the demo plays with the users and tokens of a first start.`, {
      cause: error,
    });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
