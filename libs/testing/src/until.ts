/**
 * Waits for a condition instead of a time: resolves with the first truthy value that `condition` gives (a throw counts
 * as not yet), rejects with what it last said after `timeoutMs`.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  options: { timeoutMs?: number; everyMs?: number; what?: string } = {},
): Promise<NonNullable<T>> {
  const deadline = performance.now() + (options.timeoutMs ?? 10_000);
  let last: unknown = 'it was never true';
  for (;;) {
    try {
      const value = await condition();
      if (value) return value;
      last = 'it was never true';
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`waited in vain${options.what === undefined ? '' : ` for ${options.what}`}: ${String(last)}`, {
        cause: last,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, options.everyMs ?? 10));
  }
}
