import { factsOf, Story, signal } from '../../test/example-unit.js';
import { neverSilent } from '../index.js';

const without = (story: Story, kinds: readonly string[]) => ({
  ...story.aggregate,
  timers: story.aggregate.timers.filter(({ kind }) => !kinds.includes(kind)),
});

it('running needs a pending step, exhaustion or repeat', () => {
  const story = new Story().advance(5);
  expect(neverSilent(story.aggregate)).toBe(true);
  expect(neverSilent(without(story, ['step']))).toBe(true);
  expect(neverSilent(without(story, ['step', 'exhaustion']))).toBe(false);
});

it('held needs a pending taken-idle, or somebody who is assigned and answers or is asked', () => {
  const story = new Story().advance(5);
  story.act({ act: 'acknowledge' });
  expect(neverSilent(story.aggregate)).toBe(true);
  expect(neverSilent(without(story, ['taken-idle']))).toBe(false);
  story.act({ act: 'dispatch', people: ['chen'] });
  expect(neverSilent(story.aggregate)).toBe(true);
  expect(
    neverSilent({ ...story.aggregate, runs: story.aggregate.runs.filter(({ kind }) => kind === 'alerting') }),
  ).toBe(false);
  story.act({ act: 'accept' }, 'chen');
  expect(neverSilent(story.aggregate)).toBe(true);
});

it('asks nothing of what is milder or over', () => {
  expect(neverSilent({ ...new Story(factsOf(), signal({ severity: 'medium' })).aggregate, runs: [], timers: [] })).toBe(
    true,
  );
  const story = new Story();
  story.act({ act: 'resolve' });
  expect(neverSilent(story.aggregate)).toBe(true);
});
