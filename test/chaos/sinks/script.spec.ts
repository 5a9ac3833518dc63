import { Script } from './script';

it('begins anew after its last answer, and is all 200 without any', () => {
  const script = new Script();
  expect([script.take(), script.take()]).toEqual(['200', '200']);
  script.follow(['500', '410']);
  expect([script.take(), script.take(), script.take()]).toEqual(['500', '410', '500']);
  script.follow([]);
  expect(script.take()).toBe('200');
});
