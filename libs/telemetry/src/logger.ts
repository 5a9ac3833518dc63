import { type DestinationStream, pino, type Logger as Pino } from 'pino';

/** Ids, reason, durationMs and the like. An exception goes in `error`. Payloads are not logged. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * One JSON line per event. error = someone must act; warn = healed itself; info = a decision; debug = for us.
 * The event's name is stable, dotted and in the past tense: `page.sent`, `lane.stopped`.
 */
export interface Logger {
  error(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  debug(event: string, fields?: LogFields): void;
  /** The same logger with fields that every line carries. */
  child(fields: LogFields): Logger;
}

export interface LoggerSettings {
  readonly logLevel?: string;
}

/** Fields whose content must never reach a log, wherever a caller puts them at the first two levels. */
const secretFields = ['password', 'token', 'secret', 'authorization', 'cookie', 'ackCode', 'subscription', 'address'];

/**
 * The logger of one process. Lines: `{"level":"info","at":"<UTC>","app":"notifier","pid":1,"event":"page.sent",...}`.
 * `destination` is for tests; the default writes to standard output, synchronously, so that the last line before a
 * crash is there to read.
 */
export function createLogger(app: string, settings: LoggerSettings = {}, destination?: DestinationStream): Logger {
  const options = {
    level: settings.logLevel ?? 'info',
    base: { app, pid: process.pid },
    messageKey: 'event',
    errorKey: 'error',
    timestamp: () => `,"at":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: [...secretFields, ...secretFields.map((field) => `*.${field}`)], censor: '***' },
  };
  return wrap(destination ? pino(options, destination) : pino(options));
}

/** A logger that says nothing: for tests and for libraries called without one. */
export const silentLogger: Logger = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  child: () => silentLogger,
};

function wrap(log: Pino): Logger {
  return {
    error: (event, fields = {}) => log.error(fields, event),
    warn: (event, fields = {}) => log.warn(fields, event),
    info: (event, fields = {}) => log.info(fields, event),
    debug: (event, fields = {}) => log.debug(fields, event),
    child: (fields) => wrap(log.child(fields)),
  };
}
