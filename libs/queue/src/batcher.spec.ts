import { Batcher, type BatcherOptions } from './batcher.js';

/** A batcher whose batches end when `end` is called, by a clock that stands still until it is told to go on. */
function scene(options: Omit<BatcherOptions<string, void>, 'run' | 'maxWeight'>) {
  const batches: string[] = [];
  let end: () => void = () => undefined;
  const batcher = new Batcher<string, void>({
    maxWeight: 10,
    ...options,
    run: async (items) => {
      batches.push(items.join(' '));
      await new Promise<void>((resolve) => (end = resolve));
      return items.map(() => undefined);
    },
  });
  const push = (...items: string[]): void => items.forEach((item) => void batcher.push(item));
  const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);
  return { batches, push, pass, end: () => (end(), pass(0)) };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('gathers for as long as it is told, from the first item on', async () => {
  const { batches, push, pass } = scene({ gatherMs: 25 });
  push('a');
  await pass(20);
  push('b');
  await pass(4);
  expect(batches).toEqual([]);
  await pass(1);
  expect(batches).toEqual(['a b']);
});

it('rests as long as a batch took, no longer than it may, and not while enough waits', async () => {
  const { batches, push, pass, end } = scene({ rest: { mostMs: 50, below: 3 } });
  push('a');
  await pass(30);
  await end();
  push('b');
  await pass(29);
  expect(batches).toEqual(['a']);
  await pass(1);
  expect(batches).toEqual(['a', 'b']);

  await pass(1_000);
  await end();
  push('c');
  await pass(49);
  expect(batches).toHaveLength(2);
  await pass(1);
  expect(batches.at(-1)).toBe('c');

  await pass(40);
  await end();
  push('d', 'e');
  expect(batches).toHaveLength(3);
  push('f');
  expect(batches.at(-1)).toBe('d e f');
});
