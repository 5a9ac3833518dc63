import { dispatch, recall, standDown } from './act-dispatch.js';
import { closeAct, reopenAct, resolveAct } from './act-end.js';
import { acknowledge, release, take, transfer } from './act-own.js';
import { accept, decline, progress } from './act-respond.js';
import { escalate, note, regrade } from './act-steer.js';
import type { Act, Aggregate, Decision, Facts } from '../aggregate.js';
import { findPerson } from '../config-index.js';
import type { ActInput, Doing, Done } from './doing.js';
import { illegal } from './doing.js';
import { beginDraft, refuse, settle } from './draft.js';
import { flushPages } from './page.js';
import { because } from '../reason.js';
import { isUnresolved } from './states.js';
import type { Instant } from '../words.js';

/** Acts that ask something of an incident that has ended; every other act needs an unresolved one. */
const afterEnd: ReadonlySet<Act['act']> = new Set<Act['act']>(['note', 'resolve', 'close', 'reopen']);

/** What a person does to an incident. Refusals are values; rights are the caller's (canAct). */
export function decideAct(aggregate: Aggregate, input: ActInput, facts: Facts, now: Instant): Decision {
  const { incident } = aggregate;
  if (input.expectedVersion !== undefined && input.expectedVersion !== incident.version) {
    return refuse(
      'stale-version',
      because('stale-version', { expected: input.expectedVersion, version: incident.version }),
    );
  }
  const person = input.onBehalfOf === undefined ? input.actor.id : findPerson(facts.config, input.onBehalfOf)?.id;
  if (person === undefined)
    return refuse('unknown-person', because('unknown-person', { person: input.onBehalfOf ?? null }));
  const draft = beginDraft(aggregate, facts, now);
  const who = {
    actor: input.actor,
    ...(input.onBehalfOf === undefined ? undefined : { onBehalfOf: person }),
    ...(input.occurredAt === undefined ? undefined : { occurredAt: input.occurredAt }),
  };
  const doing: Doing = { draft, input, person, said: (code, params) => ({ reason: because(code, params), ...who }) };
  const done = isUnresolved(incident.state) || afterEnd.has(input.act.act) ? perform(doing, input.act) : illegal(doing);
  if ('ok' in done) return done;
  flushPages(draft, { gather: false });
  return settle(draft, done);
}

function perform(doing: Doing, act: Act): Done {
  switch (act.act) {
    case 'acknowledge':
      return acknowledge(doing);
    case 'take':
      return take(doing);
    case 'release':
      return release(doing);
    case 'transfer':
      return transfer(doing, act.to);
    case 'dispatch':
      return dispatch(doing, act);
    case 'recall':
      return recall(doing);
    case 'stand-down':
      return standDown(doing);
    case 'accept':
      return accept(doing);
    case 'decline':
      return decline(doing, act.why);
    case 'en-route':
    case 'on-scene':
    case 'clear':
      return progress(doing, act.act);
    case 'escalate':
      return escalate(doing);
    case 'regrade':
      return regrade(doing, act.severity);
    case 'note':
      return note(doing, act.text);
    case 'resolve':
      return resolveAct(doing, act.disposition ?? null);
    case 'close':
      return closeAct(doing);
    case 'reopen':
      return reopenAct(doing);
  }
}
