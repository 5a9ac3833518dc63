import { Fault, normaliseAlert } from '@tocsin/domain';
import { Breaker } from './accept-alerts-breaker.js';
import { acceptIsolating, repeating } from './accept-alerts-isolate.js';
import type { AcceptOutcome } from './accept-alerts-request.js';
import { type HashedRequest, hashRequest } from './accept-alerts-rows.js';

const request = (...keys: string[]): HashedRequest =>
  hashRequest(
    {
      principal: { kind: 'source', agency: 'u', id: 's' },
      door: 'd',
      contentType: null,
      body: Buffer.from(''),
      idempotencyKey: null,
      isPartial: false,
      signals: keys.map((key) => normaliseAlert({ key, site: 'x', title: 't' }, {})),
      positions: keys.map((_, index) => index),
      render: () => ({ status: 202, text: keys.join() }),
    },
    null,
  );
const accepted = ({ request: { render } }: HashedRequest): AcceptOutcome => ({
  ok: true,
  answer: render([]),
  outcomes: [],
  isReplay: false,
});
const failingOn = (bad: (keys: readonly string[]) => Fault | null) => {
  const batches: number[] = [];
  const work = async (requests: readonly HashedRequest[]) => {
    batches.push(requests.length);
    const fault = bad(requests.flatMap(({ request: { signals } }) => signals.map(({ key }) => key)));
    if (fault) throw fault;
    return requests.map(accepted);
  };
  return { batches, isolating: { work, onPoison: () => undefined } };
};

describe('a batch that fails by its data', () => {
  it('is halved until the bad request stands alone; the others are accepted in their order', async () => {
    const requests = Array.from({ length: 64 }, (_, index) => request(`k${index}`));
    const { batches, isolating } = failingOn((keys) => (keys.includes('k37') ? new Fault('store-refused') : null));
    const outcomes = await acceptIsolating(requests, isolating);
    expect(outcomes.map((outcome) => (outcome.ok ? outcome.answer.text : outcome.code))).toEqual(
      requests.map((_, index) => (index === 37 ? 'unstorable' : `k${index}`)),
    );
    expect(batches.length).toBeLessThanOrEqual(1 + 2 * Math.log2(64));
  });

  it('never splits a request', async () => {
    const { isolating } = failingOn((keys) => (keys.includes('bad') ? new Fault('store-refused') : null));
    const [whole, other] = await acceptIsolating([request('good', 'bad'), request('else')], isolating);
    expect([whole, other?.ok]).toEqual([{ ok: false, code: 'unstorable' }, true]);
  });

  it.each(['store-conflict', 'store-duplicate', 'store-unavailable', 'store-timeout', 'unreachable'] as const)(
    'is no poison when it was %s',
    async (code) => {
      const { batches, isolating } = failingOn(() => new Fault(code));
      await expect(acceptIsolating([request('a'), request('b')], isolating)).rejects.toMatchObject({ code });
      expect(batches).toEqual([2]);
    },
  );

  it('by a fault of ours is refused as ours, so that its sender keeps it and sends it again', async () => {
    const { isolating } = failingOn((keys) => (keys.includes('bad') ? new Fault('unexpected') : null));
    const outcomes = await acceptIsolating([request('a'), request('bad'), request('c')], isolating);
    expect(outcomes.map((outcome) => (outcome.ok ? 'stored' : outcome.code))).toEqual(['stored', 'internal', 'stored']);
  });

  it('keeps the answer of a half that was committed when the other half loses its connection', async () => {
    const { isolating } = failingOn((keys) =>
      keys.length > 1 ? new Fault('store-refused') : keys[0] === 'b' ? new Fault('store-unavailable') : null,
    );
    expect((await acceptIsolating([request('a'), request('b')], isolating)).map(({ ok }) => ok)).toEqual([true, false]);
  });
});

describe('repeating', () => {
  it('repeats conflicts and nothing else', async () => {
    let runs = 0;
    const conflicts = async (): Promise<string> => {
      runs += 1;
      if (runs < 3) throw new Fault('store-conflict');
      return 'through';
    };
    expect(await repeating(1_000, conflicts, () => undefined)).toBe('through');
    runs = 0;
    await expect(
      repeating(
        1_000,
        async () => {
          runs += 1;
          throw new Fault('store-unavailable');
        },
        () => undefined,
      ),
    ).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(runs).toBe(1);
  });

  it('ends with the last conflict', async () => {
    await expect(
      repeating(
        400,
        async () => {
          throw new Fault('begin-again');
        },
        () => undefined,
      ),
    ).rejects.toMatchObject({ code: 'begin-again' });
  });
});

it('a breaker opens after the third failure in a row and lets one wave through when its time is over', () => {
  let now = 0;
  const breaker = new Breaker({ after: 3, openMs: 500 }, () => now);
  breaker.failed();
  breaker.failed();
  expect(breaker.isOpen).toBe(false);
  breaker.failed();
  expect(breaker.isOpen).toBe(true);
  now = 501;
  expect(breaker.isOpen).toBe(false);
  breaker.failed();
  expect(breaker.isOpen).toBe(true);
  breaker.succeeded();
  expect(breaker.isOpen).toBe(false);
});
