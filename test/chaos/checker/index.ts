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
import { log } from './i12-log';
import { consolePrefix } from './i13-console-prefix';
import { convergence } from './i14-convergence';
import { isolation } from './i15-isolation';
import { acknowledged } from './i16-acknowledged';
import { honesty } from './i17-honesty';
import { accounts } from './i18-accounts';
import { neverSilent } from './i19-never-silent';
import { liveness } from './liveness';
import type { CheckInput, Verdict } from './shapes';
import { countsOf, keysOf } from './tally';
import { timelinesOf } from './timeline';
import { voidReason } from './void-rule';

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
  I12: log,
  I13: consolePrefix,
  I14: convergence,
  I15: isolation,
  I16: acknowledged,
  I17: honesty,
  I18: accounts,
  I19: neverSilent,
  liveness,
};

/**
 * From what was written down during a run and read after it, to whether every invariant held. Pure: no clock, no file, no
 * import of the service. A void run keeps its violations for whoever wants to look, and proves nothing.
 */
export function check(input: CheckInput): Verdict {
  const context = contextOf(input);
  const found = Object.entries(checks).map(([name, one]) => [name, one(context)] as const);
  const violations = found.flatMap(([, finding]) => finding.violations);
  const voided = voidReason(context, violations);
  const keys = keysOf(context, violations);
  return {
    outcome: voided !== undefined ? 'void' : violations.length === 0 ? 'holds' : 'violated',
    why: voided ?? whyOf(found.map(([name, finding]) => [name, finding.violations.length])),
    violations,
    checked: Object.fromEntries(found.map(([name, { checked }]) => [name, checked])),
    keys,
    counts: countsOf(context, keys),
    timelines: timelinesOf(context, violations),
  };
}

function whyOf(counts: readonly (readonly [string, number])[]): string {
  const broken = counts.filter(([, count]) => count > 0);
  if (broken.length === 0) return 'every invariant held';
  return broken.map(([name, count]) => `${name} was violated ${count} times`).join(', ');
}
