import type { Facts } from './aggregate.js';
import { indexOf } from './config-index.js';
import type { RouteMatch } from './config-document.js';
import { isInWindows } from './time-window.js';
import type { Category, Instant, Reality, Severity } from './words.js';

/** What routes and silences look at. */
export interface Subject {
  readonly site: string | null;
  readonly zone: string | null;
  readonly severity: Severity;
  readonly category: Category;
  readonly reality: Reality;
  readonly source: string | null;
  readonly labels: Readonly<Record<string, string>>;
}

/** Why a matcher did not match: the first field that differs. */
export interface Miss {
  readonly field: 'sites' | 'groups' | 'zones' | 'severities' | 'categories' | 'realities' | 'sources' | 'labels' | 'windows';
  readonly wanted: string;
  readonly got: string | null;
}

type MatchFacts = Pick<Facts, 'config' | 'matches'>;

/** null = every field that the matcher names fits (an empty one fits everything); else the first miss. */
export function missOf(match: RouteMatch, subject: Subject, facts: MatchFacts, at: Instant): Miss | null {
  return (
    missOfList('sites', match.sites, subject.site) ??
    missOfGroups(match.groups, subject, facts) ??
    missOfList('zones', match.zones, subject.zone) ??
    missOfList('severities', match.severities, subject.severity) ??
    missOfList('categories', match.categories, subject.category) ??
    missOfList('realities', match.realities, subject.reality) ??
    missOfList('sources', match.sources, subject.source) ??
    missOfLabels(match.labels, subject, facts) ??
    missOfWindows(match, subject, facts, at)
  );
}

function missOfList(field: Miss['field'], wanted: readonly string[] | undefined, got: string | null): Miss | null {
  if (wanted === undefined || wanted.length === 0) return null;
  return got !== null && wanted.includes(got) ? null : { field, wanted: wanted.join(', '), got };
}

function missOfGroups(wanted: readonly string[] | undefined, subject: Subject, facts: MatchFacts): Miss | null {
  if (wanted === undefined || wanted.length === 0) return null;
  const groups = subject.site === null ? [] : (indexOf(facts.config).sites.get(subject.site)?.groups ?? []);
  return groups.some((group) => wanted.includes(group)) ? null : { field: 'groups', wanted: wanted.join(', '), got: groups.join(', ') };
}

function missOfLabels(wanted: RouteMatch['labels'], subject: Subject, facts: MatchFacts): Miss | null {
  if (wanted === undefined) return null;
  for (const [name, pattern] of Object.entries(wanted)) {
    const value = Object.hasOwn(subject.labels, name) ? subject.labels[name] : undefined;
    if (value === undefined || !facts.matches(pattern, value)) {
      return { field: 'labels', wanted: `${name}=${pattern}`, got: value ?? null };
    }
  }
  return null;
}

function missOfWindows(match: RouteMatch, subject: Subject, facts: MatchFacts, at: Instant): Miss | null {
  if (match.windows === undefined || match.windows.length === 0) return null;
  const zone = timeZoneOf(facts.config, subject.site);
  if (isInWindows(zone, match.windows, at)) return null;
  return { field: 'windows', wanted: match.windows.map(({ days, from, to }) => `${days.join('')} ${from}-${to}`).join(', '), got: zone };
}

/** The site's own zone, else the unit's. */
export function timeZoneOf(config: MatchFacts['config'], site: string | null): string {
  return (site === null ? undefined : indexOf(config).sites.get(site)?.timeZone) ?? config.agency.timeZone;
}
