import { classify } from '@tocsin/domain';

export interface Isolating {
  /** Works all of them in one transaction; throws without effect when it fails. */
  readonly work: (ids: readonly string[]) => Promise<void>;
  /** Takes one that failed alone by its own data out of the way, for good. */
  readonly park: (id: string, code: string) => Promise<void>;
  readonly onHalved?: (size: number, code: string) => void;
}

/**
 * One poisoned item never fails its batch twice: a batch that fails by its data is halved until the item stands alone.
 * Conflicts and lost connections are never poison; they are thrown, and the rows stay waiting.
 */
export async function isolatePoison(ids: readonly string[], isolating: Isolating): Promise<void> {
  try {
    await isolating.work(ids);
  } catch (error) {
    const fault = classify(error);
    if (fault.retryable) throw error;
    if (ids.length === 1) {
      await isolating.park(ids[0] as string, fault.code);
      return;
    }
    isolating.onHalved?.(ids.length, fault.code);
    const middle = ids.length >> 1;
    await isolatePoison(ids.slice(0, middle), isolating);
    await isolatePoison(ids.slice(middle), isolating);
  }
}
