import type { Aggregate } from '../aggregate.js';
import { isLoud } from '../severity.js';
import { isUnresolved } from './states.js';

const pagingTimers: ReadonlySet<string> = new Set(['step', 'exhaustion', 'repeat']);

/**
 * The law "never silent" (decisions.md section 6): an unresolved critical or high incident has a running alerting run
 * with a pending step, exhaustion or repeat, a held one with a pending taken-idle, or somebody assigned who has accepted
 * or is being paged. True = the law holds.
 */
export function neverSilent({ incident, runs, timers, assignments }: Aggregate): boolean {
  if (!isUnresolved(incident.state) || !isLoud(incident.severity)) return true;
  const isRunning = (runId: string): boolean => runs.some((run) => run.id === runId && run.state === 'running');
  if (assignments.some(({ state, runId }) => state !== 'notified' || isRunning(runId))) return true;
  const alerting = runs.find((run) => run.kind === 'alerting');
  if (alerting === undefined) return false;
  const pending = timers.filter((timer) => timer.runId === alerting.id);
  return alerting.state === 'running'
    ? pending.some(({ kind }) => pagingTimers.has(kind))
    : pending.some(({ kind }) => kind === 'taken-idle');
}
