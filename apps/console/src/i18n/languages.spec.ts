import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { reasonCodes } from '@tocsin/domain';

type Tree = { readonly [key: string]: string | Tree };
const src = join(__dirname, '..');
const read = (path: string): Tree => JSON.parse(readFileSync(join(src, path), 'utf8')) as Tree;
const flat = (tree: Tree, at = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[at + key, value] as [string, string]] : flat(value, `${at}${key}.`),
  );
const languages = ['en', 'ur', 'zh'] as const;
const texts = Object.fromEntries(
  languages.map((l) => [l, new Map([...flat(read(`i18n/${l}.json`)), ...flat({ word: read(`glossary/${l}.json`) })])]),
);
const of = (l: string): Map<string, string> => texts[l] ?? new Map();
const holes = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1] ?? '').sort();

function sources(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) && !name.includes('.spec.') ? [readFileSync(path, 'utf8')] : [];
  });
}

describe('the three languages', () => {
  it('hold the same keys, none empty', () => {
    for (const l of languages) {
      expect([...of(l).keys()].sort()).toEqual([...of('en').keys()].sort());
      expect([...of(l)].filter(([, text]) => text.trim() === '')).toEqual([]);
    }
  });

  it('fill the same holes in every sentence', () => {
    const differ = languages.flatMap((l) =>
      [...of('en')]
        .filter(([key, text]) => holes(text).join() !== holes(of(l).get(key) ?? '').join())
        .map(([key]) => `${l} ${key}`),
    );
    expect(differ).toEqual([]);
  });

  it('are translated: no sentence of one stands in another', () => {
    // Names, codes and bare values are the same everywhere.
    const same = (text: string): boolean =>
      /^[\sA-Z0-9{}·a-z]{0,4}$/.test(text) || /^(\{\{\w+\}\}[\s.:·]*)+$/.test(text);
    const left = (['ur', 'zh'] as const).flatMap((l) =>
      [...of('en')].filter(([key, text]) => !same(text) && of(l).get(key) === text).map(([key]) => `${l} ${key}`),
    );
    expect(left).toEqual([]);
  });

  it('know every key that a screen asks for by name', () => {
    const asked = new Set(
      sources(src).flatMap((text) =>
        [...text.matchAll(/\bt\(\s*(?:\w+ (?:[<>=!]+ \w+ )?\? )?'([\w.-]+)'/g)].map((m) => m[1] ?? ''),
      ),
    );
    const known = (key: string): boolean => of('en').has(key) || of('en').has(`${key}_other`);
    expect([...asked].filter((key) => key.includes('.') && !known(key))).toEqual([]);
    expect(asked.size).toBeGreaterThan(150);
  });

  it('know every word of the dictionary that rows and events carry', () => {
    const words = {
      severity: ['critical', 'high', 'medium', 'low', 'info', 'system'],
      assignment: ['notified', 'accepted', 'en_route', 'on_scene', 'clear', 'declined', 'stood_down', 'recalled'],
      delivery: ['waiting', 'sent', 'delivered', 'seen', 'failed', 'suppressed'],
      disposition: ['true', 'false', 'test', 'unknown'],
      channel: ['push', 'email', 'webhook'],
      role: ['operator', 'responder', 'commander', 'reviewer', 'admin'],
      reality: ['actual', 'exercise', 'test'],
    };
    for (const [kind, list] of Object.entries(words))
      for (const word of list) expect([...of('zh').keys()]).toContain(`word.${kind}.${word}`);
  });

  it('know every reason that a decision can give', () => {
    expect(reasonCodes.filter((code) => !of('ur').has(`reason.${code}`))).toEqual([]);
  });
});
