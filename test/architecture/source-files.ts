import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { type Module, parseSync } from '@swc/core';

export const root = resolve(__dirname, '..', '..');

export interface SourceFile {
  /** From the root of the clone, with `/`. */
  readonly path: string;
  readonly text: string;
}

const notOurs = new Set(['node_modules', 'dist', 'var', 'coverage', '.git', '.cache']);
const folders = ['apps', 'libs', 'config', 'test'];

/** Every source file of these kinds that somebody wrote. */
export function sourceFiles(kinds: RegExp = /\.tsx?$/): SourceFile[] {
  return folders
    .flatMap((folder) => walk(join(root, folder), kinds))
    .map((file) => ({
      path: relative(root, file).split(sep).join('/'),
      text: readFileSync(file, 'utf8'),
    }));
}

function walk(dir: string, kinds: RegExp): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    if (notOurs.has(entry.name)) return [];
    if (entry.isDirectory()) return walk(join(dir, entry.name), kinds);
    return kinds.test(entry.name) ? [join(dir, entry.name)] : [];
  });
}

/** What stands at the top of the clone: as committed, or as unpacked where git is not at hand. */
export function topLevel(): string[] {
  if (existsSync(join(root, '.git'))) {
    try {
      const listed = execFileSync('git', ['ls-files', '--cached'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
      return [
        ...new Set(
          listed
            .split('\n')
            .filter(Boolean)
            .map((path) => path.split('/')[0] as string),
        ),
      ];
    } catch (error) {
      // No git here, or a clone of somebody else's: the folder itself then says what is in it.
      if ((error as { code?: string }).code !== 'ENOENT' && (error as { status?: number }).status !== 128) throw error;
    }
  }
  return readdirSync(root).filter((name) => !notOurs.has(name));
}

/** Specs, what only they use, and the lib of tests. */
export const isTest = (path: string): boolean =>
  /\.spec\.tsx?$/.test(path) || /(^|\/)test\//.test(path) || path.startsWith('libs/testing/');

type SyntaxNode = { readonly type: string } & Readonly<Record<string, unknown>>;

/** Calls `visit` for every node of the file's syntax tree: comments and strings are not mistaken for code. */
export function visitSyntax({ path, text }: SourceFile, visit: (node: SyntaxNode) => void): void {
  const tree: Module = parseSync(text, {
    syntax: 'typescript',
    tsx: path.endsWith('.tsx'),
    decorators: true,
    target: 'es2022',
  });
  const walkNode = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) walkNode(item);
      return;
    }
    const node = value as SyntaxNode;
    if (typeof node.type === 'string') visit(node);
    for (const child of Object.values(node)) walkNode(child);
  };
  walkNode(tree);
}

/** Everything that a file imports, types included: import, export from, import(), require() and import types. */
export function importsOf(file: SourceFile): string[] {
  const found: string[] = [];
  visitSyntax(file, (node) => {
    const literal = (value: unknown): void => {
      const { type, value: text } = (value ?? {}) as { type?: string; value?: unknown };
      if (type === 'StringLiteral' && typeof text === 'string') found.push(text);
    };
    if (/^(Import|ExportAll|ExportNamed)Declaration$/.test(node.type)) literal(node['source']);
    if (node.type === 'TsImportType') literal(node['argument']);
    if (node.type === 'TsExternalModuleReference') literal(node['expression']);
    if (node.type === 'CallExpression') {
      const callee = node['callee'] as { type: string; value?: string };
      const [argument] = node['arguments'] as { expression: unknown }[];
      if (callee.type === 'Import' || (callee.type === 'Identifier' && callee.value === 'require'))
        literal(argument?.expression);
    }
  });
  return found;
}
