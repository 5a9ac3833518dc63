/** First try after 250 ms, doubling to 5 s, each spread over its upper half so that desks do not rejoin as one. */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(5_000, 250 * 2 ** Math.max(0, attempt - 1));
  return Math.round(full * (0.5 + 0.5 * random));
}
