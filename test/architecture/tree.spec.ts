import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isTest, root, type SourceFile, sourceFiles, topLevel, visitSyntax } from './source-files.js';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('the tree', () => {
  it('has at its top what design.md names, and the settings of tools', () => {
    const allowed = [
      'apps',
      'libs',
      'docs',
      'config',
      'test',
      'docker-compose.yml',
      'nest-cli.json',
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'README.md',
      'LICENSE',
      '.ci',
      '.github',
      '.gitignore',
      '.gitattributes',
      '.dockerignore',
      '.npmrc',
      '.nvmrc',
      '.editorconfig',
      '.oxlintrc.json',
      '.biome.json',
    ];
    expect(topLevel().filter((name) => !allowed.includes(name))).toEqual([]);
  });

  it("is what README's map says", () => {
    // README is written last; from then on it and the tree move together.
    if (!existsSync(join(root, 'README.md'))) return;
    const map = mapOf(read('README.md'));
    for (const folder of ['apps', 'libs']) {
      const there = readdirSync(join(root, folder)).filter((name) =>
        existsSync(join(root, folder, name, 'package.json')),
      );
      expect([folder, ...(map.get(folder) ?? []).sort()]).toEqual([folder, ...there.sort()]);
    }
  });

  it('reads a map of folders out of README', () => {
    const map = mapOf(
      '# T\n```\nnpm start\n```\n```\napps/     one process each\n  cli/    tocsin\n  intake/  alerts in\nlibs/\n  domain/  the rules\ntest/\n```\n',
    );
    expect([...map]).toEqual([
      ['apps', ['cli', 'intake']],
      ['libs', ['domain']],
      ['test', []],
    ]);
  });
});

/** The first fenced block with a line that begins `apps/`: folders, and what is indented under them. */
function mapOf(readme: string): Map<string, string[]> {
  const block = [...readme.matchAll(/^```[a-z]*\n([\s\S]*?)^```/gm)]
    .map(([, text]) => text as string)
    .find((text) => /^apps\//m.test(text));
  const map = new Map<string, string[]>();
  let folder: string[] = [];
  for (const line of (block ?? '').split('\n')) {
    const [, indent, name] = /^(\s*)([\w.-]+)\//.exec(line) ?? [];
    if (name === undefined) continue;
    if (indent === '') map.set(name, (folder = []));
    else folder.push(name);
  }
  return map;
}

describe('source files', () => {
  const files = sourceFiles();
  const names = (found: readonly SourceFile[]): string[] => found.map(({ path }) => path);

  it('are short: 300 lines, tests 400', () => {
    const lines = ({ text }: SourceFile): number => text.trimEnd().split('\n').length;
    const long = files.filter((file) => lines(file) > (isTest(file.path) ? 400 : 300));
    expect(long.map((file) => `${file.path}: ${lines(file)} lines`)).toEqual([]);
  });

  it('are named in kebab-case, by verbs and nouns of the field', () => {
    const banned = /^(utils?|helpers?|common|shared|core|base|managers?|generic|misc)$/;
    const badly = files.filter(({ path }) =>
      path
        .split('/')
        .some(
          (part) => part.split(/[.-]/).some((word) => banned.test(word)) || !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(part),
        ),
    );
    expect(names(badly)).toEqual([]);
  });

  it('name no interface with an I in front', () => {
    const found: string[] = [];
    for (const file of files) {
      visitSyntax(file, (node) => {
        const { value } = (node['id'] ?? {}) as { value?: string };
        if (node.type === 'TsInterfaceDeclaration' && /^I[A-Z][a-z]/.test(value ?? ''))
          found.push(`${file.path}: ${value}`);
      });
    }
    expect(found).toEqual([]);
  });

  it('leave the environment to config/settings.ts', () => {
    const readers: string[] = [];
    for (const file of files.filter(({ path }) => path !== 'config/settings.ts' && !isTest(path))) {
      visitSyntax(file, (node) => {
        const of = (value: unknown) => ((value ?? {}) as { value?: string }).value;
        if (node.type === 'MemberExpression' && of(node['object']) === 'process' && of(node['property']) === 'env')
          readers.push(file.path);
      });
    }
    expect(readers).toEqual([]);
  });

  it('run every test that they hold', () => {
    const left =
      /\b(?:it|test|describe)(?:\.\w+)*\.(?:only|skip|todo|failing)\b|\b(?:xit|xtest|xdescribe|fit|fdescribe)\(/;
    // This file names them.
    expect(
      names(
        files.filter(({ path, text }) => path !== 'test/architecture/tree.spec.ts' && isTest(path) && left.test(text)),
      ),
    ).toEqual([]);
  });

  it('know no machine but the one that they run on', () => {
    const strange = /\/(?:home|Users|work)\/[a-z]+\/|registry\.npmjs\.org/i;
    expect(
      names(
        sourceFiles(/\.(tsx?|[mc]js|json|ya?ml|sql|css|html)$/).filter(
          ({ path, text }) => path !== 'test/architecture/tree.spec.ts' && strange.test(text),
        ),
      ),
    ).toEqual([]);
  });
});

describe('packages', () => {
  it('are locked without addresses, and by exact versions', () => {
    // What is "resolved" are links to our own folders; addresses would be those of one machine's registry.
    const locked = Object.values(
      (JSON.parse(read('package-lock.json')) as { packages: Record<string, { resolved?: string }> }).packages,
    );
    expect(
      locked.flatMap(({ resolved }) =>
        resolved === undefined || /^(apps|libs)\/|^config$/.test(resolved) ? [] : [resolved],
      ),
    ).toEqual([]);
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
      string,
      Record<string, string>
    >;
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  it('have twelve scripts at most', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    expect(Object.keys(scripts).length).toBeLessThanOrEqual(12);
  });
});
