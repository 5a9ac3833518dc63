import fc from 'fast-check';
import { factsOf, pagesOf, Story, signal, T0, unit } from '../../test/example-unit.js';
import type { PolicyConfig, Target } from '../index.js';
import { decide, decideThrough, decideTimers, dueTimers, openIncident, SECOND } from '../index.js';

const target: fc.Arbitrary<Target> = fc.constantFrom<Target>(
  { kind: 'person', id: 'ali' },
  { kind: 'team', id: 'red' },
  { kind: 'schedule', id: 'duty' },
  { kind: 'channel', id: 'wall' },
  { kind: 'schedule', id: 'vacant' },
);
/** Any ladder: strictly rising delays, any targets. */
const policy: fc.Arbitrary<PolicyConfig> = fc
  .array(
    fc.record({ gapS: fc.integer({ min: 1, max: 600 }), targets: fc.array(target, { minLength: 1, maxLength: 3 }) }),
    { minLength: 1, maxLength: 6 },
  )
  .map((steps) => {
    let afterS = 0;
    return {
      id: 'any',
      name: { en: 'Any' },
      steps: steps.map(({ gapS, targets }, i) => ({ afterS: i === 0 ? 0 : (afterS += gapS), targets })),
    };
  });
const storyOf = (any: PolicyConfig): Story =>
  new Story(factsOf({ policies: [...unit.policies, any], routes: [{ id: 'any', match: {}, policy: 'any' }] }));

it('untouched, every step fires once, at its time, then exhaustion, then every 5 min; each due time is strictly later', () => {
  fc.assert(
    fc.property(policy, (any) => {
      const story = storyOf(any);
      const lastS = any.steps.at(-1)?.afterS ?? 0;
      story.advance(lastS + 60 + 900);
      const fired = story.all.flatMap(({ events }) =>
        events.filter(({ type }) => type === 'escalation.step').map(({ data }) => data),
      );
      expect(fired.map(({ step, repeat }) => [step, repeat])).toEqual([
        ...any.steps.map((_, i) => [i + 1, 0]),
        ...[1, 2, 3].map((repeat) => [any.steps.length, repeat]),
      ]);
      const due = fired.map(({ dueAt }) => String(dueAt));
      expect([...new Set(due)].sort()).toEqual(due);
      expect(story.all.flatMap(({ events }) => events).filter(({ data }) => data.late === true)).toEqual([]);
      const perPage = new Set(story.all.flatMap(pagesOf));
      expect(perPage.size).toBe(story.all.flatMap(pagesOf).length);
    }),
    { numRuns: 200 },
  );
});

it('a timer that fires again, or twice in one decision, has no new effect', () => {
  fc.assert(
    fc.property(policy, fc.nat(2000), (any, waitS) => {
      const story = storyOf(any).sleep(waitS);
      const due = dueTimers(story.aggregate, story.now);
      const once = decideTimers(story.aggregate, due, story.facts, story.now);
      if (!once.ok) throw new Error('refused');
      const again = decideTimers(once.next, [...due, ...due], story.facts, story.now);
      expect(again).toMatchObject({ ok: true, events: [], effects: [] });
      expect(again).toHaveProperty('next', once.next);
    }),
    { numRuns: 200 },
  );
});

it('an outage of any length: every missed step recorded, at most one page to each target', () => {
  fc.assert(
    fc.property(policy, fc.nat(8000), (any, waitS) => {
      const story = storyOf(any).sleep(waitS);
      story.fire();
      const steps = story.last.events
        .filter(({ type, data }) => type === 'escalation.step' && data.repeat === 0)
        .map(({ data }) => data.step);
      expect(steps).toEqual(any.steps.flatMap(({ afterS }, i) => (afterS <= waitS ? [i + 1] : [])));
      const sent = pagesOf(story.last).filter((page) => !page.startsWith('('));
      expect(new Set(sent.map((page) => page.split(' ')[0])).size).toBe(sent.length);
      const meant = new Set(pagesOf(story.last).map((page) => page.replace('(', '').split(' ')[0]));
      expect(sent).toHaveLength(meant.size);
      expect(dueTimers(story.aggregate, story.now)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

it.each([{ act: 'acknowledge' }, { act: 'take' }, { act: 'resolve' }] as const)(
  'after $act no timer of the ladder pages anybody',
  (act) => {
    fc.assert(
      fc.property(policy, fc.nat(900), fc.nat(50), (any, beforeS, afterS) => {
        const story = storyOf(any).advance(beforeS);
        const stale = story.aggregate.timers;
        story.act(act);
        story.sleep(afterS);
        const decision = decideTimers(story.aggregate, stale, story.facts, story.now);
        expect(decision).toMatchObject({ ok: true, events: [], effects: [] });
      }),
      { numRuns: 100 },
    );
  },
);

it('decideThrough leaves nothing due behind', () => {
  const facts = factsOf();
  const first = signal();
  const decisions = decideThrough(
    openIncident(first, 'g', facts, T0),
    { kind: 'alert', signal: first },
    facts,
    T0 + 70 * SECOND,
  );
  expect(decisions).toHaveLength(2);
  const last = decisions.at(-1);
  expect(last?.ok === true && dueTimers(last.next, T0 + 70 * SECOND)).toEqual([]);
  const refused = decideThrough(
    openIncident(first, 'g', facts, T0),
    { kind: 'act', act: { act: 'close' }, actor: { kind: 'person', id: 'x' } },
    facts,
    T0,
  );
  expect(refused).toMatchObject([{ ok: false }]);
});

it('a decision never touches what it was given', () => {
  const story = new Story().advance(5);
  const frozen = JSON.stringify(story.aggregate);
  const before = story.aggregate;
  decide(
    before,
    { kind: 'act', act: { act: 'dispatch' }, actor: { kind: 'person', id: 'person-ali' } },
    story.facts,
    story.now,
  );
  decide(
    before,
    { kind: 'act', act: { act: 'escalate' }, actor: { kind: 'person', id: 'person-ali' } },
    story.facts,
    story.now,
  );
  decide(before, { kind: 'alert', signal: signal({ severity: 'critical' }) }, story.facts, story.now);
  expect(JSON.stringify(before)).toBe(frozen);
});
