import { StartGate } from './start-gate.js';

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('lets in what fits, and one whatever its size', async () => {
  const gate = new StartGate(100);
  expect(await gate.enter(500)).toBe(false);
  let entered = 0;
  const waiting = [60, 60, 30].map((bytes) => gate.enter(bytes).then((waited) => ((entered += 1), waited)));
  await soon();
  expect(entered).toBe(0);
  gate.leave(500);
  await soon();
  // 60 and 30 fit together, the other 60 waits for them.
  expect(entered).toBe(2);
  gate.leave(60);
  expect(await Promise.all(waiting)).toEqual([true, true, true]);
});

it('is free again when who entered gives up', async () => {
  const gate = new StartGate(10);
  await gate.enter(10);
  const next = gate.enter(10);
  expect(() => gate.giveUp(10, new Error('no database'))).toThrow('no database');
  expect(await next).toBe(true);
});
