/**
 * What went wrong at an edge (database, queue, network). Thrown, never returned: refusals are values, bugs stay bugs.
 * `retryable` says whether the same call may succeed later without anybody changing anything.
 */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly retryable: boolean;

  constructor(code: FaultCode, options: { message?: string; retryable?: boolean; cause?: unknown } = {}) {
    super(options.message ?? code, { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
    this.retryable = options.retryable ?? retryableCodes.has(code);
  }
}

export type FaultCode =
  /** The database cannot be reached, is starting or stopping, has no connection left, or hung up (the outcome of a COMMIT may be unknown). */
  | 'store-unavailable'
  /** Deadlock or serialization failure: the whole transaction may be repeated. */
  | 'store-conflict'
  /** Somebody holds a lock for longer than the caller cared to wait: others' work can go on. */
  | 'store-locked'
  /** A unique index refused a row: another transaction was first. Repeating reads the other's row. */
  | 'store-duplicate'
  /** Thrown by a transaction's own body: what it had read under no lock is no longer so; roll back and begin again. */
  | 'begin-again'
  /** The statement took longer than it may. */
  | 'store-timeout'
  /** No space, no memory. */
  | 'store-full'
  /** These data will never be accepted: poison. */
  | 'store-refused'
  | 'schema-too-old'
  | 'schema-too-new'
  | 'migration-changed'
  | 'no-configuration'
  | 'bad-secret'
  /** A host does not answer, refuses, or hung up. */
  | 'unreachable'
  /** None of the above: a bug, or a fault that nobody has met yet. Never retried on its own. */
  | 'unexpected';

const retryableCodes: ReadonlySet<FaultCode> = new Set<FaultCode>([
  'store-unavailable',
  'store-conflict',
  'store-locked',
  'store-duplicate',
  'begin-again',
  'store-timeout',
  'store-full',
  'unreachable',
]);

/** SQLSTATE -> fault; the first prefix that matches. PostgreSQL 15-18, appendix A. */
const sqlStates: readonly (readonly [prefix: string, code: FaultCode])[] = [
  ['40', 'store-conflict'], // 40001 serialization_failure, 40P01 deadlock_detected, 40003 completion unknown
  ['55P03', 'store-locked'], // lock_not_available
  ['23505', 'store-duplicate'],
  ['57014', 'store-timeout'], // query_canceled
  ['57P', 'store-unavailable'], // admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout
  ['08', 'store-unavailable'],
  ['25P03', 'store-unavailable'], // idle_in_transaction_session_timeout
  ['25006', 'store-unavailable'], // read_only_sql_transaction: a primary that was demoted
  ['53300', 'store-unavailable'], // too_many_connections
  ['53', 'store-full'],
  ['22', 'store-refused'],
  ['23', 'store-refused'],
  ['54', 'store-refused'], // program_limit_exceeded
];

const networkCodes =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EHOSTDOWN)$/;
/** node-postgres says these in words only. */
const lostConnection =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end)/;

/**
 * The one place that decides what may be retried. Total: anything thrown becomes a Fault, the original is its `cause`.
 */
export function classify(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const code = text(error, 'code');
  const message = text(error, 'message') || String(error);
  if (/^[0-9A-Z]{5}$/.test(code) && text(error, 'severity') !== '') {
    const state = sqlStates.find(([prefix]) => code.startsWith(prefix));
    return new Fault(state?.[1] ?? 'unexpected', { message: `${message} (SQLSTATE ${code})`, cause: error });
  }
  if (lostConnection.test(message)) return new Fault('store-unavailable', { message, cause: error });
  if (networkCodes.test(code)) return new Fault('unreachable', { message, cause: error });
  return new Fault('unexpected', { message, cause: error });
}

function text(error: unknown, field: 'code' | 'message' | 'severity'): string {
  const value = typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[field] : undefined;
  return typeof value === 'string' ? value : '';
}
