import type { Sight } from '@tocsin/contracts';
import {
  type ActName,
  allowedActs,
  canAct,
  type Grant,
  type Role,
  rolesAt,
  type SiteConfig,
  type Standing,
} from '@tocsin/domain';

/** A signed-in person as far as rights go. */
export interface Person {
  readonly id: string;
  readonly agency: string;
  readonly grants: readonly Grant[];
}

/**
 * Grants (role x scope: unit, site group, site) -> what the person may read. Every role reads within its scope; acts
 * are asked about one by one. Law: monotonous, a further grant never hides anything.
 */
export function sightOf(person: Person, sites: readonly SiteConfig[]): Sight {
  const { grants, agency } = person;
  const all = grants.some(({ scope }) => scope.kind === 'unit');
  const security = grants.some(({ role, scope }) => role === 'admin' && scope.kind === 'unit');
  if (all) return { agency, all, sites: [], security };
  const own = new Set(grants.flatMap(({ scope }) => (scope.kind === 'site' ? [scope.id] : [])));
  const groups = new Set(grants.flatMap(({ scope }) => (scope.kind === 'group' ? [scope.id] : [])));
  for (const site of sites) if (site.groups.some((group) => groups.has(group))) own.add(site.id);
  return { agency, all, sites: [...own].sort(), security };
}

/** The one predicate in memory; SQL has it as `agency_id = $ AND ($all OR site_id = ANY($sites))`. */
export function sees(sight: Sight, site: string | null): boolean {
  return sight.all || (site !== null && sight.sites.includes(site));
}

/** Does the sight show anything at all? Without it there is nothing to stay connected for. */
export function seesAnything(sight: Sight): boolean {
  return sight.all || sight.sites.length > 0;
}

export function groupsOf(sites: readonly SiteConfig[], site: string | null): readonly string[] {
  return sites.find(({ id }) => id === site)?.groups ?? [];
}

export function mayAct(
  person: Person,
  sites: readonly SiteConfig[],
  site: string | null,
  act: ActName,
  standing: Standing,
): boolean {
  return canAct(person.grants, site, groupsOf(sites, site), act, standing);
}

/** Only who runs the desk may enter another's word: responders speak for themselves. */
export function maySpeakForOthers(person: Person, sites: readonly SiteConfig[], site: string | null): boolean {
  const roles = rolesAt(person.grants, site, groupsOf(sites, site));
  return roles.has('operator') || roles.has('commander');
}

export function rolesOf(grants: readonly Grant[]): readonly Role[] {
  return [...new Set(grants.map(({ role }) => role))];
}

/** Acts that some grant allows somewhere: what screens offer. */
export function actsOf(grants: readonly Grant[]): readonly ActName[] {
  return [...new Set(rolesOf(grants).flatMap((role) => [...allowedActs(role)]))];
}
