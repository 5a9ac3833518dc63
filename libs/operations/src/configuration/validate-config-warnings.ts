import type { Target, TimeWindow } from '@tocsin/domain';
import type { Draft } from './read-config-draft.js';
import type { ScheduleInFiles } from './read-config-kinds.js';
import type { ConfigIssue } from './read-config-yaml.js';

/** What is allowed and probably not meant. Only for a folder without faults: everything refers to something here. */
export function warnings(draft: Draft): ConfigIssue[] {
  return [
    ...deadPolicies(draft),
    ...strangersOnDuty(draft),
    ...gaps(draft),
    ...idleAccounts(draft),
    ...vainSilences(draft),
  ];
}

function deadPolicies(draft: Draft): ConfigIssue[] {
  const used = new Set(draft.routes.map(({ policy }) => policy));
  return draft.policies.flatMap((policy) => {
    const at = draft.gathered.placeOf(policy, 'steps');
    const found: ConfigIssue[] = [];
    const reached = policy.steps.some(({ targets }) => targets.some((target) => reaches(draft, target)));
    if (!reached) found.push({ ...at, message: `${policy.id} reaches nobody: none of its targets has a contact` });
    if (!used.has(policy.id))
      found.push({ ...draft.gathered.placeOf(policy, 'id'), message: `no route leads to ${policy.id}` });
    return found;
  });
}

function reaches(draft: Draft, target: Target): boolean {
  const person = (slug: string) => draft.people.some((one) => one.slug === slug && one.contacts.length > 0);
  const schedule = (id: string | undefined) =>
    draft.schedules.some((one) => one.id === id && one.layers.some(({ people }) => people.some(person)));
  switch (target.kind) {
    case 'channel':
      return true;
    case 'person':
      return person(target.id);
    case 'schedule':
      return schedule(target.id);
    case 'team': {
      const team = draft.teams.find(({ id }) => id === target.id);
      return team?.schedule === undefined ? (team?.members.some(person) ?? false) : schedule(team.schedule);
    }
  }
}

function strangersOnDuty({ teams, schedules, gathered }: Draft): ConfigIssue[] {
  return teams.flatMap((team) => {
    const schedule = schedules.find(({ id }) => id === team.schedule);
    const onDuty = schedule === undefined ? [] : schedule.layers.flatMap(({ people }) => people);
    const strangers = [...new Set(onDuty.filter((person) => !team.members.includes(person)))];
    return strangers.map((person) => ({
      ...gathered.placeOf(team, 'schedule'),
      message: `${schedule?.id} has ${person} on duty, who is no member of ${team.id}`,
    }));
  });
}

const weekMinutes = 7 * 24 * 60;
const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** The first hours of the week without any layer; the clock's own changes twice a year are not looked at. */
function gaps({ schedules, gathered }: Draft): ConfigIssue[] {
  return schedules.flatMap((schedule) => {
    const minute = firstUncovered(schedule);
    if (minute === undefined) return [];
    const day = dayNames[Math.floor(minute / 1_440)];
    const clock = `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
    return [
      { ...gathered.placeOf(schedule, 'layers'), message: `${schedule.id} has nobody on duty from ${day} ${clock}` },
    ];
  });
}

function firstUncovered(schedule: ScheduleInFiles): number | undefined {
  if (schedule.layers.some(({ windows }) => windows.length === 0)) return undefined;
  const covered = new Uint8Array(weekMinutes);
  for (const window of schedule.layers.flatMap(({ windows }) => windows)) cover(covered, window);
  const minute = covered.indexOf(0);
  return minute < 0 ? undefined : minute;
}

function cover(covered: Uint8Array, { days, from, to }: TimeWindow): void {
  const [start, end] = [minutesOf(from), minutesOf(to)];
  const length = end > start ? end - start : end - start + 1_440;
  for (const day of days) {
    const begin = (day - 1) * 1_440 + start;
    for (let minute = begin; minute < begin + length; minute += 1) covered[minute % weekMinutes] = 1;
  }
}

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

function idleAccounts({ people, gathered }: Draft): ConfigIssue[] {
  const idle = people.filter(({ username, grants }) => username !== undefined && grants.length === 0);
  return idle.map((person) => ({
    ...gathered.placeOf(person, 'username'),
    message: `${person.slug} can sign in and has no grant: nothing will be seen`,
  }));
}

const lifeSafety = ['panic', 'duress', 'hold-up', 'medical', 'fire'];

function vainSilences({ silences, gathered }: Draft): ConfigIssue[] {
  const vain = silences.filter(({ match }) => match.categories?.every((category) => lifeSafety.includes(category)));
  return vain.map(({ id, match }) => ({
    ...gathered.placeOf(match, 'categories'),
    message: `${id} has no effect: life-safety alarms are never silenced`,
  }));
}
