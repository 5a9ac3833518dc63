import type { Instant } from '@tocsin/domain';
import { Pool as PgPool, type PoolClient, types } from 'pg';
import { PatientClient } from './patient-client.js';

export type Pool = PgPool;
/** One connection inside BEGIN .. COMMIT, as `transaction` hands it out. */
export type Tx = PoolClient;
/** Whatever answers a query: a pool for single reads, a transaction for everything else. */
export type Queryable = Pick<PoolClient, 'query'>;

export interface PoolOptions {
  readonly url: string;
  /** Shown in pg_stat_activity: service and purpose ("engine.critical"). */
  readonly name: string;
  readonly max?: number;
  /**
   * How long one statement may take, waiting for locks included, and how long a transaction may stand still between two.
   * Default: what a service waits for, 10 s.
   */
  readonly statementTimeoutMs?: number;
  /**
   * After this without an answer the connection is given up, whatever the server's own timeouts make of it: a dead network
   * or a COMMIT that waits for a replica end by no timeout of the server. Default: 5 s after a service's statement should
   * have ended; tools that set their own patience wait.
   */
  readonly answerWithinMs?: number;
  /** How long a caller waits for a connection, connecting included. */
  readonly connectTimeoutMs?: number;
  /** A connection broke while nobody used it. The pool has already let it go. */
  readonly onIdleError?: (error: Error) => void;
}

/** Whoever stops within a transaction holds its incidents for so long, and their steps are late by it. */
const servicePatienceMs = 10_000;
/**
 * Every statement of a service touches few rows, by an index. A plan that was made while a table was small reads all of it
 * until the next ANALYZE, and in a flood that is a minute late: at 12,000 incidents PostgreSQL spent 1,173 µs on an alert
 * with its page, with these 658. One plan then serves for every parameter: planning anew at each use took a quarter of
 * PostgreSQL's time at single alerts (12.0 -> 8.6 ms). Tools, which wait longer, read whole tables and plan as they like.
 */
const byIndex = [
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'jit=off',
  'plan_cache_mode=force_generic_plan',
]
  .map((setting) => ` -c ${setting}`)
  .join('');
const TIMESTAMPTZ = 1184;
const TIMESTAMPTZ_ARRAY = 1185;

/**
 * A pool whose rows speak the domain's language: timestamptz is an Instant (microseconds), int8 and xid8 are text.
 * Instants are written as text (`instantText`), so that nothing passes through Date and its milliseconds.
 */
export function openPool(options: PoolOptions): Pool {
  const patienceMs = options.statementTimeoutMs ?? servicePatienceMs;
  const answerWithinMs =
    options.answerWithinMs ?? (options.statementTimeoutMs === undefined ? patienceMs + 5_000 : undefined);
  const pool = new PgPool({
    Client: PatientClient,
    connectionString: options.url,
    application_name: `tocsin ${options.name}`,
    max: options.max ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    statement_timeout: patienceMs,
    idle_in_transaction_session_timeout: patienceMs,
    ...(answerWithinMs === undefined ? {} : { query_timeout: answerWithinMs }),
    keepAlive: true,
    // Statements of one connection may be begun one behind another: see `together`.
    pipeline: true,
    options: `-c TimeZone=UTC -c DateStyle=ISO${patienceMs > servicePatienceMs ? '' : byIndex}`,
    types: { getTypeParser: parserOf as typeof types.getTypeParser },
  });
  pool.on('error', (error) => options.onIdleError?.(error));
  // A connection that is lent out when the server dies emits 'error' as well as failing its query; unheard it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** node-postgres offers no way to give up a connection without the server's help; its socket does. */
export function cut(tx: Tx, why: Error): void {
  const { connection } = tx as unknown as { connection?: { stream?: { destroy(error: Error): void } } };
  connection?.stream?.destroy(why);
}

function parserOf(oid: number, format?: 'text' | 'binary'): unknown {
  if (oid === TIMESTAMPTZ) return parseTimestamptz;
  if (oid === TIMESTAMPTZ_ARRAY) return parseTimestamptzArray;
  return types.getTypeParser(oid, format ?? 'text');
}

/** "2026-11-24 22:39:00.123456+00" (session zone UTC) -> microseconds. Throws on infinity and BC, which no column of ours holds. */
export function parseTimestamptz(text: string): Instant {
  const match = /^(\d{4,})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?\+00$/.exec(text);
  if (match === null) throw new RangeError(`not an instant in UTC: ${text}`);
  const [, year, month, day, hour, minute, second, fraction] = match;
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return ms * 1_000 + (fraction === undefined ? 0 : Number(fraction.padEnd(6, '0')));
}

/** '{"2026-11-24 22:39:00+00",...}' -> microseconds; the columns hold no nulls. */
function parseTimestamptzArray(text: string): Instant[] {
  return text === '{}'
    ? []
    : text
        .slice(1, -1)
        .split(',')
        .map((item) => parseTimestamptz(item.replaceAll('"', '')));
}
