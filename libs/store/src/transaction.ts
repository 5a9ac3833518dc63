import { Fault, classify, type Instant } from '@tocsin/domain';
import type { Pool, Queryable, Tx } from './pool.js';
import { cut, parseTimestamptz } from './pool.js';
import { together } from './together.js';

export interface TransactionOptions {
  /** How often the whole function may run; a conflict on the last attempt is thrown. */
  readonly attempts?: number;
  readonly isolation?: 'READ COMMITTED' | 'REPEATABLE READ';
  readonly readOnly?: boolean;
  /** How long one lock is waited for; then Fault 'store-locked', which is not repeated. Default: as long as a statement may take. */
  readonly lockWaitMs?: number;
}

/** Conflicts of two writers: nothing is wrong with the data, so the whole function is repeated. */
const repeated: ReadonlySet<string> = new Set(['store-conflict', 'store-duplicate', 'begin-again']);

/**
 * BEGIN, `work`, COMMIT. Law: when it returns, all of `work` is durable; when it throws, the caller must treat it as
 * not accepted. Deadlocks, serialization failures, unique violations and a thrown Fault('begin-again') roll back and
 * repeat `work` from the start, so `work` must keep nothing from an earlier attempt.
 * Throws Fault: 'store-unavailable' when the connection was lost (also during COMMIT, whose outcome is then unknown).
 */
export async function transaction<T>(
  pool: Pool,
  work: (tx: Tx) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const attempts = options.attempts ?? 5;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(pool, work, options);
    } catch (error) {
      const fault = classify(error);
      if (!repeated.has(fault.code) || attempt >= attempts) throw kept(error, fault);
      await pause(attempt);
    }
  }
}

/** The database's clock, read now (not at the transaction's start): call it after the locks are held. */
export async function clockNow(q: Queryable): Promise<Instant> {
  const { rows } = await q.query<{ now: Instant }>({ name: 'clock-now', text: 'SELECT clock_timestamp() AS now' });
  const now = rows[0]?.now;
  return typeof now === 'number' ? now : parseTimestamptz(String(now));
}

async function once<T>(pool: Pool, work: (tx: Tx) => Promise<T>, options: TransactionOptions): Promise<T> {
  const tx = await pool.connect().catch((error: unknown) => {
    throw unreachableStore(error);
  });
  let broken: Error | undefined;
  try {
    // In one round trip with the first statement of `work`.
    const [, result] = await together(begin(tx, options), work(tx));
    await commit(tx);
    return result;
  } catch (error) {
    broken = await rollBack(tx, error);
    throw error;
  } finally {
    tx.release(broken);
  }
}

/** Without BEGIN the statements behind it would each commit on its own: they find the connection cut. */
async function begin(tx: Tx, options: TransactionOptions): Promise<void> {
  try {
    await tx.query(beginText(options));
  } catch (error) {
    cut(tx, error as Error);
    throw error;
  }
}

/**
 * COMMIT of a transaction that has already failed answers ROLLBACK, not an error; and a commit whose wait for the
 * replica was cancelled answers COMMIT with a warning. Neither is durable as promised, so neither counts as accepted.
 */
async function commit(tx: Tx): Promise<void> {
  let warning: Error | undefined;
  const listen = (notice: { severity?: string }): void => {
    if (notice.severity === 'WARNING') warning = notice as unknown as Error;
  };
  tx.on('notice', listen);
  try {
    const { command } = await tx.query('COMMIT');
    if (command !== 'COMMIT') throw new Fault('store-conflict', { message: `COMMIT answered ${command}` });
    if (warning !== undefined)
      throw new Fault('store-unavailable', { message: `COMMIT warned: ${warning.message}`, cause: warning });
  } finally {
    tx.off('notice', listen);
  }
}

/** The error that makes the connection unfit for the pool; undefined when ROLLBACK worked and it can be used again. */
async function rollBack(tx: Tx, failure: unknown): Promise<Error | undefined> {
  // Nobody answers there any more: the server rolls back when it sees the connection gone.
  if (classify(failure).code === 'store-unavailable') return classify(failure);
  try {
    await tx.query('ROLLBACK');
    return undefined;
  } catch (error) {
    // The first failure is the one that is thrown; this one only tells that the connection is gone.
    return error instanceof Error ? error : new Error(String(error));
  }
}

function beginText({ isolation, readOnly, lockWaitMs }: TransactionOptions): string {
  const begin = `BEGIN${isolation === undefined ? '' : ` ISOLATION LEVEL ${isolation}`}${readOnly === true ? ' READ ONLY' : ''}`;
  // One simple query, one round trip.
  return lockWaitMs === undefined ? begin : `${begin}; SET LOCAL lock_timeout = ${Math.max(1, Math.trunc(lockWaitMs))}`;
}

/** Faults of the store are thrown as Fault; what `work` itself threw (a bug, a refusal of its own) passes unchanged. */
function kept(error: unknown, fault: Fault): unknown {
  return fault.code === 'unexpected' ? error : fault.code === 'unreachable' ? unreachableStore(error) : fault;
}

function unreachableStore(error: unknown): Fault {
  const fault = classify(error);
  if (fault.code !== 'unreachable' && fault.code !== 'unexpected') return fault;
  return new Fault('store-unavailable', { message: fault.message, cause: error });
}

/** Up to 5, 10, 20 ... ms, random: two that collided do not collide again in step. */
function pause(attempt: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * 5 * 2 ** Math.min(attempt, 6)));
}
