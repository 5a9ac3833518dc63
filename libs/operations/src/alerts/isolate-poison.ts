import { classify, type FaultCode } from '@tocsin/domain';

export interface Isolating<T = string> {
  /** Works all of them in one transaction; throws without effect when it fails. */
  readonly work: (items: readonly T[]) => Promise<void>;
  /** Takes one that failed alone by its own data out of the way, for good. */
  readonly park: (item: T, code: FaultCode) => Promise<void>;
  readonly onHalved?: (size: number, code: string) => void;
  /** One that failed alone in conflict with others, however often it was repeated: it stays waiting. */
  readonly onConflict?: (item: T) => void;
}

/** Faults of the data, of two writers, or of somebody who holds one of the rows. All others say something of the store or the unit as a whole, whichever rows were asked for. */
const ofTheRows: ReadonlySet<FaultCode> = new Set([
  'store-refused',
  'unexpected',
  'store-conflict',
  'store-duplicate',
  'begin-again',
  'store-locked',
]);

/** Would any other batch have failed just so? */
export function isStoresTrouble(code: FaultCode): boolean {
  return !ofTheRows.has(code);
}

/**
 * One poisoned item never fails its batch twice: a batch that fails by its data is halved until the item stands alone.
 * So is one whose conflict outlasts every repetition, lest one row that can never win keep its neighbours waiting; but a
 * conflict is no poison: alone, it is thrown. What the store does to everybody is thrown as it is, and the rows stay waiting.
 */
export async function isolatePoison<T>(items: readonly T[], isolating: Isolating<T>): Promise<void> {
  try {
    await isolating.work(items);
  } catch (error) {
    const fault = classify(error);
    if (isStoresTrouble(fault.code)) throw error;
    const only = items[0] as T;
    if (items.length > 1) await halves(items, isolating, fault.code);
    else if (!fault.retryable) await isolating.park(only, fault.code);
    else {
      if (fault.code !== 'store-locked') isolating.onConflict?.(only);
      throw error;
    }
  }
}

/** Both halves are worked whatever becomes of the other; the first fault is thrown when both have had their turn. */
async function halves<T>(items: readonly T[], isolating: Isolating<T>, code: string): Promise<void> {
  isolating.onHalved?.(items.length, code);
  const middle = items.length >> 1;
  const faults: unknown[] = [];
  for (const half of [items.slice(0, middle), items.slice(middle)])
    await isolatePoison(half, isolating).catch((error: unknown) => faults.push(error));
  if (faults.length > 0) throw faults[0];
}
