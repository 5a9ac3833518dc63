import type { Category, Severity } from './words.js';

const ranks: Readonly<Record<Severity, number>> = { critical: 4, high: 3, medium: 2, low: 1, info: 0 };

/** Higher is worse: info 0 ... critical 4. */
export function severityRank(severity: Severity): number {
  return ranks[severity];
}

export function isWorse(severity: Severity, than: Severity): boolean {
  return ranks[severity] > ranks[than];
}

/** Critical and high: never silent, repeated after exhaustion. */
export function isLoud(severity: Severity): boolean {
  return ranks[severity] >= ranks.high;
}

/** Queue lane: 0 critical, 1 high, 2 medium, 3 low and info (decisions.md section 3). */
export function laneOf(severity: Severity): number {
  return Math.min(4 - ranks[severity], 3);
}

const lifeSafety: ReadonlySet<Category> = new Set(['panic', 'duress', 'hold-up', 'medical', 'fire']);

/** Panic, duress, hold-up, medical, fire: never silenced, never ended by their source (decisions.md section 5). */
export function isLifeSafety(category: Category): boolean {
  return lifeSafety.has(category);
}

const byCategory: Readonly<Record<string, Severity>> = {
  panic: 'critical',
  duress: 'critical',
  'hold-up': 'critical',
  fire: 'critical',
  medical: 'critical',
  intrusion: 'high',
  tamper: 'medium',
  supervision: 'medium',
  technical: 'low',
};

/** Severity of an alert that names none, by its category; undefined = the table does not say (then: high). */
export function severityOfCategory(category: Category): Severity | undefined {
  return Object.hasOwn(byCategory, category) ? byCategory[category] : undefined;
}
