import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { crashModule, crashModuleText, crashPoint, labelsFile } from './crash-points';

/** One place of a compiled file. `find` must be there exactly once. */
export interface Edit {
  /** From the clone's folder: `libs/store/dist/...js`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export interface BuildOptions {
  /** Of its folder below .cache/chaos-builds. */
  readonly name: string;
  readonly edits?: readonly Edit[];
  readonly crashPoints?: boolean;
}

/** A start builds what is stale; a build is made of what was compiled, and its sources are not there. */
const noInstall: Edit = {
  file: 'apps/supervisor/bin/start.mjs',
  find: 'if (!(await isRunning()) || !existsSync(main)) {',
  replace: 'if (!existsSync(main)) {',
};

/**
 * A copy of this clone's compiled product that differs from it by `edits` and by crash points, and can be started as the
 * clone is. Everything of the product is the copy's; packages of others are links to the clone's.
 * @returns its folder. @throws naming each edit that does not match exactly once.
 */
export function makeBuild({ name, edits = [], crashPoints = false }: BuildOptions): string {
  const clone = cloneDir();
  const build = join(clone, '.cache/chaos-builds', name);
  rmSync(build, { recursive: true, force: true });
  mkdirSync(build, { recursive: true });
  for (const folder of ['apps', 'libs', 'config']) {
    cpSync(join(clone, folder), join(build, folder), { recursive: true, filter: isOfProduct });
  }
  cpSync(join(clone, 'package.json'), join(build, 'package.json'));
  linkIfThere(join(clone, 'apps/console/dist'), join(build, 'apps/console/dist'));
  linkPackages(clone, build);
  applyEdits(build, [noInstall, ...edits]);
  if (crashPoints) plantCrashPoints(build);
  return build;
}

/** Looked for upwards from here: compiled or not, this file lies in the clone. */
export function cloneDir(): string {
  let dir = __dirname;
  while (!existsSync(join(dir, 'package-lock.json'))) {
    if (dir === dirname(dir)) throw new Error('no clone around this file');
    dir = dirname(dir);
  }
  return dir;
}

/** @throws naming all edits that do not match exactly once; then nothing was written. */
function applyEdits(folder: string, edits: readonly Edit[]): void {
  const wrong = mismatches(folder, edits);
  if (wrong.length > 0) throw new Error(`edits that do not match once:\n${wrong.join('\n')}`);
  for (const { file, find, replace } of edits) {
    const path = join(folder, file);
    writeFileSync(path, readFileSync(path, 'utf8').split(find).join(replace));
  }
}

/** The edits that do not match exactly once, in words. Edits of one file must not touch each other. */
export function mismatches(folder: string, edits: readonly Edit[]): string[] {
  return edits.flatMap(({ file, find }) => {
    const path = join(folder, file);
    const count = existsSync(path) ? readFileSync(path, 'utf8').split(find).length - 1 : 0;
    return count === 1 ? [] : [`${file} holds ${count} times: ${find}`];
  });
}

/** Compiled files, what they read, and what starts them; not sources, tests and what others have installed. */
function isOfProduct(source: string): boolean {
  if (['node_modules', 'src', 'test', '.cache', 'public'].includes(basename(source))) return false;
  if (source.endsWith('/apps/console/dist')) return false;
  return !/\.(ts|tsx|map|tsbuildinfo)$/.test(source);
}

/** Node resolves links before it looks for packages: from the copies of our own, it must find the copies of our own. */
function linkPackages(clone: string, build: string): void {
  const from = join(clone, 'node_modules');
  const to = join(build, 'node_modules');
  mkdirSync(join(to, '@tocsin'), { recursive: true });
  for (const name of readdirSync(from))
    if (name !== '@tocsin' && !name.startsWith('.')) symlinkSync(join(from, name), join(to, name));
  for (const name of readdirSync(join(from, '@tocsin'))) {
    const own = relative(clone, realpathSync(join(from, '@tocsin', name)));
    symlinkSync(join(build, own), join(to, '@tocsin', name));
  }
}

function linkIfThere(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(from, to);
}

function plantCrashPoints(build: string): void {
  const labels: string[] = [];
  const module = JSON.stringify(join(build, crashModule));
  for (const file of compiledFiles(build)) {
    const text = readFileSync(file, 'utf8');
    const planted = text.replace(crashPoint, (_, label: string) => {
      labels.push(label);
      return `require(${module})('${label}');`;
    });
    if (planted !== text) writeFileSync(file, planted);
  }
  writeFileSync(join(build, crashModule), crashModuleText);
  writeFileSync(join(build, labelsFile), JSON.stringify([...new Set(labels)].sort()));
}

export function compiledFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /^(apps|libs)\/[^/]+\/dist\/.*\.js$/.test(name))
    .map((name) => join(folder, name));
}
