import type { AlertRow, IncidentRow, RunRow, TimerRow } from '../../dumps/shapes';
import type { SubmitRecord } from '../../history/records';
import { groupOf, routeOf } from '../oracles';
import { scene } from './scene';
import { instantText, type Mutable, newId, record, say, sha256, type Story } from './story';

export type Alert = Mutable<AlertRow>;
export type Incident = Mutable<IncidentRow>;

export const policyOf = (id: string): (typeof scene)['policies'][number] =>
  scene.policies.find((one) => one.id === id) as (typeof scene)['policies'][number];

export interface Sent {
  readonly key: string;
  readonly site: string;
  readonly category: string;
  readonly severity: SubmitRecord['severity'];
  readonly at: number;
  readonly door?: SubmitRecord['door'];
}

/** One submission and its answer 12 ms later; `alertId` as the service would say it. */
export function submit(story: Story, sent: Sent, alertId: string): Omit<SubmitRecord, 'ph'> {
  const { at: ms, key, site, category, severity, door = 'own' } = sent;
  const about = {
    f: 'submit' as const,
    op: `submit-${story.ids++}`,
    key,
    door,
    source: 'panels',
    status: 'firing' as const,
  };
  const body = {
    ...about,
    site,
    zone: 'gate',
    category,
    severity,
    sha256: sha256(key),
    index: 0,
    canary: `canary-${key}`,
  };
  record(story, ms - 10, { ...body, ph: 'invoke' });
  record(story, ms + 2, { ...body, ph: 'ok', alertId, httpStatus: 202, ms: 12 });
  return body;
}

/** Accepted and, 20 ms later, merged by `open` or `join`. */
export function accept(story: Story, sent: Sent): Alert {
  const id = newId(story);
  const body = submit(story, sent, id);
  return stored(story, {
    id,
    key: sent.door === 'alertmanager' ? `{"alertname":"${sent.key}"}` : sent.key,
    principalKind: 'source',
    principal: 'panels',
    site: sent.site,
    zone: body.zone,
    category: sent.category,
    severity: sent.severity,
    labels: {},
    acceptedAt: sent.at,
    rawSha256: body.sha256,
    rawIndex: 0,
  });
}

type NewAlert = Omit<
  Alert,
  'reality' | 'status' | 'count' | 'groupKey' | 'incident' | 'mergedAt' | 'parkedAt' | 'isWaiting'
>;

export function stored(story: Story, alert: NewAlert): Alert {
  const row: Alert = {
    ...alert,
    reality: 'actual',
    status: 'firing',
    count: 1,
    groupKey: null,
    incident: null,
    mergedAt: null,
    parkedAt: null,
    isWaiting: false,
  };
  row.groupKey = groupOf(scene, row as AlertRow);
  story.rows.alerts.push(row);
  return row;
}

const mergeMs = 20;

function merge(story: Story, { alert, incident, code }: { alert: Alert; incident: Incident; code: string }): void {
  alert.incident = incident.id;
  alert.mergedAt = alert.acceptedAt + mergeMs;
  incident.alertCount += 1;
  const { id: alertId, key, site, severity } = alert;
  say(story, {
    stream: incident.id,
    type: 'alert.accepted',
    at: alert.mergedAt,
    site,
    data: { alertId, key, severity },
    code,
  });
}

export function join(story: Story, alert: Alert, incident: Incident): void {
  merge(story, { alert, incident, code: 'accepted-joins' });
}

/** Opens an incident and starts its ladder; `step` fires its steps. */
export function open(story: Story, alert: Alert): Incident {
  const { site, zone, category, severity, groupKey, acceptedAt, principalKind, key } = alert;
  const id = newId(story);
  const isSystem = principalKind === 'system';
  const incident: Incident = {
    id,
    number: `26-${String(story.rows.incidents.length + 1).padStart(5, '0')}`,
    class: isSystem ? 'system' : 'alarm',
    category,
    groupKey,
    state: 'open',
    severity,
    site,
    zone,
    team: null,
    route: null,
    title: key,
    alertCount: 0,
    openedAt: acceptedAt + mergeMs,
    acknowledgedAt: null,
    resolvedAt: null,
    headSeq: '0',
    headHash: null,
  };
  story.rows.incidents.push(incident);
  say(story, {
    stream: id,
    type: 'incident.opened',
    at: incident.openedAt,
    site,
    data: { to: 'open', severity },
    code: 'opened-by-alert',
  });
  merge(story, { alert, incident, code: 'accepted-opens' });
  start(story, incident, { startedAt: acceptedAt, at: incident.openedAt, code: 'escalation-opened' });
  return incident;
}

export function start(
  story: Story,
  incident: Incident,
  { startedAt, at: ms, code }: { startedAt: number; at: number; code: string },
): Mutable<RunRow> {
  const { id: stream, site, severity, category } = incident;
  const route = routeOf(scene, { site, severity, category }) as (typeof scene)['routes'][number];
  const epoch = story.rows.runs.filter((run) => run.incident === stream).length;
  const { policy, team } = route;
  const { steps } = policyOf(policy);
  const plan = { route: route.id, team, policy, steps };
  const id = newId(story);
  const run: Mutable<RunRow> = {
    id,
    incident: stream,
    kind: 'alerting',
    epoch,
    state: 'running',
    configVersion: '1',
    plan,
    startedAt,
    endedAt: null,
    endedBy: null,
    assignment: null,
    step: 0,
    exhaustedAt: null,
  };
  story.rows.runs.push(run);
  [incident.team, incident.route] = [team, route.id];
  say(story, {
    stream,
    type: 'escalation.started',
    at: ms,
    site,
    data: { step: 0, repeat: 0, policy, runId: id, startedAt: instantText(startedAt) },
    code,
  });
  for (const [index, { afterS }] of steps.entries())
    arm(story, run, { kind: 'step', ordinal: index + 1, dueAt: startedAt + afterS * 1_000 });
  arm(story, run, { kind: 'exhaustion', ordinal: 1, dueAt: startedAt + (10 + scene.timing.exhaustedAfterS) * 1_000 });
  return run;
}

export function arm(story: Story, run: Mutable<RunRow>, timer: Pick<TimerRow, 'kind' | 'ordinal' | 'dueAt'>): void {
  story.rows.timers.push({
    id: newId(story),
    incident: run.incident,
    run: run.id,
    state: 'pending',
    endedAt: null,
    ...timer,
  });
}

export const runOf = (story: Story, { id }: Incident): Mutable<RunRow> =>
  story.rows.runs.findLast((run) => run.incident === id) as Mutable<RunRow>;

export const pending = (story: Story, run: Mutable<RunRow>, kind: string): Mutable<TimerRow> =>
  story.rows.timers.find(
    (timer) => timer.run === run.id && timer.kind === kind && timer.state === 'pending',
  ) as Mutable<TimerRow>;

/** What the product says about itself; it opens an incident of its own kind. */
export function alarm(
  story: Story,
  { cause, subject, at: ms }: { cause: string; subject: string; at: number },
): Incident {
  const about = {
    id: newId(story),
    key: cause,
    principalKind: 'system' as const,
    principal: 'system',
    labels: { cause, subject },
  };
  const place = { site: null, zone: null, category: 'system', severity: 'high', rawSha256: null, rawIndex: null };
  const alert = stored(story, { ...about, ...place, acceptedAt: ms });
  alert.status = 'resolved';
  return open(story, alert);
}
