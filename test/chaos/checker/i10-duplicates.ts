import type { DeliveryRow, NotificationRow } from '../dumps/shapes';
import type { Context } from './context';
import { windowWithin } from './disturbance';
import { type Check, Findings } from './finding';

/** A call that a kill cut off is made again after the channel's deadline and 5 s. */
const callMs = 20_000;

/**
 * I10 duplicates: one notification per (run, step, repeat, target, channel and rung), carried by one delivery, whose id is
 * the idempotency key; arrivals of it <= 1 + (answers that left it open + faults during the call), and never more than
 * its attempts, but for a kept connection that the provider cut: that call is made once more on a fresh one (RFC 9110
 * section 9.2.2); none of an attempt that was abandoned before its call.
 */
export const duplicates: Check = (context) => {
  const findings = new Findings('I10');
  const seen = new Map<string, string>();
  for (const page of context.dumps.sql.notifications) {
    findings.look();
    const slot = slotOf(page);
    const other = seen.get(slot);
    if (other !== undefined) findings.violate(page.incident, `notifications ${other} and ${page.id} are one: ${slot}`);
    seen.set(slot, page.id);
  }
  const carrier = new Map<string, string>();
  for (const delivery of context.deliveries.values()) {
    if (!wasCalled(context, delivery)) continue;
    for (const page of delivery.notifications) {
      const other = carrier.get(page);
      if (other !== undefined) findings.violate(page, `went out as delivery ${other} and again as ${delivery.id}`);
      carrier.set(page, delivery.id);
    }
  }
  for (const id of context.arrivalsOf.keys()) {
    findings.look();
    const fault = arrivalFault(context, id);
    if (fault !== undefined) findings.violate(id, fault);
  }
  return findings;
};

const slotOf = (page: NotificationRow): string =>
  [page.incident, page.run, page.kind, page.notice, page.step, page.repeat, page.target, page.channel, page.rung].join(
    ' ',
  );

function wasCalled({ attemptsOf, arrivalsOf }: Context, { id }: DeliveryRow): boolean {
  return arrivalsOf.has(id) || (attemptsOf.get(id) ?? []).some(({ state }) => state !== 'abandoned');
}

function arrivalFault({ attemptsOf, arrivalsOf, windows, isDumped }: Context, id: string): string | undefined {
  const arrivals = (arrivalsOf.get(id) ?? []).filter(isDumped);
  const attempts = attemptsOf.get(id);
  if (attempts === undefined) return undefined;
  const called = attempts.filter(({ state }) => state !== 'abandoned').length;
  const made = called + arrivals.filter(({ answer }) => answer === '200-then-cut').length;
  if (arrivals.length > made) return `arrived ${arrivals.length} times by ${made} calls`;
  const again = arrivals.slice(0, -1);
  const needless = again.find(
    ({ answer, t }) => answer === '200' && windowWithin(windows, t, t + callMs) === undefined,
  );
  return needless && `arrived ${arrivals.length} times, though it was answered 200 in calm`;
}
