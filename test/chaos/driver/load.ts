import { monotonicMs } from '../history/recorder';
import type { Planned, Submission } from './load-plan';
import { RetryGate } from './retry-gate';
import type { Outcome } from './submit';

const tickMs = 10;
const backoffMs = { first: 250, most: 2_000 };

export interface LoadOptions {
  readonly perSecond: number;
  readonly plan: (now: Date) => Planned;
  readonly submit: (submission: Submission) => Promise<Outcome>;
}

/** A steady rate of alerts, repeats and restores together, whatever the answers take; what was not accepted is sent again until it is, or refused for good. */
export class Load {
  readonly counts = { planned: 0, accepted: 0, refused: 0 };
  private readonly gate: RetryGate;
  private readonly open = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private isEnded = false;
  /** Alerts, repeats and restores, each counted once whatever the number of tries. */
  private sent = 0;

  constructor(private readonly options: LoadOptions) {
    this.gate = new RetryGate(2 * options.perSecond);
  }

  /** Senders who have not been told "accepted" yet, or have something left to say. */
  get openCount(): number {
    return this.open.size;
  }

  /** Begins, or goes on after a pause, at the usual rate or another: what was not sent meanwhile is not made up for. */
  run(perSecond = this.options.perSecond): void {
    if (this.timer !== undefined) return;
    const beganAt = monotonicMs();
    const sentBefore = this.sent;
    this.timer = setInterval(() => {
      const due = ((monotonicMs() - beganAt) / 1_000) * perSecond;
      while (this.sent - sentBefore < due) this.sendNext();
    }, tickMs);
  }

  /** Nothing new, no repeat and no restore; retries go on. */
  pause(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** @returns how many senders were left without an answer after `maxMs`. */
  async end(maxMs: number): Promise<number> {
    this.pause();
    this.isEnded = true;
    const given = sleep(maxMs);
    await Promise.race([given, Promise.all(this.open)]);
    this.gate.close();
    return this.open.size;
  }

  private sendNext(): void {
    const planned = this.options.plan(new Date());
    this.counts.planned += planned.first.alerts.length;
    const sender = this.send(planned).finally(() => this.open.delete(sender));
    this.open.add(sender);
  }

  private async send({ first, repeatsAfterMs, restores }: Planned): Promise<void> {
    let isPlain = await this.untilAccepted(first);
    for (const afterMs of repeatsAfterMs) {
      await this.whileRunning(afterMs);
      // Without the key: it is a repeat of the alarm, not of the request.
      if (!this.isEnded) isPlain = (await this.untilAccepted({ ...first, idempotencyKey: null })) && isPlain;
    }
    // A request whose answer was lost may still be on its way: after a restore it would begin a new episode.
    if (isPlain) await Promise.all(restores.map((restore) => this.restore(restore)));
  }

  private async restore({ afterMs, submission }: Planned['restores'][number]): Promise<void> {
    await this.whileRunning(afterMs);
    if (!this.isEnded) await this.untilAccepted(submission);
  }

  /** @returns true if every answer on the way was definite. */
  private async untilAccepted(submission: Submission): Promise<boolean> {
    let isPlain = true;
    this.sent += submission.alerts.length;
    for (let waitMs = backoffMs.first; ; waitMs = Math.min(2 * waitMs, backoffMs.most)) {
      const { phase, status, retryAfterS = 0 } = await this.options.submit(submission);
      this.gate.report(phase === 'ok');
      if (phase === 'ok') this.counts.accepted += submission.alerts.length;
      if (phase === 'ok') return isPlain;
      if (phase === 'fail' && status !== 429) this.counts.refused += submission.alerts.length;
      if (phase === 'fail' && status !== 429) return false;
      isPlain &&= phase === 'fail';
      await sleep(Math.max(waitMs, Math.min(retryAfterS * 1_000, backoffMs.most)));
      await this.gate.turn();
    }
  }

  private async whileRunning(ms: number): Promise<void> {
    const until = monotonicMs() + ms;
    while (!this.isEnded && (monotonicMs() < until || this.timer === undefined))
      await sleep(Math.min(200, Math.max(1, until - monotonicMs())));
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
