import type { Incident, Team } from '../wire.js';

/** What D sends: null when a person has to choose. */
export interface DispatchTarget {
  readonly team: Team;
  readonly backup: boolean;
  readonly body: { readonly teams?: readonly string[] };
}

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
    .sort(
      (a, b) =>
        Number(b.team.id === i.team) - Number(a.team.id === i.team) ||
        b.free - a.free ||
        (a.team.id < b.team.id ? -1 : 1),
    );
}

/**
 * The routed team while somebody of it could still go; when all of it is on this incident, the freest other team as
 * backup. A routed team without anybody on duty stays the target: the gateway then says so, and the operator chooses.
 */
export function dispatchTarget(list: readonly Sendable[], i: Incident): DispatchTarget | null {
  const routed = list.find((s) => s.team.id === i.team);
  if (routed && (routed.onDuty === 0 || routed.here < routed.onDuty))
    return { team: routed.team, backup: false, body: {} };
  const next = routed && list.find((s) => s !== routed && s.free > 0);
  return next ? { team: next.team, backup: true, body: { teams: [next.team.id] } } : null;
}
