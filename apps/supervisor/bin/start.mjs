// `npm start`: installs and builds what is missing, then becomes the supervisor in this same process, so that signals
// sent to it reach the one that stops everything.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { build, clone, install, requireNode, stopOnSignals } from './prepare.mjs';

requireNode();
const stop = stopOnSignals();
const main = join(clone, 'apps/supervisor/dist/main.js');

process.on('uncaughtException', (error) => {
  console.error('tocsin:', error);
  process.exitCode = 1;
  stop.abort(error);
});

try {
  // Nothing is rebuilt under a system that runs from this clone; the supervisor then says that it does.
  if (!(await isRunning()) || !existsSync(main)) {
    await install(stop);
    await build(stop);
  }
  const { supervise } = await import(pathToFileURL(main).href);
  const code = await supervise(stop);
  process.exit(process.exitCode || code);
} catch (error) {
  if (stop.signal.aborted) process.exit(process.exitCode || 0);
  console.error(`tocsin: ${error.message}`);
  process.exit(1);
}

/** A hint, not the lock: waits while one that stops lets go of its TOCSIN_DATA, at most 10 s. */
async function isRunning() {
  const file = join(resolve(process.env.TOCSIN_DATA?.trim() || join(clone, 'var')), 'supervisor.lock');
  const deadline = Date.now() + 10_000;
  for (;;) {
    const holder = holderIn(file);
    if (!holder || !isAlive(holder.pid) || stop.signal.aborted) return false;
    if (holder.state !== 'stopping' || Date.now() > deadline) return true;
    await wait(100);
  }
}

function holderIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // No file, or half of one: the supervisor decides.
    return null;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
