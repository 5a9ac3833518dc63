import type { Incident, Team } from '../wire.js';

export interface Sendable {
  readonly team: Team;
  readonly onDuty: number;
  /** On duty and on no other incident. */
  readonly free: number;
  /** On duty and already on this incident. */
  readonly here: number;
}

/** Whom a dispatch would reach: per team who is on duty and free. The routed team first, then the freest. */
export function sendables(teams: readonly Team[], i: Incident): readonly Sendable[] {
  return teams
    .map((team) => {
      const duty = team.members.filter((m) => m.onDuty);
      const here = duty.filter((m) => m.assignment?.incidentId === i.id).length;
      return { team, onDuty: duty.length, free: duty.filter((m) => !m.assignment).length, here };
    })
    .sort((a, b) => Number(b.team.id === i.team) - Number(a.team.id === i.team) || b.free - a.free || (a.team.id < b.team.id ? -1 : 1));
}
