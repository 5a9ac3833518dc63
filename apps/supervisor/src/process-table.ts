import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** One process: a pid alone is no identity, since the kernel hands pids out again; pid and start time are one. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal only for the same process of the same boot. */
  readonly startTime: string;
  readonly command: string;
}

const onLinux = process.platform === 'linux';

/** @returns the living process, or null; a zombie counts as dead. */
export function identify(pid: number): ProcessIdentity | null {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  return onLinux ? identifyByProc(pid) : (listByPs(['-p', String(pid)])[0] ?? null);
}

/** What is worth writing down about a process; null when it has ended already. */
export function recordOf(pid: number): Pick<ProcessIdentity, 'pid' | 'startTime'> | null {
  const found = identify(pid);
  return found && { pid: found.pid, startTime: found.startTime };
}

/** Every process of this machine that this user may see. */
export function listProcesses(): ProcessIdentity[] {
  if (!onLinux) return listByPs(['-ax']);
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => identifyByProc(Number(pid))).filter((found) => found !== null);
}

/** @returns a variable of another process's environment; null where the system does not tell. */
export function environmentOf(pid: number, variable: string): string | null {
  const text = onLinux ? readOrNull(`/proc/${pid}/environ`) : null;
  const entry = text?.split('\0').find((line) => line.startsWith(`${variable}=`));
  return entry === undefined ? null : entry.slice(variable.length + 1);
}

/** Field 3 (state) and 22 (start, in ticks since boot) of /proc/PID/stat; the name in field 2 may hold anything. */
export function parseStat(stat: string): { state: string; startTicks: string } | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  return state && startTicks ? { state, startTicks } : null;
}

function identifyByProc(pid: number): ProcessIdentity | null {
  const stat = parseStat(readOrNull(`/proc/${pid}/stat`) ?? '');
  if (!stat || stat.state === 'Z' || stat.state === 'X') return null;
  const command = (readOrNull(`/proc/${pid}/cmdline`) ?? '').split('\0').join(' ').trim();
  return { pid, startTime: `${bootId()}:${stat.startTicks}`, command };
}

let boot: string | undefined;
function bootId(): string {
  boot ??= readOrNull('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
  return boot;
}

function listByPs(which: readonly string[]): ProcessIdentity[] {
  let text: string;
  try {
    text = execFileSync('ps', [...which, '-o', 'pid=,state=,lstart=,command='], {
      encoding: 'utf8',
      env: { LC_ALL: 'C', PATH: '/bin:/usr/bin' },
    });
  } catch {
    // ps exits 1 when no such process lives.
    return [];
  }
  return text.split('\n').flatMap((line) => {
    const [, pid, state, startTime, command] =
      /^\s*(\d+)\s+(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/.exec(line) ?? [];
    return pid && !state?.startsWith('Z')
      ? [{ pid: Number(pid), startTime: startTime ?? '', command: command ?? '' }]
      : [];
  });
}

/** Processes end and hide between two reads: what cannot be read is not there. */
function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
