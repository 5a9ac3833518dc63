import { createHash } from 'node:crypto';
import { between, pick, type Random, randomFor } from '../history/random';
import type { Severity, SubmitRecord } from '../history/records';
import type { Scene } from '../scene/shapes';

export type Door = SubmitRecord['door'];

/** What a record says of one alert of a request, apart from what became of it. */
export type PlannedAlert = Pick<SubmitRecord, 'key' | 'status' | 'site' | 'zone' | 'category' | 'severity' | 'canary'>;

/** One request. Every retry and every repeat of it carries these same bytes. */
export interface Submission {
  readonly door: Door;
  readonly path: string;
  readonly source: string;
  readonly body: string;
  readonly sha256: string;
  readonly idempotencyKey: string | null;
  readonly alerts: readonly PlannedAlert[];
}

/** A request and what its sender does after it was accepted: repeats it, then restores some of its alerts. */
export interface Planned {
  readonly first: Submission;
  readonly repeatsAfterMs: readonly number[];
  readonly restores: readonly { readonly afterMs: number; readonly submission: Submission }[];
}

/** How often, and how bad. What is rare stays quiet for long enough that its next alert opens anew. */
const categories: readonly (readonly [category: string, weight: number, severities: readonly Severity[]])[] = [
  ['intrusion', 30, ['high', 'high', 'high', 'critical', 'medium']],
  ['tamper', 14, ['medium', 'medium', 'low']],
  ['fire', 6, ['critical']],
  ['medical', 4, ['critical']],
  ['panic', 4, ['critical']],
  ['hold-up', 1, ['critical']],
  ['supervision', 12, ['medium', 'low', 'info']],
  ['technical', 14, ['low', 'low', 'high']],
  ['leak', 15, ['low', 'info', 'medium']],
];
const watched: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];
const weightOfAll = categories.reduce((sum, [, weight]) => sum + weight, 0);

/** A load that the seed alone decides, but for the times that Alertmanager's alerts carry. Each call plans the next request. */
export function planLoad(seed: number, scene: Scene): (now: Date) => Planned {
  const random = randomFor(seed, 'load');
  const panels = scene.sources.filter(({ protocol }) => protocol === 'http').map(({ id }) => id);
  const watchers = scene.sources.filter(({ protocol }) => protocol === 'alertmanager').map(({ id }) => id);
  let last = 0;
  const number = (): string => `${seed.toString(36)}-${(last += 1)}`;
  const alertOf = (kind: readonly [string, Severity]): PlannedAlert => {
    const { id: site, zones } = pick(random, scene.sites);
    const [category, severity] = kind;
    const canary = scene.canaries[site] ?? '';
    return { key: `k-${number()}`, status: 'firing', site, zone: pick(random, zones), category, severity, canary };
  };
  const ownPlan = (): Planned => {
    const isArray = random() < 0.05;
    const count = isArray ? Math.round(between(random, 2, 14)) : 1;
    const alerts = Array.from({ length: count }, () => alertOf(kindOf(random)));
    const of = { door: isArray ? 'own-array' : 'own', source: pick(random, panels) } as const;
    const idempotencyKey = random() < 0.4 ? `i-${number()}` : null;
    return furtherOf(random, ownRequest(of, alerts, idempotencyKey), ({ key }) =>
      ownRequest({ ...of, door: 'own' }, [{ ...keyed(alerts, key), status: 'resolved' }], null),
    );
  };
  const watchedPlan = (now: Date): Planned => {
    const count = Math.round(between(random, 1, 4));
    const alerts = Array.from({ length: count }, () => labelled(alertOf(['monitoring', pick(random, watched)])));
    const request = { source: pick(random, watchers), startsAt: now.toISOString(), isWebhook: random() < 0.6 };
    const plan = furtherOf(random, alertmanagerRequest(request, alerts), ({ key }) =>
      alertmanagerRequest(request, [{ ...keyed(alerts, key), status: 'resolved' }]),
    );
    // Prometheus restores by `endsAt`, which only makes an alert stale.
    return request.isWebhook ? plan : { ...plan, restores: [] };
  };
  return (now) => (random() < 0.91 ? ownPlan() : watchedPlan(now));
}

function kindOf(random: Random): readonly [string, Severity] {
  let drawn = random() * weightOfAll;
  const [category, , severities] = categories.find(([, weight]) => (drawn -= weight) < 0) ?? categories[0]!;
  return [category, pick(random, severities)];
}

/** A fifth is repeated once or twice, a fifth restored at the end of all repeats. */
function furtherOf(random: Random, first: Submission, restore: (alert: PlannedAlert) => Submission): Planned {
  const repeats = Math.max(0, Math.floor(random() * 10) - 7);
  return {
    first,
    repeatsAfterMs: Array.from({ length: repeats }, () => between(random, 200, 4_000)),
    restores: first.alerts
      .filter(() => random() < 0.2)
      .map((alert) => ({ afterMs: between(random, 1_000, 20_000), submission: restore(alert) })),
  };
}

function ownRequest(
  { door, source }: { door: Door; source: string },
  alerts: readonly PlannedAlert[],
  idempotencyKey: string | null,
): Submission {
  const items = alerts.map(({ canary, ...alert }) => ({ ...alert, title: titleOf({ canary, ...alert }) }));
  const body = JSON.stringify(door === 'own-array' ? items : items[0]);
  return { door, path: '/v1/alerts', source, body, sha256: sha256(body), idempotencyKey, alerts };
}

interface AlertmanagerRequest {
  readonly source: string;
  readonly startsAt: string;
  /** As Alertmanager sends it; else as Prometheus does. */
  readonly isWebhook: boolean;
}

function alertmanagerRequest(
  { source, startsAt, isWebhook }: AlertmanagerRequest,
  alerts: readonly PlannedAlert[],
): Submission {
  const items = alerts.map((alert) => {
    const labels = JSON.parse(alert.key.replace(/([{,])(\w+)=/g, '$1"$2":')) as object;
    const state = isWebhook ? { status: alert.status } : {};
    return { ...state, labels, annotations: { summary: titleOf(alert) }, startsAt };
  });
  const body = JSON.stringify(isWebhook ? { version: '4', groupKey: '{}', alerts: items } : items);
  const path = isWebhook ? '/v1/alertmanager' : '/api/v2/alerts';
  return { door: 'alertmanager', path, source, body, sha256: sha256(body), idempotencyKey: null, alerts };
}

/** At Alertmanager's doors the key is the sorted label set, written as Prometheus writes it. */
function labelled(alert: PlannedAlert): PlannedAlert {
  const { category, key, severity, site, zone } = alert;
  const labels = Object.entries({ alertname: key, category, severity, site, zone });
  return { ...alert, key: `{${labels.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}}` };
}

const titleOf = ({ category, zone, canary, severity }: PlannedAlert): string =>
  `${category} at the ${zone} ${canary} ${severity}`;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function keyed(alerts: readonly PlannedAlert[], key: string): PlannedAlert {
  const found = alerts.find((alert) => alert.key === key);
  if (found === undefined) throw new RangeError(`no alert ${key}`);
  return found;
}
