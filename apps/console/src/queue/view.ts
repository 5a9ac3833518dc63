import { create } from 'zustand';
import { select, sinceTouch, useDesk } from '../desk/desk.js';
import { clock } from '../live/clock.js';
import { useLive } from '../live/store.js';
import { useSession } from '../sign-in/session.js';
import type { Incident } from '../wire.js';
import { flood, type Flood, type Group, lanes } from './flood.js';
import { type Latch, latched } from './latch.js';
import { counts, type Counts, isS1, isUntaken, sections, type Sections } from './sections.js';

export type ListName = keyof Sections | 'lane';

/** The queue as it is shown: one derivation for rows, counts, bars and keys, so that they cannot disagree. */
export interface View {
  readonly lists: Sections;
  readonly counts: Counts;
  readonly flood: Flood | null;
  /** The rows are shown as lane and groups: follows `flood`, but never under a hand that is on a row. */
  readonly grouped: boolean;
  /** The row that the hand was on when the layout last had to wait. */
  readonly heldBy: string | null;
  readonly lane: readonly Incident[];
  readonly groups: readonly Group[];
  /** Untaken S1 that somebody else's hand is not on, oldest first; never the one that is open. */
  readonly interrupts: readonly Incident[];
}

const none: Sections = { untaken: [], mine: [], taken: [], resolved: [] };
export const useView = create<View>(() => ({
  lists: none,
  counts: counts([], null, null),
  flood: null,
  grouped: false,
  heldBy: null,
  lane: [],
  groups: [],
  interrupts: [],
}));

/** The lists that J and K walk, in their order on the screen. */
export function walk(view: View): readonly { readonly list: ListName; readonly rows: readonly Incident[] }[] {
  if (view.grouped) return [{ list: 'lane', rows: view.lane }];
  const { untaken, mine, taken } = view.lists;
  return [
    { list: 'untaken', rows: untaken },
    { list: 'mine', rows: mine },
    { list: 'taken', rows: taken },
  ];
}

function placeIn(view: View, id: string): Omit<Latch, 'id'> | null {
  for (const { list, rows } of walk(view)) {
    const slot = rows.findIndex((row) => row.id === id);
    if (slot >= 0) return { list, slot };
  }
  return null;
}

/** Opens an incident as the hand chose it, latched where it stands now. */
export const choose = (id: string): void => select(id, placeIn(useView.getState(), id));

/** A hand that has pressed nothing for this long is not on a row any more. */
const HAND_RESTS_MS = 10_000;

/** Whether rows are grouped now. The layout turns at once where no hand is on a row, else when the hand moves or rests. */
function layoutOf(flooded: boolean): Pick<View, 'grouped' | 'heldBy'> {
  const { grouped, heldBy } = useView.getState();
  const { selected, auto } = useDesk.getState();
  if (grouped === flooded) return { grouped, heldBy: null };
  const onRow = selected !== null && !auto && sinceTouch() < HAND_RESTS_MS;
  if (onRow && (heldBy === null || heldBy === selected)) return { grouped, heldBy: selected };
  return { grouped: flooded, heldBy: null };
}

function derive(): void {
  const { world, loaded } = useLive.getState();
  const me = useSession.getState().user?.id ?? null;
  const { latch, selected } = useDesk.getState();
  const all = [...world.incidents.values()];
  const now = clock.known() ? clock.now() : null;
  const storm = now === null ? null : flood(useView.getState().flood, all, now);
  const sorted = sections(all, me);
  const layout = layoutOf(storm !== null);
  const { lane, groups } = layout.grouped ? lanes(all) : { lane: [], groups: [] };
  const order = (rows: readonly Incident[], list: ListName): readonly Incident[] => latched(rows, list, latch);
  const view: View = {
    lists: {
      ...sorted,
      untaken: order(sorted.untaken, 'untaken'),
      mine: order(sorted.mine, 'mine'),
      taken: order(sorted.taken, 'taken'),
    },
    counts: counts(all, me, now),
    flood: storm,
    ...layout,
    lane: order(lane, 'lane'),
    groups,
    interrupts: sorted.untaken.filter((i) => isS1(i) && isUntaken(i) && i.reality === 'actual' && i.id !== selected),
  };
  useView.setState(view);
  if (loaded) keepSelection(view);
}

/** Follows the open row into the list it moved to; with nothing open, the hot row is chosen (Enter then takes it). */
function keepSelection(view: View): void {
  const { selected, latch, group, form } = useDesk.getState();
  if (selected !== null) {
    const place = placeIn(view, selected);
    if (place && place.list !== latch?.list) useDesk.setState({ latch: { id: selected, ...place } });
    return;
  }
  if (group !== null || form) return;
  const hot = walk(view).find(({ rows }) => rows.length > 0);
  const first = hot?.rows[0];
  if (hot && first) select(first.id, { list: hot.list, slot: 0 }, true);
}

/** Keeps the view in step with the world, the desk and the clock. Answers how to stop. */
export function startView(): () => void {
  const stops = [
    useLive.subscribe((now, was) => now.world !== was.world && derive()),
    useDesk.subscribe(
      (now, was) =>
        (now.latch !== was.latch ||
          now.selected !== was.selected ||
          now.group !== was.group ||
          now.form !== was.form) &&
        derive(),
    ),
    useSession.subscribe(derive),
    every10Seconds(),
  ];
  derive();
  return () => stops.forEach((stop) => stop());
}

function every10Seconds(): () => void {
  let last = 0;
  return clock.subscribe(() => {
    if (clock.secondNow() - last < 10) return;
    last = clock.secondNow();
    derive();
  });
}
