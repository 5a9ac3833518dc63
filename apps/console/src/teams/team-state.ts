import type { Member, Team } from '../wire.js';

export type TeamState = 'ready' | 'committed' | 'off';

/** Off: nobody on duty. Committed: everybody on duty is on an incident. Else ready: somebody can go now. */
export function teamState(team: Team): TeamState {
  const duty = team.members.filter((m) => m.onDuty);
  if (duty.length === 0) return 'off';
  return duty.every((m) => m.assignment) ? 'committed' : 'ready';
}

/** Ready teams first, those that could send most before the others; off at the end. */
export function byReadiness(teams: readonly Team[]): readonly Team[] {
  const rank: Readonly<Record<TeamState, number>> = { ready: 0, committed: 1, off: 2 };
  const free = (team: Team): number => team.members.filter((m) => m.onDuty && !m.assignment).length;
  return [...teams].sort(
    (a, b) => rank[teamState(a)] - rank[teamState(b)] || free(b) - free(a) || (a.id < b.id ? -1 : 1),
  );
}

/** The incidents that a team is on, each with how many of it. */
export function engagements(
  team: Team,
): readonly { readonly number: string; readonly incidentId: string; readonly members: readonly Member[] }[] {
  const by = new Map<string, Member[]>();
  for (const m of team.members) {
    if (!m.assignment) continue;
    const list = by.get(m.assignment.incidentId);
    if (list) list.push(m);
    else by.set(m.assignment.incidentId, [m]);
  }
  return [...by].map(([incidentId, members]) => ({
    incidentId,
    members,
    number: members[0]?.assignment?.number ?? '',
  }));
}
