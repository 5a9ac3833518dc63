import { backoffMs } from './backoff.js';
import { ServerClock } from './clock.js';

describe('the clock of the server', () => {
  const noon = Date.UTC(2026, 9, 16, 12);

  it('runs on between heartbeats, and stands still once one is missing for 6 s', () => {
    const clock = new ServerClock();
    clock.beat(noon, 1_000);
    expect(clock.now(3_000)).toBe(noon + 2_000);
    expect([clock.stale(6_999), clock.stale(7_000)]).toEqual([false, true]);
    expect(clock.now(30_000)).toBe(noon);
    expect(clock.running(30_000)).toBe(noon + 29_000);
  });

  it('goes on after the next heartbeat', () => {
    const clock = new ServerClock();
    clock.beat(noon, 1_000);
    clock.beat(noon + 40_000, 41_000);
    expect(clock.stale(41_500)).toBe(false);
    expect(clock.now(42_000)).toBe(noon + 41_000);
  });

  it('trusts the quickest heartbeat: one that was late on the way does not set it back', () => {
    const clock = new ServerClock();
    clock.beat(noon, 1_000);
    clock.beat(noon + 2_000, 3_400);
    expect(clock.now(3_400)).toBeGreaterThan(noon + 2_390);
  });

  it('follows the server when that is set anew', () => {
    const clock = new ServerClock();
    clock.beat(noon, 1_000);
    clock.beat(noon - 3_600_000, 3_000);
    expect(clock.now(3_000)).toBe(noon - 3_600_000);
  });

  it('knows the time roughly from any answer, and counts silence from the beginning of the stream', () => {
    const clock = new ServerClock();
    clock.rough(noon, 1_000);
    expect([clock.known(), clock.now(3_000)]).toEqual([true, noon + 2_000]);
    clock.heard(5_000);
    expect([clock.stale(10_999), clock.stale(11_000), clock.now(30_000)]).toEqual([false, true, noon + 4_000]);
    clock.rough(noon + 999_000, 31_000);
    expect(clock.running(31_000)).toBe(noon + 30_000);
  });

  it('is stale before it was ever heard, and after it was forgotten', () => {
    const clock = new ServerClock();
    expect([clock.known(), clock.stale(0)]).toEqual([false, true]);
    clock.beat(noon, 1_000);
    clock.forget();
    expect([clock.known(), clock.stale(1_000), clock.now(1_000)]).toEqual([false, true, 0]);
  });
});

describe('the pause before a rejoin', () => {
  it('grows to 5 s and is spread over its upper half', () => {
    expect([1, 2, 3, 9, 40].map((n) => backoffMs(n, 1))).toEqual([250, 500, 1_000, 5_000, 5_000]);
    expect([1, 9].map((n) => backoffMs(n, 0))).toEqual([125, 2_500]);
  });
});
