import type { Effect, Instant } from '@tocsin/domain';
import {
  type Change,
  type Committed,
  commitDecisions,
  type Pool,
  transaction,
  type TransactionOptions,
  type Tx,
} from '@tocsin/store';
import { systemMarks } from './system-alerts.js';

/** `commitDecisions` within `deciding`. */
export type Commit = (now: Instant, changes: readonly Change[]) => Promise<Committed>;

/**
 * A transaction whose decisions may raise alerts of the source `system`: those that this process raised less than 10 s
 * ago for the same subject are held back and counted. The marks are set after COMMIT; an attempt that was rolled back
 * leaves none.
 */
export async function deciding<T>(
  pool: Pool,
  work: (tx: Tx, commit: Commit) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  let marks: (() => void)[] = [];
  const result = await transaction(
    pool,
    async (tx) => {
      marks = [];
      return work(tx, async (now, changes) => {
        const throttled = throttle(changes);
        marks.push(throttled.committed);
        return commitDecisions(tx, now, throttled.changes);
      });
    },
    options,
  );
  for (const mark of marks) mark();
  return result;
}

type Sys = Extract<Effect, { kind: 'sys' }>;

function throttle(changes: readonly Change[]): { readonly changes: readonly Change[]; readonly committed: () => void } {
  const causes = changes.flatMap(({ decisions }) =>
    decisions.flatMap(({ effects }) => effects.filter((effect): effect is Sys => effect.kind === 'sys')),
  );
  if (causes.length === 0) return { changes, committed: () => undefined };
  const { raised, committed } = systemMarks.admit(causes);
  const keep = (effect: Effect): Effect[] => {
    if (effect.kind !== 'sys') return [effect];
    const held = raised.get(effect);
    return held === undefined ? [] : [held === 0 ? effect : { ...effect, params: { ...effect.params, held } }];
  };
  return {
    changes: changes.map((change) => ({
      ...change,
      decisions: change.decisions.map((decision) => ({ ...decision, effects: decision.effects.flatMap(keep) })),
    })),
    committed,
  };
}
