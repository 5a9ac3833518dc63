import type { Facts } from '../aggregate.js';
import type { ChannelConfig, PersonConfig, Target } from '../config-document.js';
import { indexOf } from '../config-index.js';
import { whoIsOn } from './on-call.js';
import { because } from '../reason.js';
import type { Instant, Reason } from '../words.js';

export type ResolvedTarget =
  | { readonly kind: 'person'; readonly id: string; readonly person: PersonConfig }
  | { readonly kind: 'channel'; readonly id: string; readonly channel: ChannelConfig };

export interface Resolution {
  readonly targets: readonly ResolvedTarget[];
  readonly reason: Reason;
}

type TargetFacts = Pick<Facts, 'config'>;

/** Whom a step's target means at `at`, with live people, rotations and overrides. Nobody is an answer, with its reason. */
export function resolveTargets(target: Target, facts: TargetFacts, at: Instant): Resolution {
  const index = indexOf(facts.config);
  if (target.kind === 'channel') {
    const channel = index.channels.get(target.id);
    if (channel === undefined) return nobody('target-unknown', target);
    return {
      targets: [{ kind: 'channel', id: channel.id, channel }],
      reason: because('target-channel', { channel: target.id }),
    };
  }
  if (target.kind === 'person') {
    const person = index.peopleBySlug.get(target.id);
    return person === undefined
      ? nobody('target-unknown', target)
      : of([person], because('target-person', { person: target.id }));
  }
  if (target.kind === 'schedule') return onDutyBySchedule(target.id, facts, at);
  return onDutyOfTeam(target.id, facts, at);
}

function onDutyBySchedule(id: string, facts: TargetFacts, at: Instant): Resolution {
  const index = indexOf(facts.config);
  const schedule = index.schedules.get(id);
  if (schedule === undefined) return nobody('target-unknown', { kind: 'schedule', id });
  const slug = whoIsOn(schedule, at).person;
  const person = slug === null ? undefined : index.peopleBySlug.get(slug);
  return person === undefined
    ? nobody('target-nobody', { kind: 'schedule', id })
    : of([person], because('target-schedule', { schedule: id, person: person.slug }));
}

/** The team's schedule says who is on duty; without one, every member is. */
export function onDutyOfTeam(id: string, facts: TargetFacts, at: Instant): Resolution {
  const index = indexOf(facts.config);
  const team = index.teams.get(id);
  if (team === undefined) return nobody('target-unknown', { kind: 'team', id });
  if (team.schedule !== undefined) return onDutyBySchedule(team.schedule, facts, at);
  const people = team.members.flatMap((slug) => index.peopleBySlug.get(slug) ?? []);
  return people.length === 0
    ? nobody('target-nobody', { kind: 'team', id })
    : of(people, because('target-team', { team: id, count: people.length }));
}

function of(people: readonly PersonConfig[], reason: Reason): Resolution {
  return { targets: people.map((person) => ({ kind: 'person', id: person.id, person })), reason };
}

function nobody(code: 'target-unknown' | 'target-nobody', target: { kind: string; id: string }): Resolution {
  return { targets: [], reason: because(code, { kind: target.kind, id: target.id }) };
}
