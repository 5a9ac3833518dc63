import { findUser, type UserRow } from '@tocsin/store';
import type { Context } from '../context.js';
import { openSession, recordRefusedSignIn, type OpenedSession } from './sessions.js';
import { passwordMatches } from './sign-in-password.js';
import type { Attempt, Outcome, SignInThrottle } from './sign-in-throttle.js';

export type SignInOutcome =
  | { readonly ok: true; readonly user: UserRow; readonly session: OpenedSession }
  /** Unknown name and wrong password are one answer. */
  | { readonly ok: false; readonly code: 'wrong-credentials' }
  | { readonly ok: false; readonly code: 'too-many-attempts'; readonly retryAfterS: number };

/** Strangers in line at most: a shift signs in all at once, but a flood from everywhere is told to come again. */
const lineMost = 500;
/** A refused sign-in is recorded at most this often per person; the count says how many there were. */
const recordEveryMs = 10_000;

/** Name and password -> a session. One per process: it holds the throttle and bounds how many hashes run at once. */
export class SignIn {
  private readonly slots: Slots;
  private readonly refusals = new Map<string, { at: number; count: number }>();

  constructor(
    private readonly context: Context,
    private readonly throttle: SignInThrottle,
    strangersMost = lineMost,
  ) {
    this.slots = new Slots(2, strangersMost);
  }

  async attempt(attempt: Attempt, password: string): Promise<SignInOutcome> {
    const admission = this.throttle.admit(attempt);
    if (!admission.admitted) return { ok: false, code: 'too-many-attempts', retryAfterS: admission.retryAfterS };
    let outcome: Outcome = 'unknown';
    try {
      if (admission.waitMs > 0) await new Promise((resolve) => setTimeout(resolve, admission.waitMs));
      const look = () => this.look({ ...attempt, waitedMs: admission.waitMs }, password);
      const looked = await this.slots.run(look, { first: this.throttle.isKnown(attempt) });
      const user = looked?.user ?? null;
      outcome = looked?.outcome ?? 'unknown';
      if (outcome === 'unknown') return { ok: false, code: 'too-many-attempts', retryAfterS: 5 };
      if (user !== null && outcome === 'right')
        return { ok: true, user, session: await openSession(this.context, user, attempt) };
      if (user !== null) this.refused(user, attempt.address);
      this.context.log.info('session.refused', { peer: attempt.address, known: user !== null });
    } finally {
      admission.ended(outcome);
    }
    return this.throttle.isSlowed(attempt)
      ? { ok: false, code: 'too-many-attempts', retryAfterS: 5 }
      : { ok: false, code: 'wrong-credentials' };
  }

  /** Asks the database only when its turn has come: those who are turned away cost it nothing. */
  private async look(
    attempt: Attempt & { waitedMs: number },
    password: string,
  ): Promise<{ outcome: Outcome; user: UserRow | null }> {
    if (this.throttle.isCrowded(attempt)) return { outcome: 'unknown', user: null };
    const user = await findUser(this.context.pool, attempt.account);
    return { outcome: (await passwordMatches(password, user?.passwordHash ?? null)) ? 'right' : 'wrong', user };
  }

  /** After the answer, so that its time does not tell that the name exists. */
  private refused(user: UserRow, address: string): void {
    const last = this.refusals.get(user.id);
    if (last !== undefined && performance.now() - last.at < recordEveryMs) {
      last.count += 1;
      return;
    }
    this.refusals.set(user.id, { at: performance.now(), count: 0 });
    setImmediate(() => {
      recordRefusedSignIn(this.context, user, { address, count: 1 + (last?.count ?? 0) }).catch((error: unknown) =>
        this.context.log.warn('session.refusal_unrecorded', { personId: user.id, error }),
      );
    });
  }
}

/**
 * argon2 works on libuv's four threads, which files and names need too: a rush of sign-ins waits in line. Whoever is
 * known goes before all strangers (a flood of unknown names from one address kept everybody out for 56 s).
 */
class Slots {
  private readonly known: (() => void)[] = [];
  private readonly strangers: (() => void)[] = [];
  private busy = 0;

  constructor(
    private readonly most: number,
    private readonly lineMost: number,
  ) {}

  /** @returns undefined, and does nothing, when the line of strangers is full. */
  async run<T>(work: () => Promise<T>, { first }: { first: boolean }): Promise<T | undefined> {
    if (this.busy < this.most) this.busy += 1;
    else if (!first && this.strangers.length >= this.lineMost) return undefined;
    else await new Promise<void>((resolve) => (first ? this.known : this.strangers).push(resolve));
    try {
      return await work();
    } finally {
      const next = this.known.shift() ?? this.strangers.shift();
      if (next === undefined) this.busy -= 1;
      else next();
    }
  }
}
