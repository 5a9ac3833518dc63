import type { Random } from '../history/random';
import type { FaultKind } from '../history/records';
import type { Servers } from '../servers/servers';
import type { System } from '../servers/system';

/** What faults are inflicted upon. */
export interface World {
  readonly servers: Servers;
  readonly system: System;
  readonly random: Random;
  readonly log: (text: string) => void;
}

export interface Fault {
  readonly kind: FaultKind;
  readonly target: string;
  /**
   * Does it, with lengths and sizes drawn from `random`, and undoes it. Resolves when it is over, with what it was (signal,
   * length, size); what the service then needs to recover is the service's affair. @throws where it could not be done.
   */
  readonly inflict: (world: World, random: Random) => Promise<string>;
}

/** What this machine, or this run, cannot do. */
export interface NotRun {
  readonly kind: FaultKind;
  readonly target: string;
  readonly reason: string;
}

/** A family of faults: what can be done in this world, and what cannot. */
export type Family = (world: World) => readonly (Fault | NotRun)[];
