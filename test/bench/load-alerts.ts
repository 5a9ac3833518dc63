/** What the benchmarks send: a key that is also the title, and how its incident is paged. */
export interface AlertKind {
  /** `group`: joins one of 20 incidents, one a site. `own`: opens an incident of its own. */
  readonly incident: 'group' | 'own';
  readonly severity?: 'critical' | 'high' | 'medium' | 'low';
  /** Which policy of test/bench/config: a webhook or a mail at once, a webhook after 2 s, or nothing before tomorrow. */
  readonly page?: 'webhook' | 'mail' | 'soon' | 'tomorrow';
}

const run = `${process.pid.toString(36)}${Date.now().toString(36)}`;
let count = 0;

export const nextKey = (): string => `k-${run}-${(count += 1)}`;

/** The JSON of one alert, put together by hand: JSON.stringify of an object costs the generator three times as much. */
export function alertText(key: string, { incident, severity = 'high', page = 'tomorrow' }: AlertKind): string {
  const place =
    incident === 'own'
      ? `"site":"site-1","zone":"${key}","category":"hold-up"`
      : `"site":"site-${1 + (count % 20)}","zone":"gate","category":"intrusion"`;
  return `{"key":"${key}",${place},"severity":"${severity}","title":"${key}","occurredAt":"2026-11-24T22:39:00Z","labels":{"page":"${page}","door":"7"}}`;
}

export const oneAlert = (kind: AlertKind) => (): string => alertText(nextKey(), kind);
export const alertArray = (kind: AlertKind, size: number) => (): string =>
  `[${Array.from({ length: size }, () => alertText(nextKey(), kind)).join(',')}]`;

/** The same alerts as an Alertmanager takes them: always an array. */
const labelled = (key: string): string =>
  `{"labels":{"alertname":"Door","key":"${key}","site":"site-${1 + (count % 20)}","severity":"high","door":"7"},"annotations":{"summary":"${key}"},"startsAt":"2026-11-24T22:39:00Z"}`;
export const alertmanagerArray = (size: number) => (): string =>
  `[${Array.from({ length: size }, () => labelled(nextKey())).join(',')}]`;
export const alertmanagerText = (key: string): string => `[${labelled(key)}]`;
