import type { CheckInput } from '../shapes';
import { check } from '../index';
import type { Draft, Line, Mutable, Story } from './story';
import type { Alert, Incident } from './tell';

type Rows = Story['rows'];

/** The names of all invariants that a run violates. */
export const caught = (input: Mutable<CheckInput>): string[] => [
  ...new Set(check(input).violations.map(({ invariant }) => invariant)),
];

export function found<T>(rows: readonly T[], isIt: (row: T) => boolean): T {
  const row = rows.find(isIt);
  if (row === undefined) throw new Error('the example has no such row');
  return row;
}

export function drop<T>(rows: T[], isIt: (row: T) => boolean): void {
  rows.splice(0, rows.length, ...rows.filter((row) => !isIt(row)));
}

export const alertOf = (story: Story, key: string): Alert => found(story.rows.alerts, (row) => row.key === key);

/** The incident that an alert's key opened. */
export const incidentOf = (story: Story, key: string): Incident =>
  found(story.rows.incidents, ({ id }) => id === alertOf(story, key).incident);

export const stepEvent = (story: Story, { id }: Incident, step: number): Draft =>
  found(
    story.events,
    ({ type, stream, data }) => type === 'escalation.step' && stream === id && data?.['step'] === step,
  );

/** The first page of a step with all that carries it. */
export function pageOf(story: Story, { id }: Incident, step: number): PageRows {
  const notification = found(story.rows.notifications, (row) => row.incident === id && row.step === step);
  const delivery = found(story.rows.deliveries, (row) => row.id === notification.delivery);
  const attempt = found(story.rows.attempts, (row) => row.delivery === delivery.id);
  const arrival = found(story.history, (line) => line.f === 'page' && line.key === delivery.id);
  return { notification, delivery, attempt, arrival };
}
interface PageRows {
  readonly notification: Rows['notifications'][number];
  readonly delivery: Rows['deliveries'][number];
  readonly attempt: Rows['attempts'][number];
  readonly arrival: Line;
}

/** As if a step's pages had never been: rows, events, arrivals. */
export function dropPages(story: Story, { id }: Incident, step: number): void {
  const pages = story.rows.notifications.filter((row) => row.incident === id && row.step === step);
  const ids = new Set<unknown>(pages.flatMap((row) => [row.id, row.delivery]));
  drop(story.rows.notifications, (row) => ids.has(row.id));
  drop(story.rows.deliveries, (row) => ids.has(row.id));
  drop(story.rows.attempts, (row) => ids.has(row.delivery));
  drop(story.events, ({ data }) => ids.has(data?.['notificationId']));
  drop(story.history, (line) => line.f === 'page' && ids.has(line.key));
}

export function moveTo(event: Draft, ms: number): void {
  event.at = ms;
  event.atText = new Date(ms).toISOString().replace('Z', '000Z');
}
