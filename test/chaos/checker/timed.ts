import type { EventRow, SqlDump } from '../dumps/shapes';
import type { HistoryRecord, ObservationRecord } from '../history/records';
import type { Fault } from './disturbance';

/**
 * Whose times can be held against other clocks and against each other? All, until PostgreSQL's own clock is stepped: from
 * then on, by up to a day, those streams alone that nothing was written to any more. What was written before is known by
 * position: everything up to the last event that a console had seen before the step.
 */
export function timedIncidents({
  faults,
  observations,
  streams,
}: {
  readonly faults: readonly Fault[];
  readonly observations: readonly (HistoryRecord & ObservationRecord)[];
  readonly streams: ReadonlyMap<string, SqlDump['events']>;
}): (incident: string) => boolean {
  const steps = faults.filter(({ kind }) => kind === 'clock-postgres').map(({ from }) => from);
  if (steps.length === 0) return () => true;
  const steppedAt = Math.min(...steps);
  let trusted = -1;
  for (const { t, incident, seq } of observations) {
    if (t >= steppedAt || incident === undefined || seq === undefined) continue;
    trusted = Math.max(trusted, positionOf(streams.get(incident)?.[seq - 1]));
  }
  return (incident) => positionOf(streams.get(incident)?.at(-1)) <= trusted;
}

const positionOf = (event: EventRow | undefined): number => Number(event?.position ?? -1);
