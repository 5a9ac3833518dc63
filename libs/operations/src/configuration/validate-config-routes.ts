import type { RouteConfig, RouteMatch } from '@tocsin/domain';
import type { Draft } from './read-config-draft.js';
import { suggestion } from './read-config-fields.js';
import { placesOf } from './read-config-raw.js';

/** No alarm without an answer: the last route matches everything, no other does, and every zone that is named exists. */
export function checkRoutes(draft: Draft): void {
  const { routes, gathered } = draft;
  const faultyRoutes = draft.declared.filter(({ kind }) => kind === 'Route').length !== routes.length;
  routes
    .slice(0, -1)
    .filter(matchesAll)
    .forEach((route) => {
      gathered.refuse(
        gathered.placeOf(route, 'match'),
        'matches everything, so that no route below it is ever asked: name something, or make it the last',
      );
    });
  const last = routes.at(-1);
  // While a route cannot be read, nobody knows whether it is the missing one.
  if (!faultyRoutes && (last === undefined || !matchesAll(last))) {
    const at = last === undefined ? { file: '.', line: 1, field: 'match' } : gathered.placeOf(last, 'match');
    gathered.refuse(at, 'the last Route must match everything (`match: {}`): no alarm without an answer');
  }
  for (const { match } of routes) checkZones(draft, match);
  for (const { match } of draft.silences) checkZones(draft, match);
}

export const matchesAll = ({ match }: RouteConfig): boolean => Object.keys(match).length === 0;

function checkZones(draft: Draft, match: RouteMatch): void {
  if (match.zones === undefined) return;
  const named = match.sites !== undefined || match.groups !== undefined;
  const inMatch = placesOf(draft).filter(
    ({ id, groups }) => !named || (match.sites?.includes(id) ?? groups.some((group) => match.groups?.includes(group))),
  );
  const known = new Set(inMatch.flatMap(({ zones }) => zones));
  const at = draft.gathered.placeOf(match, 'zones');
  match.zones.forEach((zone, index) => {
    const where = { ...at, field: `${at.field}[${index}]` };
    if (!known.has(zone))
      draft.gathered.refuse(where, `no site that this matches has a zone ${zone}${suggestion(zone, known)}`);
  });
}
