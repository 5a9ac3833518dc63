import { assertSoundRules } from './sound-rules.js';

it('lets an app begin whose tables are sound, and names every fault of others', () => {
  expect(() => assertSoundRules()).not.toThrow();
  expect(() => assertSoundRules(['open --fly--> sky: no such state', 'sky: cannot be reached'])).toThrow(
    'open --fly--> sky: no such state; sky: cannot be reached',
  );
});
