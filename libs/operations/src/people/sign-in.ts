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

/** A refused sign-in is recorded at most this often per person; the count says how many there were. */
const recordEveryMs = 10_000;

/** Name and password -> a session. One per process: it holds the throttle and bounds how many hashes run at once. */
export class SignIn {
  private readonly slots = new Slots(2);
  private readonly refusals = new Map<string, { at: number; count: number }>();

  constructor(
    private readonly context: Context,
    private readonly throttle: SignInThrottle,
  ) {}

  async attempt(attempt: Attempt, password: string): Promise<SignInOutcome> {
    const admission = this.throttle.admit(attempt);
    if (!admission.admitted) return { ok: false, code: 'too-many-attempts', retryAfterS: admission.retryAfterS };
    let outcome: Outcome = 'unknown';
    try {
      if (admission.waitMs > 0) await new Promise((resolve) => setTimeout(resolve, admission.waitMs));
      const user = await findUser(this.context.pool, attempt.account);
      outcome = await this.slots.run(() => this.look(attempt, password, user?.passwordHash ?? null));
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

  private async look(attempt: Attempt, password: string, stored: string | null): Promise<Outcome> {
    if (this.throttle.isCrowded(attempt)) return 'unknown';
    return (await passwordMatches(password, stored)) ? 'right' : 'wrong';
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

/** argon2 works on libuv's four threads, which files and names need too: a rush of sign-ins waits in line. */
class Slots {
  private readonly line: (() => void)[] = [];
  private busy = 0;

  constructor(private readonly most: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.busy >= this.most) await new Promise<void>((resolve) => this.line.push(resolve));
    else this.busy += 1;
    try {
      return await work();
    } finally {
      const next = this.line.shift();
      if (next === undefined) this.busy -= 1;
      else next();
    }
  }
}
