import type { AttemptRow, DeliveryRow } from '../dumps/shapes';
import { clockSlackMs } from './clock';
import type { Context } from './context';
import { type Check, Findings } from './finding';

/** An attempt left `sending` longer than any channel's deadline + 5 s should be known as `unknown`. */
const sendingAtMostMs = 20_000;
const taken: ReadonlySet<string> = new Set(['200', '200-then-cut', 'accept-then-nothing']);
const over: ReadonlySet<string> = new Set(['accepted', 'delivered', 'seen', 'failed', 'abandoned']);

/**
 * I9 books balance: arrivals at the providers and attempt rows match on the delivery's id: no arrival without an attempt
 * committed before it; no attempt `accepted` without a 2xx arrival; none `sending` or `unknown` for good; a delivery
 * carries pages of its own target and channel, and is of their incidents.
 */
export const booksBalance: Check = (context) => {
  const findings = new Findings('I9');
  for (const [delivery, arrivals] of context.arrivalsOf) {
    findings.look();
    const began = Math.min(...(context.attemptsOf.get(delivery) ?? []).map(({ beganAt }) => beganAt));
    const first = Math.min(...arrivals.map(({ t }) => t));
    if (!context.deliveries.has(delivery)) {
      if (arrivals.some(context.isDumped)) findings.violate(delivery, 'arrived, and no such delivery is stored');
    } else if (context.toMonotonic(began) > first + clockSlackMs && isTimed(context, delivery))
      findings.violate(delivery, 'arrived before any attempt of it was committed');
  }
  for (const delivery of context.deliveries.values()) {
    findings.look();
    const { id, state, attempts: counted } = delivery;
    const misfit = misfitOf(context, delivery);
    if (misfit !== undefined) findings.violate(id, misfit);
    const attempts = context.attemptsOf.get(id) ?? [];
    const arrived = (context.arrivalsOf.get(id) ?? []).filter(({ answer }) => taken.has(answer)).length;
    const accepted = attempts.filter((attempt) => attempt.state === 'accepted').length;
    if (accepted > arrived) findings.violate(id, `${accepted} attempts were accepted, and ${arrived} arrived`);
    if (counted !== attempts.length) findings.violate(id, `counts ${counted} attempts and has ${attempts.length}`);
    if (!over.has(state) && !isUnderWay(context, attempts)) findings.violate(id, `is ${state} for good`);
  }
  return findings;
};

function isUnderWay({ dumps }: Context, attempts: readonly AttemptRow[]): boolean {
  const last = attempts.at(-1);
  return last !== undefined && dumps.sql.now - (last.endedAt ?? last.beganAt) < sendingAtMostMs;
}

const isTimed = (context: Context, delivery: string): boolean =>
  context.deliveries.get(delivery)?.incidents.every(context.isTimed) ?? true;

function misfitOf(
  { notifications }: Context,
  { notifications: ids, target, channel, incidents }: DeliveryRow,
): string | undefined {
  const pages = ids.map((id) => notifications.get(id));
  const stray = pages.findIndex((page) => page === undefined || page.target !== target || page.channel !== channel);
  if (stray >= 0) return `carries ${ids[stray]}, which is no page to ${target} by ${channel}`;
  const lacking = pages.find((page) => page !== undefined && !incidents.includes(page.incident));
  return lacking && `carries ${lacking.id} and leaves out its incident`;
}
