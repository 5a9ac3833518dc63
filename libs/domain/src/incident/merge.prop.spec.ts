import fc from 'fast-check';
import { factsOf, okay, signal, T0 } from '../../test/example-unit.js';
import type { Aggregate, AlertSignal } from '../index.js';
import { decide, foldEpisode, normaliseAlert, openIncident, SECOND, severities } from '../index.js';

const facts = factsOf();
const alerts = fc
  .array(
    fc.record({
      severity: fc.constantFrom(...severities.filter((one) => one !== 'info')),
      zone: fc.constantFrom('gate', 'roof', 'yard', null),
      afterS: fc.nat(60),
      firing: fc.boolean(),
    }),
    { minLength: 2, maxLength: 7 },
  )
  .map((list) => list.map(({ afterS, ...over }) => signal({ ...over, acceptedAt: T0 + afterS * SECOND })));

function merge(list: readonly AlertSignal[]): Aggregate {
  const [first] = list;
  if (first === undefined) throw new Error('nothing to merge');
  return list.reduce(
    (aggregate, one) => okay(decide(aggregate, { kind: 'alert', signal: one }, facts, T0 + 60 * SECOND)).next,
    openIncident(first, 'g', facts, T0),
  );
}

/** What an incident is, apart from who happened to come first (its title, its first zone) and what was done about it. */
const essence = ({ incident }: Aggregate): object => ({
  severity: incident.severity,
  state: incident.state,
  condition: incident.condition,
  alerts: incident.alertCount,
  firing: incident.firingCount,
  zones: [...incident.zones].sort(),
  lastSignalAt: incident.lastSignalAt,
  team: incident.team,
});

it('any order of arrival, however it is cut into batches, gives the same incident', () => {
  fc.assert(
    fc.property(
      alerts.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      ([list, other]) => {
        expect(essence(merge(other))).toEqual(essence(merge(list)));
      },
    ),
    { numRuns: 500 },
  );
});

it('the same signal again (a retry) is the same episode: nothing joins twice', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), (times) => {
      const one = normaliseAlert({ key: 'k', site: 'depot', title: 'Gate' }, {});
      const folded = foldEpisode(
        null,
        Array.from({ length: times }, (_, requestIndex) => ({ signal: one, requestIndex })),
        { now: T0, newId: () => 'a' },
      );
      expect(folded.begins).toHaveLength(1);
      expect(new Set(folded.answers.map(({ id }) => id))).toEqual(new Set(['a']));
    }),
  );
});

it('the ladder that runs in the end is that of the gravest, from the earliest start that opened it', () => {
  const list = [signal({ severity: 'medium' }), signal({ severity: 'critical', acceptedAt: T0 + SECOND })];
  const aggregate = merge(list);
  expect(aggregate.runs).toMatchObject([{ plan: { policy: 'grave' }, startedAt: T0 }]);
});
