// `npm run chaos -- --grade commit|nightly|outage|races|release|qualify [--seed N]`: prepares as `npm start` does, compiles test/chaos
// and runs it. What it prints, its report and its exit code are its own.
import { join } from 'node:path';
import { build, clone, install, requireNode, runProgram, stopOnSignals } from './prepare.mjs';

requireNode();
const { signal } = stopOnSignals();
try {
  await install({ signal });
  await build({ signal });
  const tsc = join(clone, 'node_modules/typescript/bin/tsc');
  const compiled = await runProgram(process.execPath, [tsc, '-p', join(clone, 'test/chaos')], { signal });
  if (compiled !== 0) throw new Error('test/chaos does not compile; see above');
  const main = join(clone, '.cache/chaos/main.js');
  // The history and the tables of an hour are looked at as a whole.
  const argv = ['--max-old-space-size=12288', main, ...process.argv.slice(2)];
  process.exitCode = await runProgram(process.execPath, argv, { signal });
} catch (error) {
  if (!signal.aborted) console.error(`tocsin: ${error.message}`);
  process.exitCode = 1;
}
