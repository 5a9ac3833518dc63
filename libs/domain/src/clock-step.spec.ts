import { clockStep } from './clock-step.js';

const read = (nowMs: number, askedMs: number, toldMs: number) => ({ now: nowMs * 1_000, askedMs, toldMs });

it('is 0 as long as the steady clock explains what has passed', () => {
  expect(clockStep(read(1_000, 0, 2), read(2_000, 1_000, 1_002))).toBe(0);
  // The second answer took 3 s: anything within them may be so.
  expect(clockStep(read(1_000, 0, 2), read(3_500, 1_000, 4_000))).toBe(0);
});

it('says how far it was set, forward and back', () => {
  expect(clockStep(read(1_000, 0, 2), read(62_000, 1_000, 1_002))).toBe(59_998);
  expect(clockStep(read(62_000, 0, 2), read(3_000, 1_000, 1_002))).toBe(-59_998);
});
