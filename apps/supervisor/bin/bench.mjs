// `npm run bench [-- NAME... [--option value ...]]`: prepares as `npm start` does, then runs test/bench/NAME.bench.mjs
// (all of them without a name), one after another, on a PostgreSQL that flushes to disk. Options go to each.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, clone, install, requireNode, runProgram, stopOnSignals } from './prepare.mjs';
import { prepareServers } from './servers.mjs';

requireNode();
const { signal } = stopOnSignals();
const folder = join(clone, 'test/bench');
const all = readdirSync(folder).filter((name) => name.endsWith('.bench.mjs'));
const firstOption = process.argv.slice(2).findIndex((word) => word.startsWith('--'));
const words = process.argv.slice(2);
const names = firstOption < 0 ? words : words.slice(0, firstOption);
const options = firstOption < 0 ? [] : words.slice(firstOption);
const dataDir = mkdtempSync(join(tmpdir(), 'tocsin-bench-'));
const undo = [];
let failed = 0;
try {
  const unknown = names.filter((name) => !all.includes(`${name}.bench.mjs`));
  if (unknown.length > 0)
    throw new Error(
      `no benchmark ${unknown.join(', ')}; there are ${all.map((name) => name.replace('.bench.mjs', '')).join(', ')}`,
    );
  await install({ signal });
  await build({ signal });
  const env = await prepareServers({ dataDir, signal, durable: true, undo });
  for (const file of all.filter((name) => names.length === 0 || names.includes(name.replace('.bench.mjs', '')))) {
    console.log(`== ${file}`);
    const code = await runProgram(process.execPath, [join(folder, file), ...options], { signal, env });
    if (code !== 0) failed += 1;
  }
} catch (error) {
  if (!signal.aborted) console.error(`tocsin: ${error.message}`);
  failed += 1;
} finally {
  for (const step of undo.reverse()) await step();
  rmSync(dataDir, { recursive: true, force: true });
}
process.exit(failed > 0 ? 1 : 0);
