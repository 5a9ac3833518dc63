import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inheritedEnvironment } from '@tocsin/config';
import { endedOrAborted, run } from './run-process.js';
import { say } from './say.js';

/** Redis 6.2 is the first that BullMQ can use; every Valkey is newer. */
const oldest = [6, 2] as const;

/** @returns the server's path, installing it where this is root on Debian or Ubuntu; null: go on without. */
export async function findRedis(dataDir: string, signal: AbortSignal): Promise<string | null> {
  const there = onPath('redis-server') ?? onPath('valkey-server');
  if (there) return there;
  if (process.getuid?.() !== 0 || !onPath('apt-get')) return null;
  say('  Redis: installing redis-server by apt-get (once)');
  await installRedis(join(dataDir, 'logs', 'apt-get.log'), signal);
  return onPath('redis-server');
}

/** "Redis server v=7.0.15 sha=..." or "Valkey server v=8.0.1 ..." */
export function isNewEnough(versionLine: string): boolean {
  const [, major, minor] = /v=(\d+)\.(\d+)/.exec(versionLine) ?? [];
  if (major === undefined) return false;
  return Number(major) > oldest[0] || (Number(major) === oldest[0] && Number(minor) >= oldest[1]);
}

export function onPath(program: string): string | null {
  const folders = [
    ...(inheritedEnvironment().PATH ?? '').split(':'),
    '/usr/local/bin',
    '/usr/bin',
    '/usr/sbin',
    '/opt/homebrew/bin',
  ];
  const file = folders
    .filter(Boolean)
    .map((folder) => join(folder, program))
    .find(isProgram);
  if (!file || !/^(redis|valkey)-server$/.test(program)) return file ?? null;
  return isNewEnough(execFileSync(file, ['--version'], { encoding: 'utf8' })) ? file : null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const policy = '/usr/sbin/policy-rc.d';

/** The package would start a system service on port 6379: a policy forbids that for the time of the installation. */
async function installRedis(logFile: string, signal: AbortSignal): Promise<void> {
  const ours = !existsSync(policy);
  if (ours) {
    writeFileSync(policy, '#!/bin/sh\nexit 101\n');
    chmodSync(policy, 0o755);
  }
  try {
    const options = [
      '-q',
      '-y',
      '-o',
      'Acquire::Retries=1',
      '-o',
      'Acquire::http::Timeout=15',
      '-o',
      'DPkg::Lock::Timeout=60',
    ];
    const aptGet = (...args: string[]): Promise<string> => {
      const env = { ...inheritedEnvironment(), DEBIAN_FRONTEND: 'noninteractive' };
      const running = run(
        { file: 'apt-get', args: [...options, ...args] },
        { env, cwd: '/', logFile, ownSession: true },
      );
      return endedOrAborted(running, signal);
    };
    const install = (): Promise<string> => aptGet('install', '--no-install-recommends', 'redis-server');
    if (hasLists() && (await install()) === 'ended with code 0') return;
    if ((await aptGet('update')) === 'ended with code 0') await install();
  } finally {
    if (ours) rmSync(policy, { force: true });
  }
}

/** Container images ship without package lists: installing would only fail. */
function hasLists(): boolean {
  return spawnSync('apt-cache', ['show', 'redis-server'], { stdio: 'ignore' }).status === 0;
}
