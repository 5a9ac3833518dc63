import type { Sight, SubscribeFilter } from '@tocsin/contracts';
import { realities } from '@tocsin/domain';
import fc from 'fast-check';
import { audienceOf, type Subject } from './audience.js';

const ids = ['a', 'b', 'c'];
const sight: fc.Arbitrary<Sight> = fc
  .record({ agency: fc.constant('unit'), all: fc.boolean(), sites: fc.subarray(ids), security: fc.boolean() })
  .map((one) => (one.all ? { ...one, sites: [] } : one));
const filter: fc.Arbitrary<SubscribeFilter> = fc.record(
  { sites: fc.subarray([...ids, 'x']), reality: fc.subarray([...realities]) },
  { requiredKeys: [] },
);
const subject: fc.Arbitrary<Subject> = fc.record({
  site: fc.constantFrom(...ids, 'x', null),
  reality: fc.constantFrom(...realities),
  incident: fc.boolean(),
  type: fc.constantFrom('note.added', 'session.opened', 'config.applied', 'alert.accepted'),
});
const seesSite = (of: Sight, site: string | null): boolean => of.all || (site !== null && of.sites.includes(site));

it('never shows an incident outside the sight, whatever the filter', () => {
  fc.assert(
    fc.property(
      sight,
      filter,
      subject,
      (of, wish, about) => !about.incident || !audienceOf(of, wish).sees(about) || seesSite(of, about.site),
    ),
  );
});

it('shows exactly what sight and filter leave', () => {
  fc.assert(
    fc.property(sight, filter, subject, (of, wish, about) => {
      const incident = { ...about, incident: true };
      const wanted =
        seesSite(of, about.site) &&
        (wish.sites === undefined || (about.site !== null && wish.sites.includes(about.site))) &&
        (wish.reality === undefined || wish.reality.includes(about.reality));
      return audienceOf(of, wish).sees(incident) === wanted;
    }),
  );
});

it('shows who signed in to those who may know, and that the configuration changed to everybody', () => {
  fc.assert(
    fc.property(
      sight,
      filter,
      subject,
      (of, wish, about) =>
        audienceOf(of, wish).sees({ ...about, incident: false, type: 'session.refused' }) === of.security,
    ),
  );
  fc.assert(
    fc.property(sight, filter, subject, (of, wish, about) =>
      audienceOf(of, wish).sees({ ...about, incident: false, type: 'config.applied' }),
    ),
  );
});

it('puts equal views in one room, and different views in different ones', () => {
  fc.assert(
    fc.property(
      sight,
      filter,
      sight,
      filter,
      fc.array(subject, { minLength: 1, maxLength: 30 }),
      (one, wish, other, otherWish, about) => {
        const [a, b] = [audienceOf(one, wish), audienceOf(other, otherWish)];
        return a.room !== b.room || about.every((of) => a.sees(of) === b.sees(of));
      },
    ),
  );
  fc.assert(
    fc.property(sight, fc.subarray(ids, { minLength: 1 }), (of, sites) =>
      expect(
        audienceOf({ ...of, sites: [...of.sites].reverse() }, { sites: [...sites, ...sites].reverse() }).room,
      ).toBe(audienceOf(of, { sites }).room),
    ),
  );
});
