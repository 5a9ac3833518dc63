import type { Logger } from './logger.js';

/** The supervisor allows 8 s for everything; a service that has not ended by itself in 6 s ends anyway. */
const stopWithinMs = 6_000;

export interface StopOptions {
  readonly logger: Logger;
  /** Take no more work, finish or give back what is in hand, close pools and sockets. Called once. */
  readonly stop: () => Promise<void>;
  readonly deadlineMs?: number;
}

/**
 * Ends the process well: SIGTERM and SIGINT, once or often, run `stop` once and exit 0; a `stop` that hangs or throws
 * exits 1 after `deadlineMs`. A bug that nobody caught is logged as one line and exits 1 at once: the supervisor starts
 * the process again, and all work is found by its state. Returns the same stop for use in code (idempotent).
 */
export function onStop({ logger, stop, deadlineMs = stopWithinMs }: StopOptions): (reason: string) => Promise<void> {
  let stopping: Promise<void> | undefined;
  const run = (reason: string): Promise<void> => {
    stopping ??= stopOnce(reason);
    return stopping;
  };
  const stopOnce = async (reason: string): Promise<void> => {
    const startedAt = performance.now();
    logger.info('process.stopping', { reason });
    const timer = setTimeout(() => {
      logger.error('process.stop_timed_out', { deadlineMs });
      process.exit(1);
    }, deadlineMs);
    timer.unref();
    try {
      await stop();
      logger.info('process.stopped', { durationMs: Math.round(performance.now() - startedAt) });
      process.exit(0);
    } catch (error) {
      logger.error('process.stop_failed', { error });
      process.exit(1);
    }
  };
  process.on('SIGTERM', () => void run('SIGTERM'));
  process.on('SIGINT', () => void run('SIGINT'));
  const crash = (event: string) => (error: unknown) => {
    logger.error(event, { error });
    process.exit(1);
  };
  process.on('uncaughtException', crash('process.crashed'));
  process.on('unhandledRejection', crash('process.rejection_unhandled'));
  return run;
}
