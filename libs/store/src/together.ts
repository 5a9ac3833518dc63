/**
 * Statements that were begun one behind another without waiting for answers (the pools pipeline): in one round trip, run
 * by the server in the order in which they were begun. Answers all results, or throws the failure of the first that
 * failed: those behind it only say that the transaction is over. Comes back when all have been answered, either way.
 */
export async function together<const T extends readonly unknown[]>(
  ...statements: T
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const ends = await Promise.allSettled(statements);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return ends.map((end) => (end as PromiseFulfilledResult<unknown>).value) as {
    -readonly [K in keyof T]: Awaited<T[K]>;
  };
}
