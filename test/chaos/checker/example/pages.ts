import type { IncidentRow, NotificationRow, RunRow } from '../../dumps/shapes';
import { personOf } from './scene';
import { type Mutable, newId, record, say, type Story } from './story';

interface Page {
  readonly incident: IncidentRow;
  readonly run: RunRow;
  readonly target: string;
  readonly step: number;
  readonly repeat?: number;
  readonly dueAt: number;
  /** When the step fired. */
  readonly at: number;
}

/** A page by webhook: queued with its step, claimed 40 ms later, arrived 20 ms after that, proven 20 ms after that. */
export function page(story: Story, { incident, run, target, step, repeat = 0, dueAt, at: ms }: Page): void {
  const { id: stream, site, severity } = incident;
  const [id, delivery] = [newId(story), newId(story)];
  const [madeAt, endedAt] = [ms + 40, ms + 80];
  const notification: Mutable<NotificationRow> = {
    id,
    incident: stream,
    run: run.id,
    kind: 'page',
    notice: null,
    step,
    repeat,
    targetKind: 'person',
    target,
    channel: 'webhook',
    rung: 0,
    severity,
    state: 'delivered',
    reason: null,
    dueAt,
    delivery,
    changedAt: endedAt,
  };
  story.rows.notifications.push(notification);
  const whom = { targetKind: 'person', target, channel: 'webhook', severity };
  story.rows.deliveries.push({
    id: delivery,
    ...whom,
    notifications: [id],
    incidents: [stream],
    state: 'delivered',
    madeAt,
    attempts: 1,
  });
  story.rows.attempts.push({ delivery, ordinal: 1, state: 'accepted', beganAt: madeAt, endedAt, code: null });
  const data = { notificationId: id, person: target, channel: 'webhook', step, repeat, kind: 'page' };
  say(story, { stream, type: 'notification.queued', at: ms, site, data, code: 'step-due' });
  say(story, {
    stream,
    type: 'notification.sent',
    at: madeAt,
    site,
    data: { ...data, deliveryId: delivery, attempt: 1 },
    code: 'pace-free',
  });
  say(story, {
    stream,
    type: 'notification.delivered',
    at: endedAt,
    site,
    data: { ...data, deliveryId: delivery },
    code: 'page-delivered',
  });
  const text = `${incident.severity} ${incident.number} canary-${incident.title}`;
  const address = personOf(target).contacts[0]?.address ?? '';
  record(story, ms + 60, {
    f: 'page',
    ph: 'ok',
    sink: 'webhook',
    key: delivery,
    target: address,
    named: [incident.number],
    answer: '200',
    text,
  });
}
