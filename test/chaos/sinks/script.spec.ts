import { Script, scriptOf } from './script';

it('is the same for the same seed, with the counts that were asked for', () => {
  const counts = { '200': 6, '429': 2, timeout: 1, '200-then-cut': 1 } as const;
  expect(scriptOf(7, counts)).toEqual(scriptOf(7, counts));
  expect(scriptOf(7, counts)).not.toEqual(scriptOf(8, counts));
  expect(scriptOf(7, counts).filter((answer) => answer === '429')).toHaveLength(2);
});

it('begins anew after its last answer, and is all 200 without any', () => {
  const script = new Script();
  expect([script.take(), script.take()]).toEqual(['200', '200']);
  script.follow(['500', '410']);
  expect([script.take(), script.take(), script.take()]).toEqual(['500', '410', '500']);
  script.follow([]);
  expect(script.take()).toBe('200');
});
