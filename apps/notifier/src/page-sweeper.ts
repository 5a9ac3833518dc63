import { climbUnproven, type Context, isolatePoison, Loop, Patience, suppressDeadPages } from '@tocsin/operations';
import type { Queues } from '@tocsin/queue';
import { type DeliveryWork, findDeadPages, findLanesWithWork, findUnproven } from '@tocsin/store';
import type { PageLane } from './page-lane.js';

const sweepEveryMs = 250;
/** Without a queue the sweeper is what brings the pages. */
const aloneEveryMs = 25;
const sweptAfterMs = 1_000;
const deadEveryMs = 5_000;
const atOnce = 200;

export interface SweptLane {
  readonly channel: string;
  readonly lane: PageLane;
}

/** Finds by its state what no queue brought: pages that wait, repeats and proofs that are due. One query tells the lanes. */
export class PageSweeper {
  private readonly patience = new Patience();
  private readonly loops: readonly Loop[];

  constructor(
    private readonly context: Context,
    private readonly queues: Queues,
    private readonly lanes: readonly SweptLane[],
  ) {
    const { log } = context;
    this.loops = [
      new Loop({ name: 'sweep.pages', log, pass: () => this.nudgeLanes() }),
      new Loop({ name: 'sweep.proofs', log, pass: () => this.climb() }),
      new Loop({ name: 'sweep.dead-pages', log, pass: () => this.endDead() }),
    ];
  }

  get silentMs(): number {
    // The dead are looked for every 5 s only: they say nothing about whether pages are found.
    return Math.max(...this.loops.slice(0, 2).map((loop) => performance.now() - loop.lastPassAt));
  }

  async close(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }

  private async nudgeLanes(): Promise<number> {
    const work = await findLanesWithWork(this.context.pool, this.queues.connected ? sweptAfterMs : 0);
    for (const { channel, lane } of this.lanes) {
      if (work.some((one) => one.channel === channel && lane.serves(one.severity))) lane.sweep();
    }
    return this.queues.connected ? sweepEveryMs : aloneEveryMs;
  }

  private async climb(): Promise<number> {
    const unproven = await findUnproven(this.context.pool, atOnce);
    if (unproven.length > 0) await this.climbApart(unproven);
    return unproven.length >= atOnce ? 0 : sweepEveryMs;
  }

  /** Neither a held incident nor one that fails by its own data keeps the others from their next rung. */
  private async climbApart(unproven: readonly DeliveryWork[]): Promise<void> {
    const { context } = this;
    await isolatePoison(unproven, {
      work: (part) => this.patience.unlessHeld((options) => climbUnproven(context, part, options)),
      park: async ({ id }, code) => context.log.error('page.climb_failed', { deliveryId: id, code }),
    });
  }

  private async endDead(): Promise<number> {
    const incidents = await findDeadPages(this.context.pool, atOnce);
    await suppressDeadPages(this.context, incidents);
    return incidents.length > 0 ? 0 : deadEveryMs;
  }
}
