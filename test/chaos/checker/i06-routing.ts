import type { IncidentRow, RunRow } from '../dumps/shapes';
import type { Context } from './context';
import { type Check, Findings } from './finding';
import type { RunLog } from './incident-log';
import { routeOf } from './oracles';
import { type Plan, planOf, policyOf } from './plan';

/**
 * I6 routing: team = oracle(site, severity, category), and so route and policy, of each alerting run by the incident's
 * severity when it began; its frozen steps are those of the policy. The oracle is a table walk of its own. A parked alert
 * takes the catch-all.
 */
export const routing: Check = (context) => {
  const findings = new Findings('I6');
  for (const log of context.logs.values()) {
    const incident = context.incidents.get(log.id) as IncidentRow;
    for (const run of log.runs) {
      findings.look();
      const row = context.runs.get(run.id);
      if (row === undefined) findings.violate(log.id, `the log started run ${run.id}, which is not stored`);
      else for (const fault of planFaults(context, { incident, run, row })) findings.violate(log.id, fault);
    }
    const last = context.runs.get(log.runs.at(-1)?.id ?? '');
    const team = last === undefined ? incident.team : (planOf(last).team ?? null);
    if (team !== incident.team) findings.violate(log.id, `is of team ${incident.team}, its last run of ${team}`);
  }
  return findings;
};

function* planFaults(
  context: Context,
  { incident, run, row }: { readonly incident: IncidentRow; readonly run: RunLog; readonly row: RunRow },
): Generator<string> {
  const plan = planOf(row);
  const { site, category } = incident;
  const isParked = context.alertsOfIncident.get(incident.id)?.some(({ parkedAt }) => parkedAt !== null);
  const route = isParked
    ? context.scene.routes.at(-1)
    : routeOf(context.scene, { site, category, severity: run.severity });
  const wanted = { route: route?.id, team: route?.team ?? null, policy: route?.policy };
  for (const field of ['route', 'team', 'policy'] as const) {
    const [is, should] = [plan[field] ?? null, wanted[field] ?? null];
    if (is !== should) yield `run ${run.id} (${site}, ${run.severity}, ${category}) has ${field} ${is}, not ${should}`;
  }
  const policy = policyOf(context.scene, row);
  if (policy !== undefined && stepsText(plan.steps) !== stepsText(policy.steps))
    yield `run ${run.id} froze other steps than those of ${policy.id}: ${stepsText(plan.steps)}`;
}

function stepsText(steps: Plan['steps']): string {
  const one = ({ afterS, targets }: NonNullable<Plan['steps']>[number]): string =>
    `${afterS} s ${targets.map(({ kind, id }) => `${kind} ${id}`).join(' and ')}`;
  return (steps ?? []).map(one).join(', ');
}
