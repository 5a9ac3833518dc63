import { clockNow, insertSystemAlerts, transaction } from '@tocsin/store';
import type { Context } from './context.js';

export interface SystemCause {
  /** Stable code, the key of the alert: `service-missing`, `alert-parked`, `channel-not-configured` ... */
  readonly cause: string;
  readonly subject: string;
  readonly params: Readonly<Record<string, string | number>>;
}

const everyMs = 10_000;
/** Per process: when a cause and subject was last raised, and how often it was held back since. */
const raised = new Map<string, { at: number; held: number }>();

/**
 * The product's own fault becomes an alert of the built-in source `system`: at most one per process, cause, subject
 * and 10 s, with the count of those held back. The mark is set after COMMIT, so that a failed commit is tried again.
 */
export async function raiseSystemAlert(context: Pick<Context, 'pool' | 'log'>, { cause, subject, params }: SystemCause): Promise<void> {
  const key = `${cause}\n${subject}`;
  const last = raised.get(key);
  if (last !== undefined && performance.now() - last.at < everyMs) {
    last.held += 1;
    return;
  }
  await transaction(context.pool, async (tx) => {
    await insertSystemAlerts(tx, await clockNow(tx), [{ cause, subject, params: { ...params, held: last?.held ?? 0 } }]);
  });
  raised.set(key, { at: performance.now(), held: 0 });
  context.log.error('system.alert', { cause, subject, ...params });
}
