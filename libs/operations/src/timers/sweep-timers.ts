import { classify } from '@tocsin/domain';
import { findDueTimers } from '@tocsin/store';
import type { Context } from '../context.js';
import { fireIncidents, type FiredIncidents } from './fire-timers.js';
import { isStoresTrouble } from '../alerts/isolate-poison.js';
import { Patience } from '../patience.js';
import { raiseSystemAlert } from '../system-alerts.js';

/** Lines in which held incidents are waited for, each on a connection of its own. */
const mostLines = 4;
/** An incident whose timers broke their rule is left alone for this long: it must not cost every pass. */
const brokenForMs = 10_000;
const longestSleepMs = 250;

/**
 * Fires due timers, pass by pass. Law: one incident never holds up another's steps: neither one that somebody holds
 * locked (it is waited for apart), nor one whose timers fail by their own data (it is isolated, and raised).
 */
export class TimerSweeper {
  /** Waited for in a line. */
  private readonly apart = new Set<string>();
  private readonly lines = new Set<Promise<void>>();
  private readonly patience = new Patience();
  private readonly broken = new Map<string, number>();

  constructor(
    private readonly context: Context,
    private readonly onFired: (incidents: number) => void = () => undefined,
  ) {}

  /** Answers in how many milliseconds the next pass may begin: when the next timer is due, at most 250. */
  async pass(limit = 500): Promise<number> {
    for (const [id, untilMs] of this.broken) if (untilMs <= performance.now()) this.broken.delete(id);
    const due = await findDueTimers(this.context.pool, limit, [...this.apart, ...this.broken.keys()]);
    // crash-point: timers.found
    if (due.incidents.length > 0) await this.fire(due.incidents);
    this.onFired(due.incidents.length);
    return due.isFull ? 0 : Math.min(due.nextInMs ?? longestSleepMs, longestSleepMs);
  }

  /** Until nothing is waited for apart any more, or for so long: what is not fired is due as before. */
  async settled(withinMs = 5_000): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
    await Promise.race([Promise.all(this.lines), deadline]);
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
    if (locked.length > 0) this.waitApart(locked);
  }

  /**
   * As every writer does, they wait in line: skipped again and again, a hot incident's step came 11 s late (decisions.md
   * section 3). Together, for mostly one transaction holds them all; if that takes too long, one by one. What finds no
   * line is due as before.
   */
  private waitApart(incidents: readonly string[]): void {
    if (this.lines.size >= mostLines) return;
    for (const id of incidents) this.apart.add(id);
    const line = this.fireInLine(incidents).then((left) => {
      for (const id of incidents) this.apart.delete(id);
      this.lines.delete(line);
      for (const id of left) this.waitApart([id]);
    });
    this.lines.add(line);
  }

  /** Answers what is to be waited for one by one. */
  private async fireInLine(incidents: readonly string[]): Promise<readonly string[]> {
    const isAlone = incidents.length === 1;
    try {
      const options = isAlone ? {} : { lockWaitMs: this.patience.lockWaitMs };
      const { stuck } = await fireIncidents(this.context, incidents, options);
      for (const id of stuck) this.setAside(id, 'stuck');
    } catch (error) {
      const { code, retryable } = classify(error);
      if (!isAlone && !isStoresTrouble(code)) return incidents;
      if (isAlone && !retryable) this.setAside(incidents[0] ?? '', code);
    }
    return [];
  }

  private setAside(id: string, code: string): void {
    this.broken.set(id, performance.now() + brokenForMs);
    this.context.log.error('timer.failed', { incidentId: id, code });
    raiseSystemAlert(this.context, { cause: 'timer-failed', subject: id, params: { incident: id, code } }).catch(
      (error: unknown) => this.context.log.warn('system.alert_failed', { cause: 'timer-failed', error }),
    );
  }
}
