/** The checker finds nothing where everything holds, and looks at something for every invariant. */
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
