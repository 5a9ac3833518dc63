import { classify, Fault } from '@tocsin/domain';
import { cut, type Pool, type Tx } from '../pool.js';
import { together } from '../together.js';

export interface IntakeTransaction<T> {
  /** Advisory lock keys of the batch's principals. */
  readonly principals: readonly bigint[];
  readonly lock: 'shared' | 'exclusive';
  /** After this the connection is cut, whatever it is waiting for; COMMIT's outcome is then unknown. */
  readonly withinMs: number;
  readonly work: (tx: Tx) => Promise<T>;
}

/**
 * BEGIN with the principals' locks in ascending order, `work`, COMMIT: two round trips on the fast path.
 * Law: when it returns, all of `work` is durable; when it throws, the caller must treat it as not accepted. Nothing is
 * repeated here: the collector decides. `statement_timeout` does not cover a COMMIT that waits for a replica (it hung
 * 10 minutes [ran]), hence the deadline on the connection itself.
 */
export function intakeTransaction<T>(
  pool: Pool,
  { principals, lock, withinMs, work }: IntakeTransaction<T>,
): Promise<T> {
  return withinDeadline(pool, withinMs, async (tx) => {
    try {
      // In one round trip with the first statement of `work`; behind a BEGIN that failed it finds a failed transaction.
      const [, result] = await together(tx.query(beginText(principals, lock)), work(tx));
      // crash-point: intake.before-commit
      await commit(tx);
      // crash-point: intake.after-commit
      return result;
    } catch (error) {
      await tx.query('ROLLBACK');
      throw error;
    }
  });
}

/**
 * `work` on a connection that is cut when it has no end within `withinMs`: nothing hangs on a server that is stopped, stuck
 * or unreachable behind a dead network, where the server's own timeouts do not help.
 */
export async function withinDeadline<T>(pool: Pool, withinMs: number, work: (tx: Tx) => Promise<T>): Promise<T> {
  const tx = await pool.connect();
  let broken: Error | undefined;
  const deadline = setTimeout(() => {
    broken = new Fault('store-timeout', { message: `no answer from the database within ${withinMs} ms` });
    cut(tx, broken);
  }, withinMs);
  try {
    return await work(tx);
  } catch (error) {
    if (broken === undefined && isLost(error)) broken = error as Error;
    throw broken ?? error;
  } finally {
    clearTimeout(deadline);
    tx.release(broken);
  }
}

function isLost(error: unknown): boolean {
  const { code } = classify(error);
  return code === 'store-unavailable' || code === 'unreachable';
}

/** Bigints only, so the text is safe; one simple query is one round trip. */
function beginText(principals: readonly bigint[], lock: 'shared' | 'exclusive'): string {
  const take = lock === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  const keys = [...new Set(principals)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return `BEGIN; SELECT ${take}(k) FROM unnest('{${keys.join(',')}}'::bigint[]) AS k`;
}

/** A failed transaction answers ROLLBACK to COMMIT; a commit whose wait for the replica was cancelled warns. Neither counts as accepted. */
async function commit(tx: Tx): Promise<void> {
  let warning: string | undefined;
  const listen = (notice: { severity?: string; message?: string }): void => {
    if (notice.severity === 'WARNING') warning = notice.message ?? 'warning';
  };
  tx.on('notice', listen);
  try {
    const { command } = await tx.query('COMMIT');
    if (command !== 'COMMIT') throw new Fault('store-conflict', { message: `COMMIT answered ${command}` });
    if (warning !== undefined) throw new Fault('store-unavailable', { message: `COMMIT warned: ${warning}` });
  } finally {
    tx.off('notice', listen);
  }
}
