// `npm test [-- FILTER...]`: prepares as `npm start` does, then types, lint and every test on a throw-away PostgreSQL and
// Redis. Ends with `N passed, N failed`. Arguments go to Jest: a path or -t NAME runs only those tests.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build, clone, install, requireNode, runProgram, stopOnSignals } from './prepare.mjs';
import { prepareServers } from './servers.mjs';

requireNode();
const stop = stopOnSignals();
const filters = process.argv.slice(2);
const isWhole = filters.length === 0;
const inCi = /^(1|true)$/.test(process.env.CI ?? '');
const dataDir = mkdtempSync(join(tmpdir(), 'tocsin-test-'));
const results = { passed: 0, failed: 0, notRun: [] };
const undo = [];

try {
  await install(stop);
  await build(stop);
  if (isWhole) {
    await check('types of tests', 'typescript/bin/tsc', ['-p', 'test']);
    await check('lint', 'oxlint/bin/oxlint', []);
    await check('format', '@biomejs/biome/bin/biome', ['check', '--max-diagnostics=5', '.']);
  }
  // One of each for the whole run; a test file makes its own database and key prefix in them.
  const env = await prepareServers({ dataDir, signal: stop.signal, durable: false, undo });
  const excluded = whatIsMissing(env);
  // Specs of parts share the machine; those of the whole system measure time and take it alone.
  await jest(
    'unit',
    [
      '--maxWorkers=2',
      '--testPathIgnorePatterns',
      '/node_modules/',
      '<rootDir>/test/(e2e|browser|bench)/',
      ...excluded,
    ],
    env,
  );
  await jest(
    'system',
    [
      '--runInBand',
      '--testPathIgnorePatterns',
      '/node_modules/',
      '<rootDir>/(libs|apps|config)/',
      '<rootDir>/test/(architecture|bench|chaos)/',
      ...excluded,
    ],
    env,
  );
} catch (error) {
  if (!stop.signal.aborted) console.error(`tocsin: ${error.message}`);
  results.failed += 1;
} finally {
  for (const step of undo.reverse()) await step();
  rmSync(dataDir, { recursive: true, force: true });
}
for (const line of results.notRun) console.log(`not run: ${line}`);
if (inCi && results.notRun.length > 0) results.failed += results.notRun.length;
console.log(`${results.passed} passed, ${results.failed} failed`);
process.exit(results.failed > 0 ? 1 : 0);

async function check(name, bin, args) {
  const code = await runProgram(process.execPath, [join(clone, 'node_modules', bin), ...args], stop);
  results[code === 0 ? 'passed' : 'failed'] += 1;
  console.log(code === 0 ? `ok: ${name}` : `FAILED: ${name}`);
}

/** A spec says by what it uses what it needs; where that is missing its file is left out and named. */
function whatIsMissing(env) {
  const needs = [
    { what: 'redis-server or valkey-server', uses: /TOCSIN_TEST_REDIS_URL/, has: Boolean(env.TOCSIN_TEST_REDIS_URL) },
    {
      what: 'chromium',
      uses: /system\/browser|from 'playwright-core'/,
      has: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].some(existsSync),
    },
    { what: 'prometheus-alertmanager', uses: /system\/alertmanager/, has: isProgram('prometheus-alertmanager') },
  ];
  const specs = ['libs', 'apps', 'config', 'test'].flatMap((folder) => specsIn(join(clone, folder)));
  return specs.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const missing = needs.filter(({ uses, has }) => !has && uses.test(text)).map(({ what }) => what);
    if (missing.length === 0) return [];
    const name = relative(clone, file);
    results.notRun.push(`${name} (missing ${missing.join(', ')})`);
    return [`<rootDir>/${name.replaceAll('.', '\\.')}$`];
  });
}

function specsIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'dist'].includes(entry.name)) return [];
    if (entry.isDirectory()) return specsIn(join(folder, entry.name));
    return entry.name.endsWith('.spec.ts') ? [join(folder, entry.name)] : [];
  });
}

function isProgram(name) {
  return (process.env.PATH ?? '').split(':').some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Runs Jest and adds up what it counted. A run that leaves something open, and so does not end, has failed. */
async function jest(name, args, env) {
  if (stop.signal.aborted) return;
  const report = join(dataDir, `${name}.json`);
  const fixed = [
    join(clone, 'node_modules/jest/bin/jest.js'),
    '-c',
    'test/jest.config.mjs',
    '--passWithNoTests',
    '--json',
    `--outputFile=${report}`,
  ];
  const { leaky } = await runJest([...fixed, ...filters, ...args], env);
  const counted = existsSync(report)
    ? JSON.parse(readFileSync(report, 'utf8'))
    : { numPassedTests: 0, numFailedTests: 1, numRuntimeErrorTestSuites: 0 };
  results.passed += counted.numPassedTests;
  results.failed += counted.numFailedTests + counted.numRuntimeErrorTestSuites + (leaky ? 1 : 0);
  if (!isWhole) return;
  for (const suite of counted.testResults ?? []) {
    for (const test of suite.assertionResults)
      if (['pending', 'todo', 'skipped', 'disabled'].includes(test.status))
        results.notRun.push(`${relative(clone, suite.name)}: ${test.fullName} (skipped)`);
  }
}

function runJest(args, env) {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, {
      cwd: clone,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const end = () => child.kill('SIGTERM');
    let leaky = false;
    stop.signal.addEventListener('abort', end);
    child.stderr.on('data', (chunk) => {
      process.stderr.write(chunk);
      if (!/did not exit one second after|failed to exit gracefully/.test(chunk)) return;
      leaky = true;
      setTimeout(end, 5_000).unref();
    });
    child.once('exit', () => {
      stop.signal.removeEventListener('abort', end);
      done({ leaky });
    });
  });
}
