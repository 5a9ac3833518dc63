import type { Signal } from '@tocsin/domain';
import type { Source } from './source-directory.js';
import { TokenBucket } from './token-bucket.js';

/** While the engine is behind, a source may still hand in this part of its budget: 20/s of the default 1,000/s. */
const fairShare = 0.02;

interface Buckets {
  readonly budget: Source['budget'];
  readonly ordinary: TokenBucket;
  readonly critical: TokenBucket;
  readonly share: TokenBucket;
}

export type Admitted = { readonly ok: true; readonly giveBack: (signals: number) => void } | Refused;
export interface Refused {
  readonly ok: false;
  readonly code: 'over-budget' | 'behind';
  readonly retryAfterS: number;
}

/**
 * Budgets of sources, in memory and per copy (decisions.md section 5). Critical alerts have a bucket of their own and
 * are never held up by the others; what a request with a critical lacks in the ordinary bucket it takes from the
 * critical one, so that neither a flood starves a panic button nor a critical carries a flood along for free.
 */
export class Admission {
  private readonly bySource = new Map<string, Buckets>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** `signals` are those that may begin episodes: repeats of firing keys are never refused and are not in it. */
  admit(source: Source, signals: readonly Signal[], isBehind: boolean): Admitted {
    const buckets = this.bucketsOf(source);
    const now = this.now();
    const critical = signals.filter(({ severity }) => severity === 'critical').length;
    const others = signals.length - critical;
    const fits = buckets.ordinary.has(others, now);
    const isShare = !isBehind || buckets.share.has(others, now);
    const borrows = others > 0 && !(fits && isShare);
    if (borrows && critical === 0)
      return refusedBy(fits ? 'behind' : 'over-budget', fits ? buckets.share : buckets.ordinary, others);
    const fromCritical = borrows ? critical + others : critical;
    if (fromCritical > 0 && !buckets.critical.has(fromCritical, now))
      return refusedBy('over-budget', buckets.critical, fromCritical);
    buckets.critical.pay(fromCritical);
    if (!borrows) {
      buckets.ordinary.pay(others);
      if (isBehind) buckets.share.pay(others);
    }
    const paidFrom = others > 0 && !borrows ? buckets.ordinary : buckets.critical;
    return { ok: true, giveBack: (count) => paidFrom.giveBack(count) };
  }

  private bucketsOf({ principal, budget }: Source): Buckets {
    const name = `${principal.agency}/${principal.id}`;
    const known = this.bySource.get(name);
    if (known !== undefined && isSame(known.budget, budget)) return known;
    const now = this.now();
    const { perSecond, criticalPerSecond, criticalBurst } = budget;
    const share = Math.max(1, perSecond * fairShare);
    const fresh = {
      budget,
      ordinary: new TokenBucket(perSecond, Math.max(perSecond, 1), now),
      critical: new TokenBucket(criticalPerSecond, Math.max(criticalBurst, 1), now),
      share: new TokenBucket(share, share, now),
    };
    this.bySource.set(name, fresh);
    return fresh;
  }
}

function refusedBy(code: Refused['code'], bucket: TokenBucket, cost: number): Refused {
  return { ok: false, code, retryAfterS: bucket.waitS(cost) };
}

/** The directory makes new objects each second; a budget that was not changed must not refill its buckets. */
function isSame(a: Source['budget'], b: Source['budget']): boolean {
  return (
    a === b ||
    (a.perSecond === b.perSecond && a.criticalPerSecond === b.criticalPerSecond && a.criticalBurst === b.criticalBurst)
  );
}
