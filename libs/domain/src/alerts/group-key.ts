import type { Category, Reality } from '../words.js';

export interface Grouped {
  readonly agency: string;
  readonly site: string | null;
  readonly category: Category;
  readonly reality: Reality;
  readonly source: string | null;
  readonly zone: string | null;
}

/** A person in danger is an incident of his own: two panic buttons of one site are never one incident. */
const apart: ReadonlySet<Category> = new Set(['panic', 'duress', 'hold-up']);

/**
 * What belongs to one incident: agency, site, category, reality; panic, duress and hold-up by source and zone as well
 * (decisions.md section 6). A JSON array, so that no value can forge another's key.
 */
export function groupKey(of: Grouped): string {
  const key = [of.agency, of.site, of.category, of.reality];
  return JSON.stringify(apart.has(of.category) ? [...key, of.source, of.zone] : key);
}

/** Group of the product's own faults: one incident per cause (decisions.md section 5, SYS). */
export function systemGroupKey(agency: string, cause: string): string {
  return JSON.stringify([agency, 'system', cause]);
}
