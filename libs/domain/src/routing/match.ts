import type { Facts } from '../aggregate.js';
import type { RouteMatch } from '../config-document.js';
import { indexOf } from '../config-index.js';
import { isInWindows } from './time-window.js';
import type { Category, Instant, Reality, Severity } from '../words.js';

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
  readonly field:
    | 'sites'
    | 'groups'
    | 'zones'
    | 'severities'
    | 'categories'
    | 'realities'
    | 'sources'
    | 'labels'
    | 'windows';
  readonly wanted: string;
  readonly got: string | null;
}

type MatchFacts = Pick<Facts, 'config' | 'matches'>;

/** null = every field that the matcher names fits (an empty one fits everything); else the first that does not. */
export function failingField(
  match: RouteMatch,
  subject: Subject,
  facts: MatchFacts,
  at: Instant,
): Miss['field'] | null {
  if (!has(match.sites, subject.site)) return 'sites';
  if (asks(match.groups) && !groupsOf(subject, facts).some((group) => has(match.groups, group))) return 'groups';
  if (!has(match.zones, subject.zone)) return 'zones';
  if (!has(match.severities, subject.severity)) return 'severities';
  if (!has(match.categories, subject.category)) return 'categories';
  if (!has(match.realities, subject.reality)) return 'realities';
  if (!has(match.sources, subject.source)) return 'sources';
  if (match.labels !== undefined && failingLabel(match.labels, subject, facts) !== undefined) return 'labels';
  if (asks(match.windows) && !isInWindows(timeZoneOf(facts.config, subject.site), match.windows, at)) return 'windows';
  return null;
}

/** As `failingField`, in words, for people. Dearer: paging asks only for the field. */
export function missOf(match: RouteMatch, subject: Subject, facts: MatchFacts, at: Instant): Miss | null {
  const field = failingField(match, subject, facts, at);
  switch (field) {
    case null:
      return null;
    case 'sites':
      return miss(field, match.sites, subject.site);
    case 'groups':
      return miss(field, match.groups, groupsOf(subject, facts).join(', '));
    case 'zones':
      return miss(field, match.zones, subject.zone);
    case 'severities':
      return miss(field, match.severities, subject.severity);
    case 'categories':
      return miss(field, match.categories, subject.category);
    case 'realities':
      return miss(field, match.realities, subject.reality);
    case 'sources':
      return miss(field, match.sources, subject.source);
    case 'labels': {
      const [name, pattern] = failingLabel(match.labels ?? {}, subject, facts) ?? ['', ''];
      return { field, wanted: `${name}=${pattern}`, got: labelOf(subject, name) ?? null };
    }
    case 'windows': {
      const windows = match.windows?.map(({ days, from, to }) => `${days.join('')} ${from}-${to}`);
      return miss(field, windows, timeZoneOf(facts.config, subject.site));
    }
  }
}

function miss(field: Miss['field'], wanted: readonly string[] | undefined, got: string | null): Miss {
  return { field, wanted: (wanted ?? []).join(', '), got };
}

function asks<T>(list: readonly T[] | undefined): list is readonly T[] {
  return list !== undefined && list.length > 0;
}

function has(wanted: readonly string[] | undefined, got: string | null): boolean {
  return !asks(wanted) || (got !== null && wanted.includes(got));
}

function groupsOf(subject: Subject, facts: MatchFacts): readonly string[] {
  return subject.site === null ? [] : (indexOf(facts.config).sites.get(subject.site)?.groups ?? []);
}

function labelOf(subject: Subject, name: string): string | undefined {
  return Object.hasOwn(subject.labels, name) ? subject.labels[name] : undefined;
}

function failingLabel(
  wanted: Readonly<Record<string, string>>,
  subject: Subject,
  facts: MatchFacts,
): [string, string] | undefined {
  return Object.entries(wanted).find(([name, pattern]) => {
    const value = labelOf(subject, name);
    return value === undefined || !facts.matches(pattern, value);
  });
}

/** The site's own zone, else the unit's. */
export function timeZoneOf(config: MatchFacts['config'], site: string | null): string {
  return (site === null ? undefined : indexOf(config).sites.get(site)?.timeZone) ?? config.agency.timeZone;
}
