import { parseInstant } from '../instant-text.js';
import type { SourceDefaults } from './normalise-alert.js';
import { severityOf } from './normalise-alert.js';
import type { Signal } from './signal.js';
import type { Instant, Reality, Severity } from '../words.js';
import { realities } from '../words.js';

/** One alert of Alertmanager's webhook (version 4) or of its /api/v2/alerts. Unknown fields are tolerated. */
export interface AlertmanagerAlert {
  /** Only the webhook says it; at /api/v2/alerts an `endsAt` that has passed marks the alert stale. */
  readonly status?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt?: string;
  readonly endsAt?: string;
  readonly generatorURL?: string;
}

const severityWords: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  page: 'critical',
  error: 'high',
  high: 'high',
  warning: 'medium',
  medium: 'medium',
  low: 'low',
  info: 'info',
  none: 'info',
};

/** Limits of decisions.md section 5: what is longer is cut, since a foreign sender cannot be taught. */
const limits = { title: 512, description: 8192, labels: 64, labelName: 64, labelValue: 1024 } as const;

/** The key is the sorted label set, so that it depends on no order and no Alertmanager's fingerprint. */
export function labelSetKey(labels: Readonly<Record<string, string>>): string {
  const names = Object.keys(labels).sort();
  return `{${names.map((name) => `${name}=${JSON.stringify(labels[name])}`).join(',')}}`;
}

/** Labels site, zone, category, severity and reality say what they name; annotations give the words. */
export function normaliseAlertmanager(alert: AlertmanagerAlert, defaults: SourceDefaults): Signal {
  const { labels } = alert;
  const annotations = alert.annotations ?? {};
  const key = labelSetKey(labels);
  const category = said(labels, 'category');
  const startsAt = instantOf(alert.startsAt);
  return {
    key,
    status: alert.status === 'resolved' ? 'resolved' : 'firing',
    site: said(labels, 'site') ?? defaults.site ?? null,
    zone: said(labels, 'zone') ?? null,
    category: category ?? defaults.category ?? 'monitoring',
    severity: severityOf({ severity: severityWord(said(labels, 'severity')), category }, defaults),
    title: cut(said(annotations, 'summary') ?? said(labels, 'alertname') ?? key, limits.title),
    description: cutOrNull(said(annotations, 'description') ?? said(annotations, 'message')),
    occurredAt: startsAt,
    startsAt,
    endsAt: instantOf(alert.endsAt),
    location: null,
    labels: cutLabels(labels),
    links: linksOf(alert.generatorURL, said(annotations, 'runbook_url')),
    reality: realityOf(said(labels, 'reality')),
    lang: null,
  };
}

function said(texts: Readonly<Record<string, string>>, name: string): string | undefined {
  const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
  return text === undefined || text === '' ? undefined : text;
}

function severityWord(word: string | undefined): Severity | undefined {
  const lower = word?.toLowerCase();
  return lower !== undefined && Object.hasOwn(severityWords, lower) ? severityWords[lower] : undefined;
}

function realityOf(word: string | undefined): Reality {
  return realities.find((reality) => reality === word) ?? 'actual';
}

/** Go's zero time means "not set". */
function instantOf(text: string | undefined): Instant | null {
  return text === undefined || text.startsWith('0001-') ? null : parseInstant(text);
}

/** Never through the middle of a surrogate pair: a lone half is refused by the database. */
function cut(text: string, limit: number): string {
  return text.length <= limit ? text : text.slice(0, limit).replace(/[\uD800-\uDBFF]$/, '');
}

function cutOrNull(text: string | undefined): string | null {
  return text === undefined ? null : cut(text, limits.description);
}

function cutLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  const names = Object.keys(labels).sort().slice(0, limits.labels);
  return Object.fromEntries(
    names.map((name) => [cut(name, limits.labelName), cut(labels[name] ?? '', limits.labelValue)]),
  );
}

function linksOf(generator: string | undefined, runbook: string | undefined): Signal['links'] {
  const links = [
    { href: generator ?? '', text: 'Source' },
    { href: runbook ?? '', text: 'Runbook' },
  ];
  return links.filter(({ href }) => /^https?:\/\//.test(href));
}
