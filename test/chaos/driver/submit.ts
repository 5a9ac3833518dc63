import { monotonicMs, type Recorder } from '../history/recorder';
import type { SubmitRecord } from '../history/records';
import type { Submission } from './load-plan';
import { phaseOf, post } from './post';

export interface Outcome {
  readonly phase: 'ok' | 'fail' | 'info';
  readonly status?: number;
  readonly retryAfterS?: number;
}

/** Sends requests of the plan to the intake, with the tokens of their sources. */
export class Submitter {
  private count = 0;

  constructor(
    private readonly intake: string,
    private readonly tokens: ReadonlyMap<string, string>,
    private readonly recorder: Recorder,
  ) {}

  /** One try: an invoke and an answer for each of its alerts. */
  async submit(submission: Submission): Promise<Outcome> {
    const { path, source, body, idempotencyKey, alerts } = submission;
    const op = `s${(this.count += 1)}`;
    const beganAt = monotonicMs();
    alerts.forEach((_, index) => this.recorder.write({ ...recordOf(submission, op, index), ph: 'invoke' }));
    const answer = await post({
      url: `${this.intake}${path}`,
      token: this.tokens.get(source) ?? '',
      body,
      headers: idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey },
    });
    const phase = phaseOf(answer.status);
    const ids = phase === 'ok' ? idsIn(answer.body) : [];
    const ms = Math.round((monotonicMs() - beganAt) * 10) / 10;
    const told = answer.status === undefined ? {} : { httpStatus: answer.status };
    alerts.forEach((_, index) => {
      const alertId = ids[index];
      const id = alertId === undefined ? {} : { alertId };
      this.recorder.write({ ...recordOf(submission, op, index), ph: phase, ...id, ...told, ms });
    });
    const { status, retryAfterS } = answer;
    return {
      phase,
      ...(status === undefined ? {} : { status }),
      ...(retryAfterS === undefined ? {} : { retryAfterS }),
    };
  }
}

function recordOf(submission: Submission, op: string, index: number): Omit<SubmitRecord, 'ph'> {
  const { door, source, sha256, alerts } = submission;
  const alert = alerts[index];
  if (alert === undefined) throw new RangeError('no such alert');
  return { f: 'submit', op: alerts.length === 1 ? op : `${op}.${index}`, door, source, sha256, index, ...alert };
}

/** The door of Prometheus answers with an empty body, and a resolve that found nothing without an id. */
function idsIn(body: string): (string | undefined)[] {
  if (body === '') return [];
  const { alerts } = JSON.parse(body) as { alerts: readonly { id?: string | null }[] };
  return alerts.map(({ id }) => id ?? undefined);
}
