import fc from 'fast-check';
import { Batcher } from './batcher.js';

interface Item {
  readonly n: number;
  readonly weight: number;
  readonly key: string | undefined;
  readonly fails: boolean;
}

const items = fc.array(
  fc.record({
    weight: fc.integer({ min: 1, max: 8 }),
    key: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
    fails: fc.boolean().map((fails) => fails),
    pause: fc.boolean(),
  }),
  { maxLength: 60 },
);

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('answers every item once, by the batch it was in, within the limits of a batch', async () => {
  const options = fc.record({
    concurrency: fc.integer({ min: 1, max: 3 }),
    besideWeight: fc.integer({ min: 0, max: 10 }),
    gatherMs: fc.constantFrom(undefined, 0, 1),
    rest: fc.constantFrom(undefined, { mostMs: 2, below: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(items, options, async (given, { concurrency, besideWeight, gatherMs, rest }) => {
      const batches: Item[][] = [];
      let running = 0;
      let most = 0;
      const batcher = new Batcher<Item, number>({
        maxWeight: 10,
        weight: ({ weight }) => weight,
        concurrency,
        besideWeight,
        ...(gatherMs === undefined ? {} : { gatherMs }),
        ...(rest === undefined ? {} : { rest }),
        exclusiveKey: ({ key }) => key,
        run: async (batch) => {
          batches.push([...batch]);
          running += 1;
          most = Math.max(most, running);
          await turn();
          running -= 1;
          if (batch.some(({ fails }) => fails)) throw new Error(batch.map(({ n }) => n).join());
          return batch.map(({ n }) => n * 10);
        },
      });
      const answers: Promise<unknown>[] = [];
      for (const [n, { pause, ...one }] of given.entries()) {
        answers.push(batcher.push({ n, ...one }).catch((error: Error) => error.message));
        if (pause) await turn();
      }
      const said = await Promise.all(answers);
      await batcher.drained();
      expect(batcher.waiting).toBe(0);
      expect(
        batches
          .flat()
          .map(({ n }) => n)
          .sort((a, b) => a - b),
      ).toEqual(given.map((_, n) => n));
      for (const batch of batches) {
        const total = batch.reduce((sum, { weight }) => sum + weight, 0);
        expect(batch.length === 1 || total <= 10).toBe(true);
        const keys = batch.flatMap(({ key }) => (key === undefined ? [] : [key]));
        expect(new Set(keys).size).toBe(keys.length);
        const failed = batch.some(({ fails }) => fails);
        for (const { n } of batch) expect(said[n]).toBe(failed ? batch.map((one) => one.n).join() : n * 10);
      }
      expect(most).toBeLessThanOrEqual(concurrency);
    }),
    { numRuns: 100 },
  );
});

it('keeps the order of those who share a key', async () => {
  const order: string[] = [];
  const batcher = new Batcher<string, void>({
    maxWeight: 10,
    exclusiveKey: (item) => item.slice(0, 1),
    run: async (batch) => {
      order.push(...batch);
      await turn();
      return batch.map(() => undefined);
    },
  });
  await Promise.all(['a1', 'b1', 'a2', 'a3', 'b2', 'c1'].map((item) => batcher.push(item)));
  expect(order.filter((item) => item.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
  expect(order.filter((item) => item.startsWith('b'))).toEqual(['b1', 'b2']);
});
