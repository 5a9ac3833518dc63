import type { Goal } from './grades';

/** What a grade asks of a figure, and what came. */
export interface GoalResult {
  readonly what: string;
  /** `<= 2000`, `>= 200`. */
  readonly wanted: string;
  /** Null: it was not measured, which is no success. */
  readonly value: number | null;
  readonly isMet: boolean;
  readonly anchor: string;
}

/** Holds the figures of a verdict against the goals of its grade. */
export function goalsMet(goals: readonly Goal[], counts: Readonly<Record<string, number>>): GoalResult[] {
  return goals.map((goal) => {
    const value = counts[goal.figure] ?? null;
    const isMet = value !== null && ('atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost);
    const wanted = 'atLeast' in goal ? `>= ${goal.atLeast}` : `<= ${goal.atMost}`;
    return { what: goal.what, wanted, value, isMet, anchor: goal.anchor ?? '' };
  });
}
