/** What is known of somebody who tries to sign in before the password is looked at. */
export interface Attempt {
  /** As typed; case does not matter. */
  readonly account: string;
  readonly address: string;
  /** Id of a device on which this account has signed in before (a signed cookie), if it brought one. */
  readonly device: string | null;
}

/** unknown: the password was not looked at. */
export type Outcome = 'right' | 'wrong' | 'unknown';

export type Admission =
  /** Wait `waitMs`, look at the password, then call `ended`. */
  | { readonly admitted: true; readonly waitMs: number; ended(outcome: Outcome): void }
  | { readonly admitted: false; readonly retryAfterS: number };

/** Failures that cost nothing, and the seconds in which one failure is forgiven. */
const limits = {
  lane: { free: 10, forgiveS: 10 },
  account: { free: 50, forgiveS: 10 },
  address: { free: 50, forgiveS: 2 },
} as const;
const waitFirstMs = 250;
const waitMostMs = 5_000;
/** Attempts of a slowed lane that may wait at once. */
const waitingMost = 3;
const keptMost = 50_000;

/**
 * Slows guessing, never locks anybody out (OWASP "device cookies"): beyond its free failures a lane looks at one
 * password at a time and up to 5 s apart, and the right one still opens. A lane is an account with a device that it
 * has used before, else with an address: an attacker elsewhere fills his own lane, not the duty officer's. Only
 * failures count, so that a shift may sign in all at once. In memory, per gateway copy.
 */
export class SignInThrottle {
  private readonly buckets = new Map<string, { level: number; at: number }>();
  private readonly waiting = new Map<string, number>();
  private readonly trusted = new Set<string>();

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  admit(attempt: Attempt): Admission {
    const lane = this.laneOf(attempt);
    const waitMs = this.waitOf(attempt, lane);
    const inLane = this.waiting.get(lane) ?? 0;
    if (waitMs > 0 && inLane >= waitingMost)
      return { admitted: false, retryAfterS: Math.ceil(((inLane + 1) * waitMs) / 1000) };
    this.waiting.set(lane, inLane + 1);
    let open = true;
    const ended = (outcome: Outcome): void => {
      if (!open) return;
      open = false;
      this.leave(lane);
      if (outcome === 'right') this.succeeded(lane);
      if (outcome === 'wrong') this.failed(attempt, lane);
    };
    return { admitted: true, waitMs: waitMs * (inLane + 1), ended };
  }

  /** Is a failure of this attempt answered as "too many" rather than "wrong"? */
  isSlowed(attempt: Attempt): boolean {
    return this.waitOf(attempt, this.laneOf(attempt)) > 0;
  }

  /**
   * Asked once more when its turn has come: of a rush that turned out to be guessing, the rest is not looked at, be it of
   * one lane or of one address with many names. `waitedMs`: what `admit` told it to wait.
   */
  isCrowded(attempt: Attempt & { readonly waitedMs?: number }): boolean {
    if (!this.isSlowed(attempt)) return false;
    return attempt.waitedMs === 0 || (this.waiting.get(this.laneOf(attempt)) ?? 0) > waitingMost;
  }

  /** Has this account been used on this device, or from this address, before? */
  isKnown(attempt: Attempt): boolean {
    return attempt.device !== null || this.trusted.has(this.laneOf(attempt));
  }

  private laneOf({ account, address, device }: Attempt): string {
    return `lane\n${account.toLowerCase()}\n${device === null ? `at ${address}` : `on ${device}`}`;
  }

  private waitOf({ account, address, device }: Attempt, lane: string): number {
    const own = this.over(lane, limits.lane);
    // Whoever comes from where this account has been before is not slowed by what strangers do to it.
    if (this.isKnown({ account, address, device })) return wait(own);
    const shared = Math.max(
      this.over(`account\n${account.toLowerCase()}`, limits.account),
      this.over(`address\n${address}`, limits.address),
    );
    return wait(Math.max(own, shared));
  }

  private over(key: string, { free, forgiveS }: { free: number; forgiveS: number }): number {
    const bucket = this.buckets.get(key);
    return bucket === undefined ? 0 : this.levelOf(bucket, forgiveS) - free;
  }

  private levelOf({ level, at }: { level: number; at: number }, forgiveS: number): number {
    return Math.max(0, level - (this.nowMs() - at) / 1000 / forgiveS);
  }

  private failed({ account, address }: Attempt, lane: string): void {
    this.fill(lane, limits.lane);
    this.fill(`account\n${account.toLowerCase()}`, limits.account);
    this.fill(`address\n${address}`, limits.address);
  }

  private fill(key: string, { free, forgiveS }: { free: number; forgiveS: number }): void {
    const bucket = this.buckets.get(key);
    const level = bucket === undefined ? 0 : this.levelOf(bucket, forgiveS);
    this.buckets.delete(key);
    // Capped a little above: who stops guessing is not slowed for hours afterwards.
    this.buckets.set(key, { level: Math.min(level + 1, free + 12), at: this.nowMs() });
    this.trim();
  }

  private succeeded(lane: string): void {
    this.buckets.delete(lane);
    this.trusted.delete(lane);
    this.trusted.add(lane);
    if (this.trusted.size > keptMost)
      for (const oldest of [...this.trusted].slice(0, keptMost / 10)) this.trusted.delete(oldest);
  }

  private leave(lane: string): void {
    const left = (this.waiting.get(lane) ?? 1) - 1;
    if (left <= 0) this.waiting.delete(lane);
    else this.waiting.set(lane, left);
  }

  /** The oldest go first: the map keeps the order of the last failure. */
  private trim(): void {
    if (this.buckets.size <= keptMost) return;
    let surplus = keptMost / 10;
    for (const key of this.buckets.keys()) {
      if (surplus-- <= 0) return;
      this.buckets.delete(key);
    }
  }
}

function wait(over: number): number {
  return over <= 0 ? 0 : Math.min(waitMostMs, waitFirstMs * 2 ** Math.min(over - 1, 8));
}
