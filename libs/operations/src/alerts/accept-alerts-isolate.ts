import { classify, type Fault } from '@tocsin/domain';
import type { AcceptOutcome, SignalAnswer } from './accept-alerts-request.js';
import type { HashedRequest } from './accept-alerts-rows.js';

export interface IsolatingRequests {
  /** All of them in one transaction; throws without effect. */
  readonly work: (requests: readonly HashedRequest[]) => Promise<readonly AcceptOutcome[]>;
  readonly onPoison: (request: HashedRequest, code: string) => void;
}

/** What the same data may succeed with later: conflicts, lost connections, a full disk. `unexpected` is a bug or bad data: it is bisected too. */
const isPoison = (fault: Fault): boolean => !fault.retryable;

/**
 * A batch that fails by its data is halved until the request stands alone; that one is refused, its neighbours are
 * accepted. Bisecting never splits a request, except under `Prefer: partial`.
 */
export async function acceptIsolating(
  requests: readonly HashedRequest[],
  isolating: IsolatingRequests,
): Promise<readonly AcceptOutcome[]> {
  try {
    return await isolating.work(requests);
  } catch (error) {
    const fault = classify(error);
    if (!isPoison(fault)) throw error;
    if (requests.length === 1) return [await refuseAlone(requests[0] as HashedRequest, fault, isolating)];
    const middle = requests.length >> 1;
    // One half's lost connection must not take back the answer of the other, which is committed.
    const halves = await Promise.allSettled([
      acceptIsolating(requests.slice(0, middle), isolating),
      acceptIsolating(requests.slice(middle), isolating),
    ]);
    return halves.flatMap((half, index) =>
      half.status === 'fulfilled' ? half.value : Array(index === 0 ? middle : requests.length - middle).fill(lost),
    );
  }
}

const lost: AcceptOutcome = { ok: false, code: 'unavailable', retryAfterS: 1 };
const unstorable: AcceptOutcome = { ok: false, code: 'unstorable' };
/** Nobody has met this fault yet. Told as the sender's own (4xx), an alarm that is in order would never be sent again. */
const ours: AcceptOutcome = { ok: false, code: 'internal' };

async function refuseAlone(hashed: HashedRequest, fault: Fault, isolating: IsolatingRequests): Promise<AcceptOutcome> {
  const { request } = hashed;
  if (!request.isPartial || request.signals.length === 1) {
    isolating.onPoison(hashed, fault.code);
    if (fault.code !== 'store-refused') return ours;
    if (!request.isPartial) return unstorable;
    const refused = refusedAnswer(request.signals[0]?.key ?? null);
    return { ok: true, answer: request.render([refused]), outcomes: [refused], isReplay: false };
  }
  const middle = request.signals.length >> 1;
  const outcomes: SignalAnswer[] = [];
  for (const part of [slice(hashed, 0, middle), slice(hashed, middle)]) {
    const [outcome = lost] = await acceptIsolating([part], isolating);
    // Part of it may be stored by now: "send it all again" is safe, since what is stored answers as a duplicate.
    if (!outcome.ok) return outcome;
    outcomes.push(...outcome.outcomes);
  }
  return { ok: true, answer: request.render(outcomes), outcomes, isReplay: false };
}

function slice(hashed: HashedRequest, from: number, to?: number): HashedRequest {
  const { request, keyHashes } = hashed;
  const part = {
    ...request,
    signals: request.signals.slice(from, to),
    positions: request.positions.slice(from, to),
    idempotencyKey: null,
  };
  return { ...hashed, keyHashes: keyHashes.slice(from, to), bodyHash: null, request: part };
}

function refusedAnswer(key: string | null): SignalAnswer {
  return {
    key,
    status: 'refused',
    code: 'unstorable',
    errors: [{ path: '', message: 'the database refuses these data' }],
  };
}

/** Repeats `work` on conflicts and on a connection lost before anything was committed, within the batch's own time. */
export async function repeating<T>(
  withinMs: number,
  work: (withinMs: number) => Promise<T>,
  onFault: (fault: Fault) => void,
): Promise<T> {
  const until = performance.now() + withinMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(Math.max(100, until - performance.now()));
    } catch (error) {
      const fault = classify(error);
      onFault(fault);
      const isConflict =
        fault.code === 'store-conflict' || fault.code === 'store-duplicate' || fault.code === 'begin-again';
      if (!isConflict || attempt >= 6 || performance.now() > until - 100) throw fault;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 4 * 2 ** attempt));
    }
  }
}
