import { monotonicMs, type Recorder } from '../history/recorder';
import type { ActRecord, ReadRecord } from '../history/records';
import { phaseOf, post } from './post';
import type { SignedIn } from './sign-in';

/** What people do by REST, each with its invoke and its answer in the history. */
export class Acts {
  private count = 0;

  constructor(
    private readonly gateway: string,
    private readonly recorder: Recorder,
  ) {}

  async act(
    who: SignedIn,
    act: ActRecord['act'],
    incident: string,
    more: object = {},
  ): Promise<'ok' | 'fail' | 'info'> {
    const record = { f: 'act', op: this.nextOp(), act, incident, person: who.id } as const;
    this.recorder.write({ ...record, ph: 'invoke' });
    const beganAt = monotonicMs();
    const url = `${this.gateway}/v1/incidents/${incident}/${act}`;
    const { status } = await post({ url, token: who.token, body: JSON.stringify(more) });
    const ms = Math.round((monotonicMs() - beganAt) * 10) / 10;
    const phase = phaseOf(status);
    this.recorder.write({ ...record, ph: phase, ms, ...(status === undefined ? {} : { httpStatus: status }) });
    return phase;
  }

  /** `foreign`: of a site outside the reader's scope: a 404 is right (`fail`), an answer is a leak (`ok`). */
  async read(who: SignedIn, what: Exclude<ReadRecord['what'], 'alert'>, id: string): Promise<void> {
    const record = { f: 'read', op: this.nextOp(), what, id, person: who.id } as const;
    this.recorder.write({ ...record, ph: 'invoke' });
    const url = `${this.gateway}/v1/incidents/${id}`;
    const { status, body } = await post({ url, method: 'GET', token: who.token });
    const phase = phaseOf(status);
    const state = phase === 'ok' ? { state: (JSON.parse(body) as { state: string }).state } : {};
    this.recorder.write({ ...record, ph: phase, ...(status === undefined ? {} : { httpStatus: status }), ...state });
  }

  private nextOp(): string {
    return `a${(this.count += 1)}`;
  }
}
