import { create } from 'zustand';
import type { Severity } from '../wire.js';

export interface RaiseDraft {
  readonly site: string;
  readonly category: string;
  readonly severity: Severity;
  /** True once a hand chose the severity; until then it follows the category. */
  readonly graded: boolean;
  readonly title: string;
  readonly description: string;
}
const empty: RaiseDraft = { site: '', category: '', severity: 'high', graded: false, title: '', description: '' };

/** Kept when the pane is left, so that an S1 in between costs no words. */
export const useRaise = create<RaiseDraft>(() => empty);
export const clearRaise = (): void => useRaise.setState(empty);

/** The catalogue of what people report, each with the grade it usually has (decisions.md section 5). */
export const catalogue: readonly (readonly [category: string, severity: Severity])[] = [
  ['panic', 'critical'],
  ['duress', 'critical'],
  ['hold-up', 'critical'],
  ['fire', 'critical'],
  ['medical', 'critical'],
  ['intrusion', 'high'],
  ['tamper', 'medium'],
  ['supervision', 'medium'],
  ['technical', 'low'],
  ['other', 'high'],
];

export function setCategory(category: string): void {
  const severity = catalogue.find(([name]) => name === category)?.[1] ?? 'high';
  useRaise.setState(useRaise.getState().graded ? { category } : { category, severity });
}

export type FormFault = 'site' | 'category' | 'title';
/** What is still needed, in the order of the fields. */
export function faultsOf(draft: RaiseDraft): readonly FormFault[] {
  const faults: FormFault[] = [];
  if (draft.site === '') faults.push('site');
  if (draft.category === '') faults.push('category');
  if (draft.title.trim() === '') faults.push('title');
  return faults;
}
