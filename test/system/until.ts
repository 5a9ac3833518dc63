export interface UntilOptions {
  readonly timeoutMs?: number;
  readonly everyMs?: number;
  readonly what?: string;
}

/** Asks until the answer is truthy and returns it; fails with the last error or what was awaited. */
export async function until<T>(ask: () => T | Promise<T>, { timeoutMs = 10_000, everyMs = 25, what = 'the condition' }: UntilOptions = {}): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer as NonNullable<T>;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) throw new Error(`${what} did not come true within ${timeoutMs} ms${last ? `: ${String(last)}` : ''}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
