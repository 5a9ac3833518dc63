/** The row under the hand: its id, its list, and the slot of that list in which it stood when it was chosen. */
export interface Latch {
  readonly id: string;
  readonly list: string;
  readonly slot: number;
}

/**
 * Orders a sorted list round a latched row: the latched one keeps its slot, the others take the slots around it in
 * their order. So the worst rows still stand on top and nothing moves under the hand.
 * Law: a permutation of `sorted`; the others keep `sorted`'s order; the latched row stands in its slot, or last when
 * the list has become shorter; a latch of another list changes nothing.
 */
export function latched<T extends { readonly id: string }>(
  sorted: readonly T[],
  list: string,
  latch: Latch | null,
): readonly T[] {
  if (!latch || latch.list !== list) return sorted;
  const held = sorted.find((row) => row.id === latch.id);
  if (!held) return sorted;
  const others = sorted.filter((row) => row.id !== latch.id);
  const slot = Math.min(Math.max(0, latch.slot), others.length);
  return [...others.slice(0, slot), held, ...others.slice(slot)];
}
