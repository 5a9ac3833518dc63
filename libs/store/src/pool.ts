import type { Instant } from '@tocsin/domain';
import { Pool as PgPool, type PoolClient, types } from 'pg';

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
  readonly statementTimeoutMs?: number;
  /** How long a caller waits for a connection, connecting included. */
  readonly connectTimeoutMs?: number;
  /** A connection broke while nobody used it. The pool has already let it go. */
  readonly onIdleError?: (error: Error) => void;
}

const TIMESTAMPTZ = 1184;
const TIMESTAMPTZ_ARRAY = 1185;

/**
 * A pool whose rows speak the domain's language: timestamptz is an Instant (microseconds), int8 and xid8 are text.
 * Instants are written as text (`instantText`), so that nothing passes through Date and its milliseconds.
 */
export function openPool(options: PoolOptions): Pool {
  const pool = new PgPool({
    connectionString: options.url,
    application_name: `tocsin ${options.name}`,
    max: options.max ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    // A process that stops answering inside a transaction holds its incidents' locks no longer than this.
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
    options: '-c TimeZone=UTC -c DateStyle=ISO',
    types: { getTypeParser: parserOf as typeof types.getTypeParser },
  });
  pool.on('error', (error) => options.onIdleError?.(error));
  // A connection that is lent out when the server dies emits 'error' as well as failing its query; unheard it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
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
