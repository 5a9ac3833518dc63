import type { AlertCollector } from '@tocsin/operations';
import type { Pool } from '@tocsin/store';
import { Readiness } from './readiness.js';
import type { SourceDirectory } from './source-directory.js';

let failures = 0;
let rehearsals = 0;
const readiness = (): Readiness =>
  new Readiness({
    pool: {} as Pool,
    directory: {
      current: async () => {
        if (failures-- > 0) throw new Error('no database yet');
        return { config: { agency: { id: 'unit' } } };
      },
    } as unknown as SourceDirectory,
    collector: { rehearse: async () => void (rehearsals += 1) } as unknown as AlertCollector,
  });

beforeEach(() => {
  failures = 0;
  rehearsals = 0;
});

it('says nothing to its peers before the doors are open', async () => {
  expect(await readiness().isPrepared()).toBe(false);
  expect(rehearsals).toBe(0);
});

it('repeats a rehearsal that failed though nobody asks whether it is ready, and rehearses once', async () => {
  failures = 2;
  const one = readiness();
  await expect(one.prepare()).rejects.toThrow('no database yet');
  expect(await one.isPrepared()).toBe(false);
  expect(await Promise.all([one.isPrepared(), one.isPrepared()])).toEqual([true, true]);
  expect(await one.isPrepared()).toBe(true);
  expect(rehearsals).toBe(1);
});
