import { create } from 'zustand';
import type { ByHand } from '../api/incidents.js';
import { localTime } from '../i18n/times.js';
import type { Severity } from '../wire.js';

export interface RaiseDraft {
  readonly site: string;
  readonly zone: string;
  readonly category: string;
  readonly severity: Severity;
  /** True once a hand chose the severity; until then it follows the category. */
  readonly graded: boolean;
  readonly title: string;
  readonly description: string;
  readonly caller: string;
  readonly callBack: string;
  /** "02:13" in the unit's zone, when it was said earlier than now. */
  readonly saidAt: string;
}
const empty: RaiseDraft = {
  site: '',
  zone: '',
  category: '',
  severity: 'high',
  graded: false,
  title: '',
  description: '',
  caller: '',
  callBack: '',
  saidAt: '',
};

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

export type FormFault = 'site' | 'category' | 'title' | 'saidAt';
/** What is still needed, in the order of the fields. */
export function faultsOf(draft: RaiseDraft): readonly FormFault[] {
  const faults: FormFault[] = [];
  if (draft.site === '') faults.push('site');
  if (draft.category === '') faults.push('category');
  if (draft.saidAt !== '' && !isTime(draft.saidAt)) faults.push('saidAt');
  if (draft.title.trim() === '') faults.push('title');
  return faults;
}

const isTime = (text: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);

/** The latest moment not after now at which the clock of the unit showed hh:mm; null when there is no such text. */
export function momentOf(saidAt: string, nowMs: number): number | null {
  const [hh, mm] = saidAt.split(':').map(Number);
  if (!isTime(saidAt) || hh === undefined || mm === undefined) return null;
  const [nowH = 0, nowM = 0, nowS = 0] = localTime(nowMs).split(':').map(Number);
  const minutes = (nowH * 60 + nowM - (hh * 60 + mm) + 1440) % 1440;
  return Math.floor(nowMs / 1000) * 1000 - nowS * 1000 - minutes * 60_000;
}

/** The body that the gateway takes. Who called goes with the words: it is what was said, and by whom. */
export function bodyOf(draft: RaiseDraft, nowMs: number): ByHand {
  const caller = [draft.caller.trim(), draft.callBack.trim()].filter(Boolean).join(', ');
  const description = [draft.description.trim(), caller && `☎ ${caller}`].filter(Boolean).join('\n');
  const said = momentOf(draft.saidAt, nowMs);
  return {
    site: draft.site,
    category: draft.category,
    severity: draft.severity,
    title: draft.title.trim(),
    ...(draft.zone ? { zone: draft.zone } : {}),
    ...(description ? { description } : {}),
    ...(said === null ? {} : { occurredAt: new Date(said).toISOString() }),
  };
}
