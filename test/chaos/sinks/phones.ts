import { between, type Random } from '../history/random';
import { monotonicMs, type Recorder } from '../history/recorder';
import type { ActRecord, Phase } from '../history/records';
import type { Arrival } from './arrivals';

/** Of the pages that reach a phone. */
const acknowledgedShare = 0.08;
const patienceMs = 5_000;

/**
 * What a phone does with a page that reached it: its service worker says so once, and now and then its owner presses
 * Acknowledge, which needs no session but the delivery's code. Acts are in the history like those at a console.
 */
export class Phones {
  private gateway: string | null = null;
  private acts = 0;

  constructor(
    private readonly random: Random,
    private readonly recorder: Recorder,
  ) {}

  /** Until it is told the gateway's address, nothing is answered. */
  answerTo(gateway: string): void {
    this.gateway = gateway;
  }

  take({ page, ackCode }: Arrival): void {
    const [receiptMs, isAcknowledged, thinkMs] = [
      between(this.random, 50, 500),
      this.random() < acknowledgedShare,
      between(this.random, 500, 6_000),
    ];
    if (ackCode === undefined) return;
    const proof = { deliveryId: page.key, code: ackCode };
    setTimeout(() => void this.tell('receipts', { ...proof, state: 'delivered' }), receiptMs);
    if (isAcknowledged) setTimeout(() => void this.acknowledge(page, proof), receiptMs + thinkMs);
  }

  private async acknowledge({ named, target }: Arrival['page'], proof: object): Promise<void> {
    if (this.gateway === null) return;
    const op = `p${(this.acts += 1)}`;
    const beganAt = monotonicMs();
    const write = (ph: Phase, incident: string, more: Partial<ActRecord>): void =>
      this.recorder.write({
        f: 'act',
        ph,
        op: `${op}.${incident}`,
        act: 'acknowledge',
        incident,
        person: target,
        ...more,
      });
    for (const incident of named) write('invoke', incident, {});
    const response = await this.tell('acknowledge', proof);
    const answer = response?.ok === true ? ((await response.json().catch(() => null)) as Acknowledged | null) : null;
    const ms = Math.round((monotonicMs() - beganAt) * 10) / 10;
    const told = { ms, ...(response === null ? {} : { httpStatus: response.status }) };
    const isRefused = response !== null && response.status >= 400 && response.status < 500;
    for (const incident of named) {
      const done = answer?.incidents.find(({ id }) => id === incident);
      // The answer names whose phone it is; what it leaves out was a notice, which asks nothing.
      const person = answer === null ? {} : { person: answer.person };
      const isDone = done !== undefined && done.refusal === undefined;
      write(isDone ? 'ok' : answer !== null || isRefused ? 'fail' : 'info', incident, { ...person, ...told });
    }
  }

  private async tell(what: 'receipts' | 'acknowledge', said: object): Promise<Response | null> {
    if (this.gateway === null) return null;
    return fetch(`${this.gateway}/v1/push/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(said),
      signal: AbortSignal.timeout(patienceMs),
    }).catch(() => null);
  }
}

interface Acknowledged {
  /** UUID. */
  readonly person: string;
  readonly incidents: readonly { readonly id: string; readonly refusal?: string }[];
}
