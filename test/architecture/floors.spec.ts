import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { importsOf, isTest, root, type SourceFile, sourceFiles, visitSyntax } from './source-files.js';

/** design.md section 3: a lib knows those on lower floors; on the same floor it knows telemetry alone. */
const floors: Readonly<Record<string, number>> = {
  domain: 0,
  contracts: 1,
  store: 2,
  queue: 2,
  channels: 2,
  realtime: 2,
  telemetry: 2,
  operations: 3,
};
/** What a browser may load of the house. */
const inBrowser = ['domain', 'contracts'];
const domainMay = ['temporal-polyfill'];

/** "libs/store", "apps/cli", "config" or "test": the folder whose rules a path lives under. */
const houseOf = (path: string): string => (/^(apps|libs)\/[^/]+/.exec(path) ?? [path.split('/')[0]])[0] as string;

function complaintsOf(file: SourceFile): string[] {
  return importsOf(file).flatMap((wanted) => {
    const why = wanted.startsWith('.')
      ? climbs(file.path, wanted)
      : wanted.startsWith('@tocsin/')
        ? knows(file.path, wanted)
        : brings(file.path, wanted);
    return why === null ? [] : [`${file.path} imports ${wanted}: ${why}`];
  });
}

/** By a path: within the own house only. */
function climbs(path: string, wanted: string): string | null {
  const target = relative(root, join(root, dirname(path), wanted))
    .split(sep)
    .join('/');
  const [from, to] = [houseOf(path), houseOf(target)];
  if (from === to) return null;
  if (from === 'test' && to.startsWith('apps/')) return null;
  // What a lib keeps for its own specs, a fake peer or a scene, other specs may use.
  if (isTest(path) && target.startsWith(`${to}/test/`)) return null;
  return to.startsWith('libs/')
    ? `a lib is entered through its index, as ${to.replace('libs/', '@tocsin/')}`
    : `${from} does not reach into ${to}`;
}

/** By a lib's name. */
function knows(path: string, wanted: string): string | null {
  const [, name, ...inside] = wanted.split('/') as [string, string, ...string[]];
  if (inside.length > 0) return 'a lib is entered through its index alone';
  const house = houseOf(path);
  if (house === 'test' || house === `libs/${name}`)
    return house === `libs/${name}` ? 'a lib knows itself by paths' : null;
  if (name === 'testing') return isTest(path) ? null : 'testing is for tests';
  if (name === 'config')
    return house.startsWith('apps/') ? null : 'settings are read by apps, and passed by constructor';
  const floor = floors[name];
  if (floor === undefined) return 'there is no such lib';
  if (house === 'apps/console') return inBrowser.includes(name) ? null : 'a browser cannot load it';
  if (house.startsWith('apps/') || house === 'libs/testing') return null;
  const own = floors[house.replace('libs/', '')];
  if (own === undefined) return `${house} has no floor: name it in this test and in README`;
  if (floor < own || (floor === own && name === 'telemetry')) return null;
  return floor === own
    ? `both stand on floor ${own} and do not know each other`
    : `it climbs from floor ${own} to floor ${floor}`;
}

/** From a registry or from Node. */
function brings(path: string, wanted: string): string | null {
  const house = houseOf(path);
  if (/^(@nestjs\/|rxjs)/.test(wanted) && !house.startsWith('apps/') && house !== 'test')
    return 'Nest lives in apps only';
  if (house === 'libs/domain' && !isTest(path) && !domainMay.includes(wanted))
    return `the domain imports nothing but ${domainMay.join(', ')}`;
  return null;
}

describe('floors of the house', () => {
  const files = sourceFiles();

  it('are climbed by no import', () => {
    expect(files.flatMap(complaintsOf)).toEqual([]);
  });

  it('are known for every lib', () => {
    const libs = readdirSync(join(root, 'libs')).filter((name) => existsSync(join(root, 'libs', name, 'package.json')));
    expect(libs.filter((name) => name !== 'testing').sort()).toEqual(Object.keys(floors).sort());
  });

  it.each([
    ['libs/store/src/a.ts', '@tocsin/operations', 'it climbs from floor 2 to floor 3'],
    ['libs/store/src/a.ts', '@tocsin/queue', 'both stand on floor 2 and do not know each other'],
    ['libs/store/src/a.ts', '@tocsin/domain/src/words.js', 'a lib is entered through its index alone'],
    ['libs/store/src/a.ts', '../../domain/src/words.js', 'a lib is entered through its index, as @tocsin/domain'],
    ['libs/domain/src/a.ts', 'node:fs', 'the domain imports nothing but temporal-polyfill'],
    ['libs/operations/src/a.ts', '@nestjs/common', 'Nest lives in apps only'],
    ['libs/operations/src/a.ts', '@tocsin/config', 'settings are read by apps, and passed by constructor'],
    ['libs/operations/src/a.ts', '@tocsin/testing', 'testing is for tests'],
    ['apps/cli/src/a.ts', '../../simulator/src/story.js', 'apps/cli does not reach into apps/simulator'],
    ['apps/console/src/a.tsx', '@tocsin/store', 'a browser cannot load it'],
  ])('would say so: %s importing %s', (path, wanted, why) => {
    expect(complaintsOf({ path, text: `import type { A } from '${wanted}';` })).toEqual([
      `${path} imports ${wanted}: ${why}`,
    ]);
    expect(complaintsOf({ path, text: `export * from '${wanted}';` })).toHaveLength(1);
    expect(complaintsOf({ path, text: `const a = import('${wanted}'); // import '${wanted}'` })).toHaveLength(1);
  });
});

describe('the domain', () => {
  /** Where time, chance and the surroundings get in. */
  function impurities(file: SourceFile): string[] {
    const found: string[] = [];
    visitSyntax(file, (node) => {
      const name = (value: unknown): string => ((value ?? {}) as { type?: string; value?: string }).value ?? '';
      if (node.type === 'MemberExpression') {
        const text = `${name(node['object'])}.${name(node['property'])}`;
        if (/^(Date\.now|Math\.random|Temporal\.Now|(process|globalThis|performance|crypto)\..*)$/.test(text))
          found.push(`${file.path}: ${text}`);
      }
      if (
        node.type === 'NewExpression' &&
        name(node['callee']) === 'Date' &&
        ((node['arguments'] as unknown[] | null) ?? []).length === 0
      ) {
        found.push(`${file.path}: new Date()`);
      }
      if (
        node.type === 'CallExpression' &&
        /^(setTimeout|setInterval|setImmediate|queueMicrotask|fetch)$/.test(name(node['callee']))
      ) {
        found.push(`${file.path}: ${name(node['callee'])}()`);
      }
    });
    return found;
  }

  it('has no clock, no chance and no surroundings of its own', () => {
    expect(
      sourceFiles()
        .filter(({ path }) => path.startsWith('libs/domain/') && !isTest(path))
        .flatMap(impurities),
    ).toEqual([]);
    const impure = `const a = Date.now() + Math.random(); const b = new Date(); process.exit(); setTimeout(() => {}, 1); Temporal.Now.instant();`;
    expect(impurities({ path: 'a.ts', text: impure })).toEqual([
      'a.ts: Date.now',
      'a.ts: Math.random',
      'a.ts: new Date()',
      'a.ts: process.exit',
      'a.ts: setTimeout()',
      'a.ts: Temporal.Now',
    ]);
  });
});
