import type { AssignmentState, IncidentState } from '../words.js';

/** Rows: state; columns: move; cell: where it leads. A missing cell is an illegal move. */
export type Transitions<State extends string, Move extends string> = Readonly<
  Record<State, Partial<Readonly<Record<Move, State>>>>
>;

export type IncidentMove = 'acknowledge' | 'return' | 'resolve' | 'close' | 'reopen';

/** decisions.md section 6. `return`: taken-idle, release of a held incident, re-alert of a held run. */
export const incidentTransitions: Transitions<IncidentState, IncidentMove> = {
  open: { acknowledge: 'acknowledged', resolve: 'resolved' },
  acknowledged: { return: 'open', resolve: 'resolved' },
  resolved: { close: 'closed', reopen: 'open' },
  closed: { reopen: 'open' },
};

export type AssignmentMove = 'accept' | 'decline' | 'en-route' | 'on-scene' | 'clear' | 'stand-down' | 'recall';

/** An active assignment ends as clear, declined (also: no answer), stood_down or recalled, and stays so. */
export const assignmentTransitions: Transitions<AssignmentState, AssignmentMove> = {
  notified: { accept: 'accepted', decline: 'declined', 'stand-down': 'stood_down', recall: 'recalled' },
  accepted: {
    decline: 'declined',
    'en-route': 'en_route',
    'on-scene': 'on_scene',
    clear: 'clear',
    'stand-down': 'stood_down',
    recall: 'recalled',
  },
  en_route: {
    decline: 'declined',
    'on-scene': 'on_scene',
    clear: 'clear',
    'stand-down': 'stood_down',
    recall: 'recalled',
  },
  on_scene: { clear: 'clear', 'stand-down': 'stood_down', recall: 'recalled' },
  clear: {},
  declined: {},
  stood_down: {},
  recalled: {},
};

/** Where a move leads, or undefined when it is no legal one. */
export function move<S extends string, M extends string>(table: Transitions<S, M>, from: S, by: M): S | undefined {
  return table[from][by];
}

export function isUnresolved(state: IncidentState): boolean {
  return state === 'open' || state === 'acknowledged';
}

/**
 * What is wrong with a table: cells that lead out of it, states that cannot be reached from `start`. Empty = sound.
 */
export function faultsOfTransitions(
  table: Readonly<Record<string, Readonly<Record<string, string>>>>,
  start: string,
): string[] {
  const faults: string[] = [];
  const reached = new Set([start]);
  for (const state of reached) {
    for (const [by, to] of Object.entries(table[state] ?? {})) {
      if (!Object.hasOwn(table, to)) faults.push(`${state} --${by}--> ${to}: no such state`);
      else reached.add(to);
    }
  }
  for (const state of Object.keys(table))
    if (!reached.has(state)) faults.push(`${state}: cannot be reached from ${start}`);
  return faults;
}

/** What is wrong with the tables of this lib; every app asks before it begins, and does not begin unless it is nothing. */
export function faultsOfStateTables(): string[] {
  return [
    ...faultsOfTransitions(incidentTransitions, 'open'),
    ...faultsOfTransitions(assignmentTransitions, 'notified'),
  ];
}
