// What `npm start` and `npm test` do before any of our own code can run: Node's own modules only.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const clone = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const say = (text) => console.log(text);
const modules = join(clone, 'node_modules');

/** Nest 12 is loaded by require() of ES modules, which Node has without a flag from 20.19 on. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`tocsin: Node 20.19 or newer is needed, this is ${process.versions.node}. Node 24 is recommended.`);
  process.exit(1);
}

/**
 * One AbortController for the whole life of this process: SIGINT, SIGTERM and SIGHUP, once or often, mean the same.
 * Writing to a terminal that is gone must not end the stop half way.
 */
export function stopOnSignals() {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => stop.abort(new Error(name)));
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return stop;
}

/** Runs a program with its output shown; a stop ends it. Resolves with its exit code. */
export function runProgram(file, args, { signal, env = {} } = {}) {
  return new Promise((done, fail) => {
    signal?.throwIfAborted();
    const child = spawn(file, args, {
      cwd: clone,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    });
    // npm takes half a minute to undo an installation; the next start begins it anew anyway.
    const end = () => {
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 2_000).unref();
    };
    signal?.addEventListener('abort', end);
    child.once('error', fail);
    child.once('exit', (code) => {
      signal?.removeEventListener('abort', end);
      if (signal?.aborted) fail(signal.reason);
      else done(code ?? 1);
    });
  });
}

/** Development dependencies too: the clone builds itself. Also where NODE_ENV or npm's settings say otherwise. */
export async function install({ signal }) {
  const why = whyInstall();
  if (!why) return;
  say(`Installing packages: ${why}. The first time takes about a minute.`);
  const startedAt = Date.now();
  const progress = setInterval(
    () => say(`  ${count()} packages after ${Math.round((Date.now() - startedAt) / 1000)} s`),
    10_000,
  );
  try {
    const options = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
    const viaNode = process.env.npm_execpath?.endsWith('.js');
    const [file, args] = viaNode ? [process.execPath, [process.env.npm_execpath, ...options]] : ['npm', options];
    const code = await runProgram(file, args, { signal });
    if (code !== 0) throw new Error(`npm ci ended with code ${code}`);
    say(`  ${count()} packages installed in ${Math.round((Date.now() - startedAt) / 1000)} s`);
  } finally {
    clearInterval(progress);
  }
}

/** npm writes what it has installed into node_modules/.package-lock.json, as its last act. */
function whyInstall() {
  const installedFile = join(modules, '.package-lock.json');
  if (!existsSync(modules)) return 'node_modules is missing';
  if (!existsSync(installedFile)) return 'the last installation was not finished';
  const wanted = JSON.parse(readFileSync(join(clone, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  const stale = Object.entries(wanted).find(([name, { version, link, optional }]) => {
    if (!name.startsWith('node_modules/') || link) return false;
    const found = installed[name];
    return found ? found.version !== version : !optional;
  });
  return stale ? `${stale[0].replace(/^.*node_modules\//, '')} is not what package-lock.json says` : null;
}

function count() {
  const names = existsSync(modules) ? readdirSync(modules).filter((name) => !name.startsWith('.')) : [];
  return names.reduce((sum, name) => sum + (name.startsWith('@') ? readdirSync(join(modules, name)).length : 1), 0);
}

/** `tsc -b` compiles what is stale and nothing else; the console is built when its sources changed. */
export async function build({ signal }) {
  const tsc = (...args) =>
    runProgram(process.execPath, [join(modules, 'typescript/bin/tsc'), '-b', ...args], { signal });
  const startedAt = Date.now();
  let code = await tsc();
  // Compiled files that somebody removed by hand: the compiler's notes still call them up to date.
  if (code === 0 && !appsAreBuilt()) code = await tsc('--force');
  if (code !== 0) throw new Error('the sources do not compile; see above');
  await buildConsole(signal);
  if (Date.now() - startedAt > 2_000) say(`  Built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

function appsAreBuilt() {
  return ['supervisor', 'intake', 'engine', 'notifier', 'gateway', 'cli'].every((name) =>
    existsSync(join(clone, 'apps', name, 'dist/main.js')),
  );
}

async function buildConsole(signal) {
  const folder = join(clone, 'apps/console');
  if (!existsSync(join(folder, 'index.html'))) return;
  const stamp = join(folder, '.cache/sources');
  const hash = hashOf(folder, [join(clone, 'package-lock.json')]);
  const isFresh =
    existsSync(join(folder, 'dist/index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
  if (isFresh) return;
  say('Building the console.');
  const code = await runProgram(
    process.execPath,
    [join(modules, 'vite/bin/vite.js'), 'build', folder, '--logLevel', 'error'],
    { signal },
  );
  if (code !== 0) throw new Error('the console does not build; see above');
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}

function hashOf(folder, files) {
  const hash = createHash('sha256');
  const add = (file) => hash.update(file.slice(clone.length)).update('\0').update(readFileSync(file)).update('\0');
  const walk = (dir) => {
    for (const entry of readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (['node_modules', 'dist', '.cache'].includes(entry.name)) continue;
      if (entry.isDirectory()) walk(join(dir, entry.name));
      else if (entry.isFile() && !entry.name.endsWith('.tsbuildinfo')) add(join(dir, entry.name));
    }
  };
  walk(folder);
  files.forEach(add);
  return hash.digest('hex');
}
