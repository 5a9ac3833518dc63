import type { Grant, Role, SiteConfig } from '@tocsin/domain';
import { roles } from '@tocsin/domain';
import fc from 'fast-check';
import { sees, seesAnything, sightOf } from './rights.js';

const siteIds = ['a', 'b', 'c', 'd'];
const groupIds = ['north', 'south', 'old'];
const site = fc
  .record({ id: fc.constantFrom(...siteIds), groups: fc.subarray(groupIds) })
  .map(({ id, groups }): SiteConfig => ({ id, code: id, name: { en: id }, groups, zones: [] }));
const sites = fc.uniqueArray(site, { selector: ({ id }) => id });
const scope = fc.oneof(
  fc.constant({ kind: 'unit' as const }),
  fc.constantFrom(...groupIds).map((id) => ({ kind: 'group' as const, id })),
  fc.constantFrom(...siteIds, 'gone').map((id) => ({ kind: 'site' as const, id })),
);
const grant: fc.Arbitrary<Grant> = fc.record({ role: fc.constantFrom(...(roles as readonly Role[])), scope });
const grants = fc.array(grant, { maxLength: 5 });
const sightFor = (own: readonly Grant[], all: readonly SiteConfig[]) =>
  sightOf({ id: 'p', agency: 'unit', grants: own }, all);

/** The rule in the plainest words: is there a grant that covers the site? */
const covered = (own: readonly Grant[], all: readonly SiteConfig[], id: string | null): boolean =>
  own.some(
    ({ scope: of }) =>
      of.kind === 'unit' ||
      (id !== null &&
        (of.kind === 'site' ? of.id === id : (all.find((one) => one.id === id)?.groups.includes(of.id) ?? false))),
  );

it('sees a site exactly when a grant covers it', () => {
  fc.assert(
    fc.property(
      grants,
      sites,
      fc.constantFrom(...siteIds, 'gone', null),
      (own, all, id) => sees(sightFor(own, all), id) === covered(own, all, id),
    ),
  );
});

it('shows nobody outside every site anything but to the whole unit', () => {
  fc.assert(
    fc.property(
      grants,
      sites,
      (own, all) => sees(sightFor(own, all), null) === own.some(({ scope: of }) => of.kind === 'unit'),
    ),
  );
});

it('is monotonous: a further grant hides nothing', () => {
  fc.assert(
    fc.property(
      grants,
      grant,
      sites,
      fc.constantFrom(...siteIds, null),
      (own, more, all, id) => !sees(sightFor(own, all), id) || sees(sightFor([...own, more], all), id),
    ),
  );
});

it('does not depend on the order of grants and sites', () => {
  fc.assert(
    fc.property(grants, sites, (own, all) =>
      expect(sightFor([...own].reverse(), [...all].reverse())).toEqual(sightFor(own, all)),
    ),
  );
});

it('fails closed', () => {
  fc.assert(fc.property(sites, (all) => !seesAnything(sightFor([], all))));
});
