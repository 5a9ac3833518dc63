import { setTimeout as wait } from 'node:timers/promises';

export interface UntilOptions {
  readonly withinMs: number;
  readonly everyMs?: number;
  /** For the error: "PostgreSQL answers". */
  readonly what: string;
}

/** Asks until the answer is yes. @throws when it was not within the time, or what the question threw. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  { withinMs, everyMs = 20, what }: UntilOptions,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await wait(everyMs);
  }
}
