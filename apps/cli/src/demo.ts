import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cloneDir, inheritedEnvironment } from '@tocsin/config';
import { type Command, InvalidArgumentError } from 'commander';
import { settings } from './connect.js';
import { CommandFailed } from './terminal.js';

const about = `Plays a story of two minutes on the running example unit, through the doors that everybody uses: panels fire, a page is
ignored and escalates, a team is dispatched and arrives, an alarm returns to normal, a flood of lows. The same seed
plays the same story. Watch it in the console.`;

export function addDemo(program: Command): void {
  program
    .command('demo')
    .summary('play a two-minute story on the running system')
    .description(about)
    .option('--seed <n>', 'a whole number', wholeNumber, 1)
    .option('--speed <x>', 'times as fast (escalation keeps its own time)', positive, 1)
    .action(demo);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number from 0 to 999999999.');
  return Number(text);
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 100)) throw new InvalidArgumentError('a number above 0, at most 100.');
  return value;
}

/** The simulator is a process of its own: apps do not reach into one another. */
async function demo({ seed, speed }: { seed: number; speed: number }): Promise<void> {
  const main = join(cloneDir, 'apps', 'simulator', 'dist', 'main.js');
  if (!existsSync(main)) throw new CommandFailed('the simulator is not built: run `npm run build`.');
  const env = { ...inheritedEnvironment(), TOCSIN_DATA: settings().dataDir };
  const child = spawn(process.execPath, [main, 'demo', '--seed', String(seed), '--speed', String(speed)], {
    stdio: 'inherit',
    env,
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0)
    throw new CommandFailed(code === null ? 'the demo was stopped.' : 'the demo did not come to its end.');
}
