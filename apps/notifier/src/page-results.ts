import { classify } from '@tocsin/domain';
import {
  abandonDeliveries,
  type ClaimedDelivery,
  isolatePoison,
  isStoresTrouble,
  type PageContext,
  Patience,
  recordResults,
  type SendResult,
} from '@tocsin/operations';
import { Batcher } from '@tocsin/queue';

/** Results in one transaction. */
const largestBatch = 200;
/** One transaction costs much the same for ten results as for one, and a page that failed may climb so much later. */
const gatherMs = 25;
/** A result that cannot be written now is kept for as long as its attempt is not yet called unknown. */
const keptForMs = 20_000;
const retryMs = 250;

/**
 * Writes what became of a lane's attempts. Law: no result keeps another from being written, for what has no result in
 * time counts as unknown and is sent again. What names an incident that somebody holds is written apart, in line.
 */
export class PageResults {
  private readonly batcher: Batcher<SendResult, void>;
  private readonly patience = new Patience();
  private apart: Promise<unknown> = Promise.resolve();

  constructor(private readonly context: PageContext) {
    this.batcher = new Batcher({
      maxWeight: largestBatch,
      gatherMs,
      run: async (results) => {
        await this.isolating(results, (part) => this.writeFree(part));
        return results.map(() => undefined);
      },
    });
  }

  push(result: SendResult): Promise<void> {
    return this.batcher.push(result);
  }

  /** In line with what waits for held incidents: the lane must not wait for it. */
  abandon(late: readonly ClaimedDelivery[]): Promise<void> {
    return this.inLine(() => abandonDeliveries(this.context, late));
  }

  /** Until everything is written, or for so long: an attempt without a result is found by its time. */
  async drained(withinMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
    await Promise.race([this.batcher.drained().then(() => this.apart), deadline]);
    clearTimeout(timer);
  }

  /** Whoever waits for one incident with others in hand keeps those from everybody else: what is free at once, the rest in line. */
  private async writeFree(results: readonly SendResult[]): Promise<void> {
    const left = await this.patience.learning((lockWaitMs) =>
      recordResults(this.context, results, { lockWaitMs, skipsLocked: true }),
    );
    const lines = new Map<string, SendResult[]>();
    for (const result of left) {
      const incidents = result.incidentIds.join(' ');
      lines.set(incidents, [...(lines.get(incidents) ?? []), result]);
    }
    for (const held of lines.values())
      void this.inLine(() => this.isolating(held, async (part) => void (await recordResults(this.context, part))));
  }

  private async isolating(
    results: readonly SendResult[],
    write: (part: readonly SendResult[]) => Promise<void>,
  ): Promise<void> {
    await isolatePoison(results, {
      work: (part) => this.patiently(() => write(part)),
      // The attempt stays `sending` and is sent again with the same key when its time is over.
      park: async ({ deliveryId }, code) => this.context.log.error('page.result_lost', { deliveryId, code }),
    });
  }

  private async patiently(work: () => Promise<void>): Promise<void> {
    for (const untilMs = performance.now() + keptForMs; ; ) {
      try {
        return await work();
      } catch (error) {
        // A conflict of these rows has been repeated already: halves may fare better.
        const { code, retryable } = classify(error);
        if (!retryable || !isStoresTrouble(code) || performance.now() > untilMs) throw error;
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  }

  private inLine(work: () => Promise<void>): Promise<void> {
    const next = this.apart.then(work).catch((error: unknown) => this.context.log.error('page.write_lost', { error }));
    this.apart = next;
    return next;
  }
}
