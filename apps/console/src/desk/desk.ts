import { create } from 'zustand';
import type { Latch } from '../queue/latch.js';

export type Pane = 'incident' | 'form' | 'group' | 'quiet';
export type Tab = 'incident' | 'teams' | 'sites' | 'timeline';
export type Panel = 'transfer' | 'dispatch' | 'regrade' | 'resolve' | 'decline' | 'behalf' | null;

/** What this desk shows: nothing here is the server's. */
interface Desk {
  readonly selected: string | null;
  /** Chosen by the console because nothing was, not by the hand. */
  readonly auto: boolean;
  /** Monotonic ms since when the selection stands, when it was automatic. */
  readonly selectedAt: number;
  readonly latch: Latch | null;
  readonly group: string | null;
  readonly form: boolean;
  readonly help: boolean;
  readonly settings: boolean;
  readonly tab: Tab;
  readonly panel: Panel;
  readonly more: boolean;
  /** Row that refused an act because it was too new, until when (monotonic ms). */
  readonly tooNew: { readonly id: string; readonly until: number } | null;
  readonly drafts: Readonly<Record<string, string>>;
}

export const useDesk = create<Desk>(() => ({
  selected: null,
  auto: true,
  selectedAt: 0,
  latch: null,
  group: null,
  form: false,
  help: false,
  settings: false,
  tab: 'incident',
  panel: null,
  more: false,
  tooNew: null,
  drafts: {},
}));

const set = useDesk.setState;

let touchedAt = 0;
/** A key or a pointer was pressed on this desk. */
export const touch = (): void => {
  touchedAt = performance.now();
};
export const sinceTouch = (): number => performance.now() - touchedAt;

/** Opens an incident beside whatever was there; drafts stay with their incidents. */
export function select(id: string | null, place: Omit<Latch, 'id'> | null = null, auto = false): void {
  const same = useDesk.getState().selected === id;
  set({
    selected: id,
    auto,
    selectedAt: performance.now(),
    latch: id === null || place === null ? null : { id, ...place },
    ...(auto ? {} : { group: null }),
    ...(same ? {} : { panel: null, more: false, tab: 'incident' as const }),
  });
}
export const openGroup = (key: string): void =>
  set({ group: key, selected: null, latch: null, form: false, panel: null });
export const openForm = (): void => set({ form: true, panel: null, tab: 'incident' });
export const closeForm = (): void => set({ form: false });
export const showPanel = (panel: Panel): void => set({ panel, form: false, tab: 'incident' });
export const showTab = (tab: Tab): void => set({ tab });
export const setDraft = (id: string, text: string): void =>
  set({ drafts: { ...useDesk.getState().drafts, [id]: text } });

let tooNewTimer: ReturnType<typeof setTimeout> | undefined;
/** Says in the row that the act was refused, for two seconds. */
export function sayTooNew(id: string): void {
  clearTimeout(tooNewTimer);
  set({ tooNew: { id, until: performance.now() + 2_000 } });
  tooNewTimer = setTimeout(() => set({ tooNew: null }), 2_000);
}

/** Esc: the innermost thing that is open closes. */
export function stepBack(): void {
  const { help, settings, panel, form, more, group } = useDesk.getState();
  if (help) set({ help: false });
  else if (settings) set({ settings: false });
  else if (panel) set({ panel: null });
  else if (form) set({ form: false });
  else if (more) set({ more: false });
  else if (group) set({ group: null });
}
