import { bugs } from './bugs';
import { cloneDir, type Edit, mismatches } from './make-build';

const compiled = (edits: readonly Edit[]): string[] => mismatches(cloneDir(), edits);

it('are twenty at least, each with a name of its own', () => {
  expect(new Set(bugs.map(({ name }) => name)).size).toBe(bugs.length);
  expect(bugs.length).toBeGreaterThanOrEqual(20);
});

it.each(bugs.map((bug) => [bug.name, bug] as const))('%s fits what is compiled now', (_, { edits }) => {
  expect(edits.length).toBeGreaterThan(0);
  expect(compiled(edits)).toEqual([]);
});

it('an edit that fits nowhere, or twice, is named', () => {
  const file = 'libs/store/dist/pool.js';
  const wrong = [
    { file, find: 'const ', replace: '' },
    { file, find: 'no such text', replace: '' },
    { file: 'libs/store/dist/no-such-file.js', find: 'x', replace: '' },
  ];
  expect(compiled(wrong)).toHaveLength(3);
});
