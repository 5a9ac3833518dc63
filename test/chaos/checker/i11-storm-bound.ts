import type { EventRow, NotificationRow } from '../dumps/shapes';
import type { Context } from './context';
import { instantOf } from './clock';
import { type Check, Findings } from './finding';
import { namedBy, namedWithinMs, pacedDeliveries, waitsSince } from './pace-rule';
import { roundingMs } from './step-times';

/**
 * I11 storm bound: per person and channel deliveries of high and lower <= 12 in any 10 min; every critical is named within
 * 30 s of being due, beyond the 12 by at most one delivery per 30 s; of steps that one commit caught up late, one page
 * goes to each person.
 */
export const stormBound: Check = (context) => {
  const findings = new Findings('I11');
  for (const tape of pacedDeliveries(context).values()) {
    for (const { delivery, used, sinceBeyondMs } of tape) {
      findings.look();
      const { id, severity, target, channel, incidents } = delivery;
      if (sinceBeyondMs === null || !incidents.every(context.isTimed)) continue;
      const where = `goes to ${target} by ${channel} beyond the ${used} of 10 min`;
      if (severity !== 'critical') findings.violate(id, `${where}, and is ${severity}`, used);
      else if (sinceBeyondMs < namedWithinMs - roundingMs)
        findings.violate(id, `${where}, ${(sinceBeyondMs / 1_000).toFixed(1)} s after another`, used);
    }
  }
  for (const page of context.dumps.sql.notifications) {
    if (page.severity !== 'critical' || page.targetKind !== 'person' || page.rung > 0) continue;
    if (!context.isTimed(page.incident)) continue;
    findings.look();
    const late = namingLateness(context, page);
    if (late > 0)
      findings.violate(
        page.incident,
        `critical page ${page.id} was named ${(late / 1_000).toFixed(1)} s too late`,
        late,
      );
  }
  for (const { id, steps, targets } of catchUps(context)) {
    const different = new Set(targets).size;
    if (different < targets.length)
      findings.violate(
        id,
        `${steps.length} late steps caught up from ${steps[0]?.atText} on queued ${targets.length} pages for ${different} targets`,
      );
  }
  return findings;
};

/** Ms beyond the bound; a page that was superseded before it is none. */
function namingLateness(context: Context, page: NotificationRow): number {
  const delivery = context.deliveries.get(page.delivery ?? '');
  const isOver = page.state === 'suppressed' || page.state === 'failed';
  const namedAt = delivery?.madeAt ?? (isOver ? page.changedAt : context.dumps.sql.now);
  return context.toMonotonic(namedAt) - namedBy(context, waitsSince(context, page));
}

/** Late steps of one run that were all due when the first of them was caught up, and whom they paged: each person once. */
export function* catchUps({ logs, isTimed }: Context): Generator<{
  readonly id: string;
  readonly steps: readonly EventRow[];
  readonly targets: readonly string[];
}> {
  for (const { id, runs, events } of logs.values()) {
    if (!isTimed(id)) continue;
    for (const steps of runs.flatMap((run) => pilesOf(run.steps))) {
      if (steps.length < 2) continue;
      const queued = events.filter((event) => event.type === 'notification.queued' && isOf(event, steps));
      yield { id, steps, targets: queued.map(({ data }) => String(data?.['person'] ?? data?.['target'])) };
    }
  }
}

function pilesOf(steps: readonly EventRow[]): EventRow[][] {
  const piles: EventRow[][] = [];
  for (const step of steps) {
    if (step.data?.['late'] !== true) continue;
    const [first] = piles.at(-1) ?? [];
    if (first !== undefined && instantOf(step.data['dueAt']) <= first.at) piles.at(-1)?.push(step);
    else piles.push([step]);
  }
  return piles;
}

/** Queued in the commit of one of these steps: not by a later rung of its ladder. */
const isOf = (event: EventRow, steps: readonly EventRow[]): boolean =>
  steps.some(
    ({ data, atText }) =>
      atText === event.atText && data?.['step'] === event.data?.['step'] && data?.['repeat'] === event.data?.['repeat'],
  );
