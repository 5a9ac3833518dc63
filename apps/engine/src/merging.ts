import { type Lane, lanes } from '@tocsin/contracts';
import { classify } from '@tocsin/domain';
import {
  type Context,
  type HeldIncidents,
  isolatePoison,
  type Merged,
  mergeUnder,
  parkPoisonedAlert,
  raiseSystemAlert,
} from '@tocsin/operations';
import type { Counter, Histogram } from 'prom-client';

/** With alerts in hand, for an incident that has just been let go of: intake waits with us to count their repeats. */
const lockWaitMs = 250;
/** An alert that can neither be merged nor parked is left alone for this long: it must not cost every pass. */
const unparkableForMs = 10_000;

export interface LaneMetrics {
  readonly merged: Counter<'lane' | 'by'>;
  readonly seconds: Histogram<'lane'>;
}

export interface Work {
  readonly by: 'queue' | 'sweeper';
  /** One that failed alone in conflict with others. */
  readonly onConflict?: (id: string) => void;
}

/**
 * Merges what a lane is given. Law: no alert holds up another: not one whose incident somebody holds (it is waited for
 * apart), not one that fails (it is parked), not one that cannot even be parked (it is left alone, and raised).
 */
export class Merging {
  private readonly unparkable = new Map<string, number>();

  constructor(
    private readonly lane: Lane,
    private readonly context: Context,
    private readonly metrics: LaneMetrics,
    readonly held: HeldIncidents,
  ) {}

  /** Alerts that a sweep need not look for. */
  get left(): readonly string[] {
    for (const [id, untilMs] of this.unparkable) if (untilMs <= performance.now()) this.unparkable.delete(id);
    return [...this.held.alerts, ...this.unparkable.keys()];
  }

  /** Answers what was merged. Throws what the store does to everybody, and conflicts; then the rows stay waiting. */
  async work(ids: readonly string[], work: Work): Promise<readonly string[]> {
    const end = this.metrics.seconds.startTimer({ lane: this.lane });
    const merged: string[] = [];
    try {
      await this.isolate(ids, work, async (part) => void merged.push(...(await this.mergeFree(part, work.by))));
    } finally {
      end();
    }
    return merged;
  }

  /** One that somebody held whenever it was looked for: waits for whoever holds the alert itself. */
  async workHot(id: string): Promise<void> {
    const options = { lockWaitMs, waitsForAlert: true, without: this.held.incidents };
    await this.isolate([id], { by: 'sweeper' }, async (part) =>
      this.count(await mergeUnder(this.context, part, options), 'sweeper'),
    );
  }

  /** One that cannot be parked stays waiting and is tried again; it must not keep the others from their turn. */
  async park(id: string, code: string): Promise<void> {
    try {
      await parkPoisonedAlert(this.context, id, code);
    } catch (error) {
      const fault = classify(error);
      if (fault.retryable) throw error;
      this.unparkable.set(id, performance.now() + unparkableForMs);
      this.context.log.error('alert.unparkable', { alertId: id, code, error: fault.message });
      const cause = { cause: 'alert-unparkable', subject: id, params: { alertId: id, code } };
      await raiseSystemAlert(this.context, cause).catch((failed: unknown) =>
        this.context.log.warn('system.alert_failed', { cause: cause.cause, error: failed }),
      );
    }
  }

  private isolate(
    ids: readonly string[],
    { onConflict }: Work,
    merge: (ids: readonly string[]) => Promise<unknown>,
  ): Promise<void> {
    return isolatePoison(ids, {
      work: async (part) => void (await merge(part)),
      park: (id, code) => this.park(id, code),
      onHalved: (size, code) => this.context.log.warn('merge.halved', { lane: this.lane, size, code }),
      ...(onConflict === undefined ? {} : { onConflict }),
    });
  }

  /**
   * What is free, at once; what somebody holds is left to `held`. Nobody waits with alerts in hand: intake, which counts
   * their repeats, would wait with us, and refuse the whole batch in the end.
   */
  private async mergeFree(ids: readonly string[], by: Work['by']): Promise<readonly string[]> {
    const options = { lockWaitMs, skipsLocked: true, without: this.held.incidents };
    return this.count(await mergeUnder(this.context, ids, options), by);
  }

  private count({ ids, locked }: Merged, by: Work['by']): readonly string[] {
    this.held.add(locked, lanes.indexOf(this.lane));
    this.metrics.merged.inc({ lane: this.lane, by }, ids.length);
    return ids;
  }
}
