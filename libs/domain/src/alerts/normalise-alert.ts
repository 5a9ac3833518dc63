import type { SourceConfig } from '../config-document.js';
import { parseInstant } from '../instant-text.js';
import { severityOfCategory } from '../severity.js';
import type { Signal } from './signal.js';
import type { Category, Reality, Severity } from '../words.js';

/** An item of POST /v1/alerts, after its shape was validated (contract). */
export interface AlertItem {
  readonly key: string;
  readonly site?: string;
  readonly zone?: string;
  readonly category?: Category;
  readonly severity?: Severity;
  readonly status?: 'firing' | 'resolved';
  readonly title?: string;
  readonly description?: string;
  readonly occurredAt?: string;
  readonly location?: { readonly lat: number; readonly lon: number; readonly accuracyM?: number };
  readonly labels?: Readonly<Record<string, string>>;
  readonly links?: readonly { readonly href: string; readonly text?: string }[];
  readonly reality?: Reality;
  readonly lang?: string;
}

export type SourceDefaults = SourceConfig['defaults'];

/** Total on validated items. A resolve needs only its key: its title is then the key. */
export function normaliseAlert(item: AlertItem, defaults: SourceDefaults): Signal {
  return {
    key: item.key,
    status: item.status ?? 'firing',
    site: item.site ?? defaults.site ?? null,
    zone: item.zone ?? null,
    category: item.category ?? defaults.category ?? 'other',
    severity: severityOf(item, defaults),
    title: item.title ?? item.key,
    description: item.description ?? null,
    occurredAt: item.occurredAt === undefined ? null : parseInstant(item.occurredAt),
    startsAt: null,
    endsAt: null,
    location: item.location ?? null,
    labels: item.labels ?? {},
    links: item.links ?? [],
    reality: item.reality ?? 'actual',
    lang: item.lang ?? null,
  };
}

/**
 * What the alert says; else what its own category means (a panic is critical, whatever the source's default);
 * else the source's default, the default category's meaning, and high (decisions.md section 5).
 */
export function severityOf(
  of: { readonly severity?: Severity; readonly category?: Category },
  defaults: SourceDefaults,
): Severity {
  const ofCategory = (category: Category | undefined): Severity | undefined =>
    category === undefined ? undefined : severityOfCategory(category);
  return of.severity ?? ofCategory(of.category) ?? defaults.severity ?? ofCategory(defaults.category) ?? 'high';
}
