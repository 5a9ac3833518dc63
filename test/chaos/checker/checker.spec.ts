/** The checker finds nothing where everything holds, and looks at something for every invariant. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { example } from './example';
import { check, checks } from './index';

it('holds on a run that is right, with every invariant over more than nothing', () => {
  const verdict = check(example());
  expect(verdict.violations).toEqual([]);
  expect(verdict).toMatchObject({ outcome: 'holds', why: 'every invariant held', timelines: [] });
  expect(Object.keys(verdict.checked)).toEqual(Object.keys(checks));
  for (const [name, count] of Object.entries(verdict.checked)) expect([name, count > 0]).toEqual([name, true]);
  expect(verdict.keys).toEqual({ stable: 7, lost: 0, neverAcknowledged: 0 });
});

it('is pure: it imports itself, the shapes of what it is given, and a hash', () => {
  const files = [__dirname, join(__dirname, 'example')].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8')),
  );
  const imports = files.flatMap((text) => [...text.matchAll(/ from '([^']+)'/g)].map(([, from]) => from ?? ''));
  const outside = imports.filter((from) => !/^\.{1,2}\/[a-z0-9/-]+$/.test(from) || from.includes('..'));
  expect(new Set(outside.map((from) => from.replace(/^(\.\.\/)+/, '')))).toEqual(
    new Set([
      'node:crypto',
      'history/records',
      'dumps/shapes',
      'scene/shapes',
      // From example/ to the checker itself.
      'clock',
      'context',
      'hash-chain',
      'index',
      'oracles',
      'shapes',
    ]),
  );
});
