import type { AlertRow } from '../dumps/shapes';
import type { Scene, ScenePolicy, SceneRoute } from '../scene/shapes';

/** What a route is looked up by; the product's own incidents have no site and the category `system`. */
export interface Subject {
  readonly site: string | null;
  readonly severity: string;
  readonly category: string;
}

/** The first route of which every given list holds the subject's value. */
export function routeOf({ routes }: Scene, subject: Subject): SceneRoute | undefined {
  const fits = (list: readonly string[] | null, value: string | null): boolean =>
    list === null || (value !== null && list.includes(value));
  return routes.find(
    (route) =>
      fits(route.sites, subject.site) &&
      fits(route.severities, subject.severity) &&
      fits(route.categories, subject.category),
  );
}

/** Which alerts belong together: site, category, reality; of zoned categories source and zone as well. */
export function groupOf({ zonedCategories }: Scene, alert: AlertRow): string {
  if (alert.principalKind === 'system') return `system ${alert.key}`;
  const { site, category, reality, principal, zone } = alert;
  return JSON.stringify([site, category, reality, ...(zonedCategories.includes(category) ? [principal, zone] : [])]);
}

/** Ids of those whom a step means, people by their id on the wire; undefined where only the service knows (rotations). */
export function targetsOf(scene: Scene, step: ScenePolicy['steps'][number]): Set<string> | undefined {
  const people = new Map(scene.people.map(({ slug, id }) => [slug, id ?? slug]));
  const found = new Set<string>();
  for (const { kind, id } of step.targets) {
    if (kind === 'rotation') return undefined;
    const members = kind === 'team' ? (scene.teams.find((team) => team.id === id)?.members ?? []) : [id];
    for (const member of members) found.add(kind === 'channel' ? member : (people.get(member) ?? member));
  }
  return found;
}
