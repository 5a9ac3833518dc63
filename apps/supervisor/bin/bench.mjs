// `npm run bench [-- NAME...] [--quick]`: prepares as `npm start` does, then runs test/bench/NAME.bench.ts (all of them
// without a name), one after another. Each prints its figures beside a baseline of the same run; together they become
// docs/bench.json and docs/bench.md (--quick writes nothing there: it shows that the benchmarks run, not how fast).
// A figure that misses its floor fails nothing.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeReport } from './bench-report.mjs';
import { build, clone, install, requireNode, runProgram, stopOnSignals } from './prepare.mjs';
import { prepareServers } from './servers.mjs';

requireNode();
const { signal } = stopOnSignals();
const folder = join(clone, 'test/bench');
/** In the order of a first look: what the sender sees, what people see, then the parts. */
const order = [
  'intake',
  'end-to-end',
  'latency',
  'timers',
  'flood',
  'fan-out',
  'engine',
  'commit-decisions',
  'catch-up',
  'memory',
];
const all = readdirSync(folder)
  .filter((name) => name.endsWith('.bench.ts'))
  .map((name) => name.replace('.bench.ts', ''))
  .sort((a, b) => order.indexOf(a) - order.indexOf(b));
const options = process.argv.slice(2).filter((word) => word.startsWith('--'));
const names = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const isQuick = options.includes('--quick');
const dataDir = mkdtempSync(join(tmpdir(), 'tocsin-bench-'));
const results = {};
let failed = 0;
try {
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new Error(`no benchmark ${unknown.join(', ')}; there are ${all.join(', ')}`);
  await install({ signal });
  await build({ signal });
  await compile();
  for (const name of all.filter((one) => names.length === 0 || names.includes(one))) await runOne(name);
} catch (error) {
  if (!signal.aborted) console.error(`tocsin: ${error.message}`);
  failed += 1;
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
if (!isQuick && Object.keys(results).length > 0) writeReport(join(clone, 'docs'), results, all);
process.exit(failed > 0 ? 1 : 0);

/** To .cache/bench, beside .cache/system: as deep below the clone as the sources, which find it by that. */
async function compile() {
  const code = await runProgram(process.execPath, [join(clone, 'node_modules/typescript/bin/tsc'), '-p', folder], {
    signal,
  });
  if (code !== 0) throw new Error('the benchmarks do not compile; see above');
}

async function runOne(name) {
  console.log(`\n== ${name} (load of the machine before: ${loadavg()[0].toFixed(2)})`);
  const result = join(dataDir, `${name}.json`);
  const undo = [];
  try {
    // Most start the whole product; one needs only a database, on servers that flush to disk.
    const needsDatabase = /testDatabase/.test(readFileSync(join(folder, `${name}.bench.ts`), 'utf8'));
    const servers = needsDatabase ? await prepareServers({ dataDir, signal, durable: true, undo }) : {};
    const env = { ...servers, TOCSIN_BENCH_RESULT: result };
    const before = processorTimes();
    const code = await runProgram(process.execPath, [join(clone, '.cache/bench', `${name}.bench.js`), ...options], {
      signal,
      env,
    });
    if (code !== 0) failed += 1;
    else {
      const othersShare = shareOfOthers(before, processorTimes());
      results[name] = { ...JSON.parse(readFileSync(result, 'utf8')), othersShare };
    }
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

/** In seconds: what all processors have worked, and what the ended processes that this one began have used of it. */
function processorTimes() {
  const busy = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1_000;
  return { at: performance.now() / 1_000, busy, own: timesOfChildren() };
}

/** null where there is no /proc. A hundred ticks a second. */
function timesOfChildren() {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const fields = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
    return (Number(fields[13]) + Number(fields[14])) / 100;
  } catch {
    return null;
  }
}

/** Which part of the processors went to programs that are none of the benchmark's: 0 on a quiet machine. */
function shareOfOthers(before, after) {
  if (before.own === null || after.own === null) return null;
  const others = after.busy - before.busy - (after.own - before.own);
  return Math.max(0, Number((others / ((after.at - before.at) * cpus().length)).toFixed(2)));
}
