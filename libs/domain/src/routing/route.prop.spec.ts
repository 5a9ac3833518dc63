import fc from 'fast-check';
import { factsOf, T0, unit } from '../../test/example-unit.js';
import type { RouteConfig, RouteMatch, Subject } from '../index.js';
import { categories, isUnrouted, realities, route, severities } from '../index.js';

const subject: fc.Arbitrary<Subject> = fc.record({
  site: fc.constantFrom('depot', 'villa', 'atlantis', null),
  zone: fc.constantFrom('gate', 'roof', null),
  severity: fc.constantFrom(...severities),
  category: fc.constantFrom(...categories),
  reality: fc.constantFrom(...realities),
  source: fc.constantFrom('panels', 'cameras', null),
  labels: fc.dictionary(fc.constantFrom('floor', 'desk', '__proto__'), fc.constantFrom('1', '2')),
});
const some = <T>(values: readonly T[]): fc.Arbitrary<T[] | undefined> =>
  fc.option(fc.subarray([...values]), { nil: undefined });
const match: fc.Arbitrary<RouteMatch> = fc.record({
  sites: some(['depot', 'villa']),
  groups: some(['north', 'south']),
  zones: some(['gate', 'roof']),
  severities: some(severities),
  categories: some(categories),
  realities: some(realities),
  sources: some(['panels', 'cameras']),
  labels: fc.option(fc.dictionary(fc.constantFrom('floor', 'desk'), fc.constantFrom('1', '*')), { nil: undefined }),
  windows: fc.option(
    fc.constantFrom([{ days: [2], from: '18:00', to: '06:00' }], [{ days: [3], from: '00:00', to: '24:00' }]),
    { nil: undefined },
  ),
});
const routes = fc
  .array(match, { maxLength: 6 })
  .map((matches) => matches.map((one, i): RouteConfig => ({ id: `route-${i}`, match: one, policy: 'standard' })));

/** Written apart from the rule: a route matches when every list that is not empty holds the subject's value. */
function fits(one: RouteMatch, of: Subject): boolean {
  const groups = unit.sites.find(({ id }) => id === of.site)?.groups ?? [];
  const lists: readonly [readonly string[] | undefined, readonly (string | null)[]][] = [
    [one.sites, [of.site]],
    [one.groups, groups],
    [one.zones, [of.zone]],
    [one.severities, [of.severity]],
    [one.categories, [of.category]],
    [one.realities, [of.reality]],
    [one.sources, [of.source]],
  ];
  const inLists = lists.every(
    ([wanted, got]) => wanted === undefined || wanted.length === 0 || wanted.some((value) => got.includes(value)),
  );
  const own = new Map(Object.entries(of.labels));
  const inLabels = Object.entries(one.labels ?? {}).every(
    ([name, glob]) => own.has(name) && (glob === '*' || own.get(name) === glob),
  );
  // T0 is a Tuesday, 23:00 in Karachi and 18:00 in London: inside the first window of either, outside the second.
  return inLists && inLabels && (one.windows === undefined || one.windows[0]?.days[0] === 2);
}

it('always answers, with the first route that fits and the reason of every miss before it', () => {
  fc.assert(
    fc.property(routes, subject, (list, of) => {
      const facts = factsOf({ routes: list });
      const answer = route(of, facts, T0);
      const expected = list.find((one) => fits(one.match, of));
      expect(answer.route).toBe(expected?.id ?? 'unrouted');
      expect(answer.trace.filter(({ matched }) => matched)).toHaveLength(expected === undefined ? 0 : 1);
      expect(answer.trace.every(({ matched, miss }) => matched === (miss === null))).toBe(true);
      if (expected === undefined) expect(isUnrouted(answer)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

it('a rule that does not match changes nothing, wherever it stands', () => {
  fc.assert(
    fc.property(routes, subject, match, fc.nat(6), (list, of, extra, place) => {
      fc.pre(!fits(extra, of));
      const more = list.toSpliced(Math.min(place, list.length), 0, { id: 'extra', match: extra, policy: 'grave' });
      const { trace: _, ...before } = route(of, factsOf({ routes: list }), T0);
      const { trace: __, ...after } = route(of, factsOf({ routes: more }), T0);
      expect(after).toEqual(before);
    }),
    { numRuns: 1000 },
  );
});

describe('stories', () => {
  const of: Subject = {
    site: 'depot',
    zone: null,
    severity: 'high',
    category: 'intrusion',
    reality: 'actual',
    source: 'panels',
    labels: {},
  };

  it('the catch-all takes what is left, and says so', () => {
    expect(route(of, factsOf(), T0)).toMatchObject({ route: 'rest', reason: { code: 'route-catch-all' } });
    expect(route({ ...of, severity: 'critical' }, factsOf(), T0)).toMatchObject({
      route: 'grave',
      policy: 'grave',
      team: 'red',
      reason: { code: 'route-matched' },
    });
  });

  it('windows are in the zone of the site, else of the unit', () => {
    const list = [
      { id: 'evening', match: { windows: [{ days: [2], from: '18:00', to: '19:00' }] }, policy: 'standard' },
    ];
    expect(route({ ...of, site: 'villa' }, factsOf({ routes: list }), T0).route).toBe('evening');
    const depot = route(of, factsOf({ routes: list }), T0);
    expect(depot).toMatchObject({
      route: 'unrouted',
      reason: { code: 'route-unrouted' },
      trace: [{ miss: { field: 'windows', got: 'Asia/Karachi' } }],
    });
  });

  it('a label that the alert does not have is none, whatever every object inherits', () => {
    const list = [{ id: 'odd', match: { labels: { constructor: '*' } }, policy: 'standard' }];
    expect(route(of, { ...factsOf({ routes: list }), matches: () => true }, T0)).toMatchObject({
      route: 'unrouted',
      trace: [{ miss: { field: 'labels', got: null } }],
    });
  });

  it('a policy that does not exist is loud', () => {
    const answer = route(of, factsOf({ routes: [{ id: 'r', match: {}, policy: 'gone' }] }), T0);
    expect(answer.reason.code).toBe('route-unknown-policy');
    expect(isUnrouted(answer)).toBe(true);
  });
});
