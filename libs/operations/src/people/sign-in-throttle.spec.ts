import { type Attempt, type Outcome, SignInThrottle } from './sign-in-throttle.js';

/** A throttle under a hand-moved clock. */
function open() {
  const clock = { ms: 0 };
  const throttle = new SignInThrottle(() => clock.ms);
  const attempt = (over: Partial<Attempt> = {}): Attempt => ({
    account: 'duty',
    address: '10.0.0.1',
    device: null,
    ...over,
  });
  /** One attempt that waits as it is told. @returns how long it waited, or 'refused' */
  const once = (outcome: Outcome, over: Partial<Attempt> = {}): number | 'refused' => {
    const admission = throttle.admit(attempt(over));
    if (!admission.admitted) return 'refused';
    clock.ms += admission.waitMs;
    admission.ended(outcome);
    return admission.waitMs;
  };
  return { clock, throttle, attempt, once };
}

it('lets a shift sign in all at once', () => {
  const { throttle, attempt } = open();
  const admissions = Array.from({ length: 500 }, () => throttle.admit(attempt()));
  expect(admissions.every((admission) => admission.admitted && admission.waitMs === 0)).toBe(true);
});

it('slows guessing to one password in 5 s, and no further', () => {
  const { once, clock } = open();
  const waits = Array.from({ length: 40 }, () => once('wrong'));
  expect(waits.slice(0, 10)).toEqual(Array(10).fill(0));
  expect(waits[11]).toBeGreaterThan(0);
  expect(Math.max(...(waits as number[]))).toBe(5_000);
  expect(clock.ms).toBeGreaterThan(60_000);
});

it('never locks: the right password opens after any number of wrong ones, within 5 s', () => {
  const { once } = open();
  for (let n = 0; n < 1_000; n += 1) once('wrong');
  expect(once('right')).toBeLessThanOrEqual(5_000);
  expect(once('wrong')).toBe(0);
});

it('refuses a crowd of guesses instead of looking at them', () => {
  const { throttle, attempt, once } = open();
  for (let n = 0; n < 20; n += 1) once('wrong');
  const crowd = Array.from({ length: 50 }, () => throttle.admit(attempt()));
  expect(crowd.filter(({ admitted }) => admitted)).toHaveLength(3);
  expect(crowd.find(({ admitted }) => !admitted)).toMatchObject({ retryAfterS: expect.any(Number) });
});

it('tells a rush that turned out to be guessing before its passwords are looked at', () => {
  const { throttle, attempt } = open();
  const rush = Array.from({ length: 100 }, () => throttle.admit(attempt()));
  for (const admission of rush.slice(0, 15)) if (admission.admitted) admission.ended('wrong');
  expect(throttle.isCrowded(attempt())).toBe(true);
});

it('keeps what an attacker does at one address from those at another', () => {
  const { once } = open();
  for (let n = 0; n < 200; n += 1) once('wrong', { address: '203.0.113.7' });
  // From where the account has been before.
  const { once: later } = open();
  later('right', { address: '10.0.0.9' });
  for (let n = 0; n < 200; n += 1) later('wrong', { address: `203.0.113.${n}` });
  expect(later('right', { address: '10.0.0.9' })).toBe(0);
});

it('slows a guess that comes from everywhere, but not the device on which the account was used', () => {
  const { once } = open();
  for (let n = 0; n < 70; n += 1) once('wrong', { address: `203.0.113.${n}` });
  expect(once('wrong', { address: '198.51.100.1' })).toBeGreaterThan(0);
  expect(once('right', { address: '198.51.100.2', device: 'desk-3' })).toBe(0);
});

it('slows one address that tries many accounts', () => {
  const { once } = open();
  for (let n = 0; n < 60; n += 1) once('wrong', { account: `person-${n}`, address: '203.0.113.7' });
  expect(once('wrong', { account: 'another', address: '203.0.113.7' })).toBeGreaterThan(0);
});

it('forgives with time, and takes the name in any case', () => {
  const { once, clock } = open();
  for (let n = 0; n < 30; n += 1) once('wrong', { account: n % 2 ? 'Duty' : 'duty' });
  expect(once('wrong', { account: 'DUTY' })).toBeGreaterThan(0);
  clock.ms += 300_000;
  expect(once('wrong')).toBe(0);
});

it('does not count what was not looked at', () => {
  const { once } = open();
  for (let n = 0; n < 100; n += 1) once('unknown');
  expect(once('wrong')).toBe(0);
});
