import { classify } from '@tocsin/domain';
import { findDueTimers } from '@tocsin/store';
import type { Context } from '../context.js';
import { fireIncidents, type FiredIncidents } from './fire-timers.js';
import { isStoresTrouble } from '../alerts/isolate-poison.js';
import { Patience } from '../patience.js';
import { raiseSystemAlert } from '../system-alerts.js';

/** Incidents waited for apart, each on a connection of its own. */
const mostApart = 4;
/** An incident whose timers broke their rule is left alone for this long: it must not cost every pass. */
const brokenForMs = 10_000;
const longestSleepMs = 250;
/** Merges and pages hold most incidents for less: so soon what was held is looked for again. */
const heldForMs = 50;

/**
 * Fires due timers, pass by pass. Law: one incident never holds up another's steps: neither one that somebody holds
 * locked (it is waited for apart), nor one whose timers fail by their own data (it is isolated, and raised).
 */
export class TimerSweeper {
  private readonly apart = new Map<string, Promise<void>>();
  private readonly patience = new Patience();
  /** Somebody held what was due in this pass. */
  private isHeldUp = false;
  private readonly broken = new Map<string, number>();

  constructor(
    private readonly context: Context,
    private readonly onFired: (incidents: number) => void = () => undefined,
  ) {}

  /** Answers in how many milliseconds the next pass may begin: when the next timer is due, at most 250. */
  async pass(limit = 500): Promise<number> {
    for (const [id, untilMs] of this.broken) if (untilMs <= performance.now()) this.broken.delete(id);
    const due = await findDueTimers(this.context.pool, limit, [...this.apart.keys(), ...this.broken.keys()]);
    // crash-point: timers.found
    this.isHeldUp = false;
    if (due.incidents.length > 0) await this.fire(due.incidents);
    this.onFired(due.incidents.length);
    return due.isFull ? 0 : Math.min(due.nextInMs ?? longestSleepMs, this.isHeldUp ? heldForMs : longestSleepMs);
  }

  /** Until nothing is waited for apart any more, or for so long: what is not fired is due as before. */
  async settled(withinMs = 5_000): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
    await Promise.race([Promise.all(this.apart.values()), deadline]);
    clearTimeout(timer);
  }

  /** What is free, at once: one that somebody holds must not keep the locks of all others waiting with it. */
  private async fire(incidents: readonly string[]): Promise<void> {
    try {
      this.after(
        await this.patience.learning((lockWaitMs) =>
          fireIncidents(this.context, incidents, { lockWaitMs, skipsLocked: true }),
        ),
      );
    } catch (error) {
      const { code, retryable } = classify(error);
      if (isStoresTrouble(code)) throw error;
      const [only = ''] = incidents;
      // A conflict that outlasted every repetition: the next pass tries again.
      if (incidents.length === 1)
        return retryable
          ? this.context.log.warn('timer.conflict', { incidentId: only, code })
          : this.setAside(only, code);
      const middle = incidents.length >> 1;
      await this.fire(incidents.slice(0, middle));
      await this.fire(incidents.slice(middle));
    }
  }

  private after({ locked, stuck }: FiredIncidents): void {
    for (const id of stuck) this.setAside(id, 'stuck');
    this.isHeldUp ||= locked.length > 0;
    for (const id of locked) if (this.apart.size < mostApart) this.waitApart(id);
  }

  /**
   * As every writer does, it waits in line: skipped again and again, a hot incident's step came 11 s late (decisions.md
   * section 3). Alone, for whoever waits with locks in hand makes others wait.
   */
  private waitApart(id: string): void {
    const waiting = fireIncidents(this.context, [id])
      .then(
        ({ stuck }) => stuck.forEach((one) => this.setAside(one, 'stuck')),
        (error: unknown) => {
          const { code, retryable } = classify(error);
          if (!retryable) this.setAside(id, code);
        },
      )
      .finally(() => this.apart.delete(id));
    this.apart.set(id, waiting);
  }

  private setAside(id: string, code: string): void {
    this.broken.set(id, performance.now() + brokenForMs);
    this.context.log.error('timer.failed', { incidentId: id, code });
    raiseSystemAlert(this.context, { cause: 'timer-failed', subject: id, params: { incident: id, code } }).catch(
      (error: unknown) => this.context.log.warn('system.alert_failed', { cause: 'timer-failed', error }),
    );
  }
}
