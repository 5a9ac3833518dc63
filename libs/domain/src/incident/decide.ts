import type { Aggregate, Decision, Facts, Input, Timer } from '../aggregate.js';
import { decideAct } from './decide-act.js';
import { decideSignal } from './decide-signal.js';
import { beginDraft, settle } from './draft.js';
import { byDueTime, fireTimer } from './fire-timer.js';
import { flushPages } from './page.js';
import { because } from '../reason.js';
import type { Instant, Reason } from '../words.js';

/**
 * The one rule for everything that changes an incident: state and input in, next state, events and effects out, and why.
 * Total, pure, never throws; what is refused changes nothing. `now` is read after the incident's lock was taken.
 *
 * Law: an acknowledged or resolved incident pages nobody on its own; the same timer fires once; `next` keeps pending
 * timers and unended runs only, what left is in `ended` (also rows that were born in this decision: store by upsert).
 */
export function decide(aggregate: Aggregate, input: Input, facts: Facts, now: Instant): Decision {
  if (input.kind === 'act') return decideAct(aggregate, input, facts, now);
  if (input.kind === 'timer') return decideTimers(aggregate, [input.timer], facts, now);
  return decideSignal(aggregate, input, facts, now);
}

/**
 * Fires several due timers of one incident as one decision, the oldest first: after an outage every missed step is
 * recorded late, but of its pages only one goes to each person and channel of their union.
 */
export function decideTimers(aggregate: Aggregate, timers: readonly Timer[], facts: Facts, now: Instant): Decision {
  const draft = beginDraft(aggregate, facts, now);
  let reason: Reason = because('timer-not-pending');
  for (const timer of [...timers].sort(byDueTime)) reason = fireTimer(draft, timer.id);
  flushPages(draft, { gather: true });
  return settle(draft, reason);
}

/** The pending timers that are due by `now`, oldest first: hand them all to `decideTimers`. */
export function dueTimers(aggregate: Aggregate, now: Instant): Timer[] {
  return aggregate.timers.filter((timer) => timer.dueAt <= now).sort(byDueTime);
}

/**
 * Whatever timers are due by now, until none is: an idle time that is over starts a run, whose first page leaves with the
 * same commit instead of waiting for the sweeper. Every decision is to be committed, in order; none = nothing is due.
 */
export function decideDue(aggregate: Aggregate, facts: Facts, now: Instant): readonly Decision[] {
  const decisions: Decision[] = [];
  for (let at = aggregate; ; ) {
    const due = dueTimers(at, now);
    if (due.length === 0) return decisions;
    const fired = decideTimers(at, due, facts, now);
    if (!fired.ok || fired.next === at) return decisions;
    decisions.push(fired);
    at = fired.next;
  }
}

/** `decide`, then what is due by now (`decideDue`). A refusal stands alone. */
export function decideThrough(aggregate: Aggregate, input: Input, facts: Facts, now: Instant): readonly Decision[] {
  const decision = decide(aggregate, input, facts, now);
  return decision.ok ? [decision, ...decideDue(decision.next, facts, now)] : [decision];
}
