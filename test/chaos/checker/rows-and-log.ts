import { type Context, grouped } from './context';

interface Fault {
  readonly key: string;
  readonly what: string;
}

/** How the log calls the state that a row is in. */
const told: Readonly<Record<string, string>> = { dispatched: 'notified' };

/**
 * Rows stand where the log ends: each assignment in the state of its last event, each alerting run started in the log of
 * its incident, each page queued or suppressed there; and nothing is told of rows that are not stored.
 */
export function* rowFaults(context: Context): Generator<Fault> {
  const { sql } = context.dumps;
  yield* assignmentFaults(context);
  for (const { id, incident, kind } of sql.runs)
    if (kind === 'alerting' && !context.logs.get(incident)?.runs.some((run) => run.id === id))
      yield { key: incident, what: `run ${id} is stored, and the log never started it` };
  const queued = new Map<string, string>();
  for (const { type, stream, data } of sql.events)
    if ((type === 'notification.queued' || type === 'notification.suppressed') && data !== null)
      queued.set(String(data['notificationId']), stream);
  for (const [id, stream] of queued)
    if (!context.notifications.has(id))
      yield { key: stream, what: `the log queued notification ${id}, which is not stored` };
  for (const { id, incident } of sql.notifications)
    if (queued.get(id) !== incident)
      yield { key: incident, what: `notification ${id} is stored, and its log never queued it` };
}

function* assignmentFaults({ dumps, logs }: Context): Generator<Fault> {
  const rows = grouped(dumps.sql.assignments, ({ incident }) => incident);
  for (const { id: key, events } of logs.values()) {
    const last = new Map<string, string>();
    for (const { type, data } of events)
      if (type.startsWith('assignment.') && data !== null)
        last.set(String(data['assignmentId']), type.slice('assignment.'.length));
    for (const { id, state } of rows.get(key) ?? []) {
      const by = last.get(id);
      last.delete(id);
      if ((told[by ?? ''] ?? by) !== state) yield { key, what: `assignment ${id} is ${state}, the log says ${by}` };
    }
    for (const id of last.keys()) yield { key, what: `the log tells of assignment ${id}, which is not stored` };
  }
}
