import type { EventRow, IncidentRow } from '../dumps/shapes';
import { instantOf } from './clock';

export type State = IncidentRow['state'];

/** One incident's stream, read once from its first event to its last. */
export interface IncidentLog {
  readonly id: string;
  readonly events: readonly EventRow[];
  readonly moves: readonly { readonly event: EventRow; readonly to: State }[];
  readonly runs: readonly RunLog[];
}

/** An alerting run as the log tells it. Alerting runs of an incident follow each other, so a step belongs to the latest. */
export interface RunLog {
  readonly id: string;
  readonly started: EventRow;
  readonly startedAt: number;
  /** Steps up to here count as done before it began. */
  readonly fromStep: number;
  /** Of the incident when it began: what it was routed by. */
  readonly severity: string;
  readonly steps: readonly EventRow[];
  /** Held or ended while it ran. */
  readonly stopped: EventRow | null;
}

const states: ReadonlySet<unknown> = new Set(['open', 'acknowledged', 'resolved', 'closed']);

export function incidentLogOf(id: string, events: readonly EventRow[]): IncidentLog {
  const moves: IncidentLog['moves'][number][] = [];
  const runs: (RunLog & { steps: EventRow[]; stopped: EventRow | null })[] = [];
  let severity = '';
  for (const event of events) {
    const data = event.data ?? {};
    if (event.type.startsWith('incident.')) {
      if (typeof data['severity'] === 'string') severity = data['severity'];
      if (isMove(event)) moves.push({ event, to: data['to'] as State });
    }
    const run = runs.at(-1);
    if (event.type === 'escalation.started') {
      const startedAt = instantOf(data['startedAt']);
      const fromStep = Number(data['step'] ?? 0);
      runs.push({
        id: String(data['runId']),
        started: event,
        startedAt,
        fromStep,
        severity,
        steps: [],
        stopped: null,
      });
    } else if (event.type === 'escalation.step') run?.steps.push(event);
    else if (event.type === 'escalation.cancelled' && run !== undefined && run.id === data['runId'])
      run.stopped ??= event;
  }
  return { id, events, moves, runs };
}

/** A re-grade's `to` is a severity, a transfer's a person. */
function isMove({ type, data }: EventRow): boolean {
  return type !== 'incident.regraded' && states.has(data?.['to']);
}

export const codeOf = (event: EventRow): string => String(event.reason?.['code'] ?? '');
