import type { RunRow } from '../dumps/shapes';
import { grouped } from './context';
import { forgottenHolds } from './idle-returns';
import { type Check, Findings } from './finding';

const paging: ReadonlySet<string> = new Set(['step', 'exhaustion', 'repeat']);
const answered: ReadonlySet<string> = new Set(['accepted', 'en_route', 'on_scene']);

/**
 * I19 never silent: at the end each unresolved critical or high incident has a running alerting run with a pending step,
 * exhaustion or repeat, a held one with a pending taken-idle, or an assignment that is accepted or later or whose response
 * run is running; and at no time an incident was held with nobody assigned for longer than taken-idle lets it.
 */
export const neverSilent: Check = (context) => {
  const { dumps, incidents, runs } = context;
  const findings = new Findings('I19');
  const runsOf = grouped(dumps.sql.runs, ({ incident }) => incident);
  const assignmentsOf = grouped(dumps.sql.assignments, ({ incident }) => incident);
  const pendingOf = grouped(
    dumps.sql.timers.filter(({ state }) => state === 'pending'),
    ({ run }) => run ?? undefined,
  );
  const isPending = ({ id }: RunRow, kinds: ReadonlySet<string>): boolean =>
    (pendingOf.get(id) ?? []).some(({ kind }) => kinds.has(kind));
  for (const { id, state, severity, number } of incidents.values()) {
    if ((state !== 'open' && state !== 'acknowledged') || (severity !== 'critical' && severity !== 'high')) continue;
    findings.look();
    const isHeard = (runsOf.get(id) ?? []).some(
      (run) =>
        run.kind === 'alerting' &&
        ((run.state === 'running' && isPending(run, paging)) || (run.state === 'held' && isPending(run, idle))),
    );
    const isAnswered = (assignmentsOf.get(id) ?? []).some(
      (one) => answered.has(one.state) || (one.state === 'notified' && runs.get(one.run)?.state === 'running'),
    );
    if (!isHeard && !isAnswered)
      findings.violate(id, `${number} is ${state} and ${severity}, and nothing will ever page anybody`);
  }
  for (const log of context.logs.values())
    if (context.isTimed(log.id)) for (const { id, what } of forgottenHolds(context, log)) findings.violate(id, what);
  return findings;
};

const idle: ReadonlySet<string> = new Set(['taken-idle']);
