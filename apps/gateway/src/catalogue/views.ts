import type { PersonView, Sight, SiteView, TeamView } from '@tocsin/contracts';
import {
  type ConfigDocument,
  type Instant,
  indexOf,
  instantText,
  onCall,
  onDutyOfTeam,
  type RouteMatch,
  type Scope,
} from '@tocsin/domain';
import { sees } from '@tocsin/operations';
import type { ActiveAssignment } from '@tocsin/store';

export function siteViews({ sites, agency }: ConfigDocument, sight: Sight): SiteView[] {
  return sites
    .filter(({ id }) => sees(sight, id))
    .map(({ id, code, name, groups, zones, location, timeZone }) => ({
      id,
      code,
      name,
      groups,
      zones,
      location: location ?? null,
      timeZone: timeZone ?? agency.timeZone,
    }));
}

/** Teams with who is on duty now and where they are committed, as far as the reader may see that. */
export function teamViews(config: ConfigDocument, assignments: readonly ActiveAssignment[], now: Instant): TeamView[] {
  const index = indexOf(config);
  const latest = new Map<string, ActiveAssignment>();
  for (const assignment of assignments) if (!latest.has(assignment.person)) latest.set(assignment.person, assignment);
  return config.teams.map(({ id, name, schedule, members }) => {
    const onDuty = new Set(onDutyOfTeam(id, { config }, now).targets.map((target) => target.id));
    const people = members.flatMap((slug) => index.peopleBySlug.get(slug) ?? []);
    // Somebody on the team's schedule counts as one of it, whether or not he is listed.
    for (const person of config.people) if (onDuty.has(person.id) && !people.includes(person)) people.push(person);
    return {
      id,
      name,
      schedule: schedule ?? null,
      members: people.map((person) => memberView(person, onDuty.has(person.id), latest.get(person.id))),
    };
  });
}

function memberView(
  person: { id: string; name: TeamView['name'] },
  onDuty: boolean,
  assignment: ActiveAssignment | undefined,
): TeamView['members'][number] {
  if (assignment === undefined) return { id: person.id, name: person.name, onDuty };
  const { id, incidentId, number, state, at } = assignment;
  return { id: person.id, name: person.name, onDuty, assignment: { id, incidentId, number, state, at } };
}

/** Names only: how somebody is reached is nobody else's business. */
export function personViews({ people }: ConfigDocument): PersonView[] {
  return people.map(({ id, slug, name, username }) => ({ id, slug, name, username: username ?? null }));
}

/** Who is on at `at`, until when, and who comes next. */
export function scheduleViews(config: ConfigDocument, at: Instant) {
  const index = indexOf(config);
  return config.schedules.map((schedule) => {
    const shift = (from: Instant) => {
      const { person: slug, layer, override, until, reason } = onCall(schedule, from);
      const person = slug === null ? undefined : index.peopleBySlug.get(slug);
      return {
        person: person?.id ?? null,
        name: person?.name ?? null,
        layer,
        override,
        from: instantText(from),
        until,
        reason,
      };
    };
    const now = shift(at);
    const next = now.until === null ? null : shift(now.until);
    const text = <T extends { until: Instant | null }>(one: T) => ({
      ...one,
      until: one.until === null ? null : instantText(one.until),
    });
    return {
      id: schedule.id,
      name: schedule.name,
      timeZone: schedule.timeZone,
      now: text(now),
      next: next === null ? null : text(next),
    };
  });
}

/** Routes and silences name sites: those outside the sight are left out, and a matcher of nothing else with them. */
export function matchInSight(match: RouteMatch, config: ConfigDocument, sight: Sight): RouteMatch | null {
  if (sight.all) return match;
  const groups = new Set(config.sites.filter(({ id }) => sees(sight, id)).flatMap((site) => site.groups));
  const sites = match.sites?.filter((id) => sees(sight, id));
  const ownGroups = match.groups?.filter((id) => groups.has(id));
  if (sites?.length === 0 || ownGroups?.length === 0) return null;
  return {
    ...match,
    ...(sites === undefined ? {} : { sites }),
    ...(ownGroups === undefined ? {} : { groups: ownGroups }),
  };
}

/** Of a source what it is and may, never its token; of its sites those within the sight. */
export function sourceViews(config: ConfigDocument, sight: Sight) {
  return config.sources.flatMap(({ id, name, protocol, scope, budget, defaults: { site, ...others } }) => {
    const shown = scope.filter((one) => isInSight(one, config, sight));
    const defaults = site !== undefined && sees(sight, site) ? { site, ...others } : others;
    return shown.length === 0 && !sight.all ? [] : [{ id, name, protocol, scope: shown, budget, defaults }];
  });
}

function isInSight(scope: Scope, { sites }: ConfigDocument, sight: Sight): boolean {
  if (sight.all || scope.kind === 'unit') return true;
  if (scope.kind === 'site') return sees(sight, scope.id);
  return sites.some(({ id, groups }) => sees(sight, id) && groups.includes(scope.id));
}
