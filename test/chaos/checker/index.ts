import { contextOf } from './context';
import type { Check } from './finding';
import { noLoss } from './i01-no-loss';
import { nothingInvented } from './i02-nothing-invented';
import { idempotence } from './i03-idempotence';
import { fidelity } from './i04-fidelity';
import { grouping } from './i05-grouping';
import { routing } from './i06-routing';
import { steps } from './i07-steps';
import { pagingDuty } from './i08-paging-duty';
import { booksBalance } from './i09-books';
import { duplicates } from './i10-duplicates';
import { stormBound } from './i11-storm-bound';
import type { CheckInput, Verdict } from './shapes';

/** Every invariant by its name; the order is the report's. */
export const checks: Readonly<Record<string, Check>> = {
  I1: noLoss,
  I2: nothingInvented,
  I3: idempotence,
  I4: fidelity,
  I5: grouping,
  I6: routing,
  I7: steps,
  I8: pagingDuty,
  I9: booksBalance,
  I10: duplicates,
  I11: stormBound,
};

/** From what was written down during a run and read after it, to whether every invariant held. Pure. */
export function check(input: CheckInput): Verdict {
  const context = contextOf(input);
  const found = Object.entries(checks).map(([name, one]) => [name, one(context)] as const);
  const violations = found.flatMap(([, finding]) => finding.violations);
  return {
    outcome: violations.length === 0 ? 'holds' : 'violated',
    why: '',
    violations,
    checked: Object.fromEntries(found.map(([name, { checked }]) => [name, checked])),
    keys: { stable: 0, lost: 0, neverAcknowledged: 0 },
    counts: {},
    timelines: [],
  };
}
