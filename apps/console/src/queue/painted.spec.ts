import { GUARD_MS, painted } from './painted.js';

describe('the guard against a slip', () => {
  beforeEach(() => painted.forgetAll());

  it('lets a key act on what was seen for 250 ms', () => {
    painted.seen('a', 'untaken:0', 1_000);
    expect([painted.mayAct('a', 1_100, 'key'), painted.mayAct('a', 1_000 + GUARD_MS, 'key')]).toEqual([false, true]);
  });

  it('lets a pointer act on what has also stood still for 250 ms', () => {
    painted.seen('a', 'untaken:0', 1_000);
    painted.seen('a', 'untaken:3', 5_000);
    expect([painted.mayAct('a', 5_100, 'pointer'), painted.mayAct('a', 5_100, 'key')]).toEqual([false, true]);
    expect(painted.mayAct('a', 5_250, 'pointer')).toBe(true);
  });

  it('says when a row is new', () => {
    expect([painted.seen('a', 'x:0', 1), painted.seen('a', 'x:1', 2)]).toEqual([true, false]);
  });
});
