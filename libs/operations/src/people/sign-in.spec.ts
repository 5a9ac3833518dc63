import { silentLogger } from '@tocsin/telemetry';
import { ConfigCache } from '@tocsin/store';
import { type TestDatabase, testDatabase } from '@tocsin/testing';
import type { Context } from '../context.js';
import { hashPassword } from '../configuration/first-run.js';
import { SignIn, type SignInOutcome } from './sign-in.js';
import { SignInThrottle } from './sign-in-throttle.js';

let database: TestDatabase;
let context: Context;
beforeAll(async () => {
  database = await testDatabase();
  const { pool } = database;
  context = {
    pool,
    config: new ConfigCache(pool),
    relay: () => undefined,
    tick: () => undefined,
    log: silentLogger,
  };
  await pool.query(`INSERT INTO agency (id, name, time_zone) VALUES ('unit', '{"en":"Unit"}', 'UTC')`);
  await pool.query(
    `INSERT INTO person (id, agency_id, slug, name, language, username, password_hash, grants, managed_by)
     VALUES (gen_random_uuid(), 'unit', 'duty', '{"en":"Duty"}', 'en', 'duty', $1, '[]', 'files')`,
    [await hashPassword('right')],
  );
});
afterAll(() => database.drop());

describe('a flood of guesses', () => {
  const guesses = (signIn: SignIn, from: (n: number) => string) =>
    Array.from({ length: 200 }, (_, n) =>
      signIn.attempt({ account: `nobody-${n}`, address: from(n), device: null }, 'guess'),
    );
  const looked = (outcomes: readonly SignInOutcome[]): number =>
    outcomes.filter((outcome) => !outcome.ok && outcome.code === 'wrong-credentials').length;

  it('from everywhere makes no endless line, and none for a device that its user has used before', async () => {
    const signIn = new SignIn(context, new SignInThrottle(), 50);
    let ended = 0;
    const flood = guesses(signIn, (n) => `203.0.113.${n}`).map((guess) => guess.finally(() => (ended += 1)));
    const outcome = await signIn.attempt({ account: 'duty', address: '10.0.0.1', device: 'desk-3' }, 'right');
    expect(outcome.ok).toBe(true);
    // Those that were turned away, and a few that had been begun.
    expect(ended).toBeLessThan(170);
    expect(looked(await Promise.all(flood))).toBeLessThan(100);
  });

  it('from one address with many names is slowed like one with one name', async () => {
    const flood = guesses(new SignIn(context, new SignInThrottle()), () => '203.0.113.7');
    expect(looked(await Promise.all(flood))).toBeLessThanOrEqual(55);
  });
});
