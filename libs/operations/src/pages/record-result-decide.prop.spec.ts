import type { SendOutcome } from '@tocsin/channels';
import type { DeliveryRow, DeliveryState, PageRow } from '@tocsin/store';
import fc from 'fast-check';
import { decideResult } from './record-result-decide.js';

const outcomes: fc.Arbitrary<SendOutcome> = fc.oneof(
  fc.record({ kind: fc.constant('accepted' as const), proof: fc.boolean() }),
  fc.record({ kind: fc.constant('refused-for-good' as const), code: fc.constant('http-410') }),
  fc.record({ kind: fc.constant('try-later' as const), code: fc.constant('http-503'), retryAfterMs: fc.nat(900_000) }),
  fc.record({ kind: fc.constant('unknown' as const), code: fc.constant('timeout') }),
);
const madeAt = 1_795_559_940_000_000;
const states: DeliveryState[] = ['sending', 'retry', 'accepted', 'delivered', 'seen', 'failed', 'abandoned'];
const pageStates: PageRow['state'][] = ['sent', 'delivered', 'seen', 'failed', 'suppressed'];

const cases = fc.record({
  outcome: outcomes,
  state: fc.constantFrom(...states),
  attempts: fc.integer({ min: 1, max: 40 }),
  behind: fc.integer({ min: 0, max: 2 }),
  pages: fc.array(fc.record({ state: fc.constantFrom(...pageStates), live: fc.boolean() }), {
    minLength: 1,
    maxLength: 6,
  }),
  elapsedS: fc.integer({ min: 0, max: 2_000 }),
  hasNext: fc.boolean(),
  provesArrival: fc.boolean(),
});

function run(one: Parameters<Parameters<typeof cases.map>[0]>[0]) {
  const now = madeAt + one.elapsedS * 1_000_000;
  const pages = one.pages.map(({ state }, index) => ({ id: String(index), state }) as PageRow);
  const delivery = {
    id: 'd',
    channel: 'push',
    state: one.state,
    attempts: one.attempts,
    made_at: madeAt,
    act_at: now,
    proof_due_at: null,
    code_used_at: null,
  } as unknown as DeliveryRow;
  const decision = decideResult(delivery, {
    now,
    ordinal: Math.max(one.attempts - one.behind, 1),
    outcome: one.outcome,
    provesArrival: one.provesArrival,
    next: one.hasNext ? { rung: 1, channel: 'email', address: 'x', afterS: null } : null,
    pages,
    isLive: ({ id }) => one.pages[Number(id)]?.live ?? false,
  });
  return { decision, now, one };
}
const property = (check: (of: ReturnType<typeof run>) => void) =>
  fc.assert(fc.property(cases, (one) => check(run(one))));

describe('decideResult', () => {
  it('never takes back an arrival', () =>
    property(({ decision, one }) => {
      if (one.state === 'seen') expect(decision.delivery.state).toBe('seen');
      if (one.state === 'delivered') expect(['delivered', 'seen']).toContain(decision.delivery.state);
    }));

  it('a repeat is due strictly later, and nothing else keeps a time to act at', () =>
    property(({ decision, now, one }) => {
      if (decision.delivery.state === 'retry' && one.state !== 'retry')
        expect(decision.delivery.actAt).toBeGreaterThan(now);
      if (
        ['accepted', 'delivered', 'failed'].includes(decision.delivery.state) &&
        decision.delivery.state !== one.state
      )
        expect(decision.delivery.actAt).toBeNull();
    }));

  it('each page has at most one fate, and only a live one that was sent can fail', () =>
    property(({ decision, one }) => {
      const fates = [...decision.arrived, ...decision.failed, ...decision.over].map(({ id }) => id);
      expect(new Set(fates).size).toBe(fates.length);
      for (const { id } of decision.failed) expect(one.pages[Number(id)]).toEqual({ state: 'sent', live: true });
      for (const { id } of decision.over) expect(one.pages[Number(id)]).toEqual({ state: 'sent', live: false });
    }));

  it('a live page is never dropped: it arrives, is tried again, waits for proof, fails aloud, or belongs to a later attempt', () =>
    property(({ decision, one }) => {
      const open = one.behind === 0 && (one.state === 'sending' || one.state === 'retry');
      const live = one.pages.filter(({ state, live: isLive }) => state === 'sent' && isLive).length;
      if (!open || live === 0) return;
      const kept = ['retry', 'accepted', 'delivered'].includes(decision.delivery.state) ? live : 0;
      expect(kept + decision.failed.length).toBeGreaterThanOrEqual(live);
    }));
});
