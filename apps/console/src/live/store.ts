import { create } from 'zustand';
import type { LiveEvent } from '../wire.js';
import { ms } from './clock.js';
import { type Change, emptyWorld, reduce, type World } from './world.js';

export type LinkState = 'idle' | 'connecting' | 'live' | 'lost' | 'revoked';

interface LiveStore {
  readonly world: World;
  /** False until the first snapshot: nothing shown yet is not "no alarms". */
  readonly loaded: boolean;
  readonly link: LinkState;
  readonly attempt: number;
  /** Monotonic ms of the next try, while lost. */
  readonly nextTryAt: number | null;
  readonly loadingSince: number;
  /** Server time in ms of the first snapshot: what opened before was not seen coming. */
  readonly loadedAt: number;
  /** What the last reconnect caught up: said once, for 10 s. */
  readonly back: { readonly afterMs: number; readonly events: number; readonly at: number } | null;
}

const initial: LiveStore = {
  world: emptyWorld,
  loaded: false,
  link: 'idle',
  attempt: 0,
  nextTryAt: null,
  loadingSince: 0,
  loadedAt: Number.POSITIVE_INFINITY,
  back: null,
};
export const useLive = create<LiveStore>(() => initial);
export const resetLive = (): void => useLive.setState(initial, true);

type Listener = (fresh: readonly LiveEvent[]) => void;
const listeners = new Set<Listener>();
/** Hears each new event once, in stream order, after the world holds it. */
export function onFresh(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Applies changes as one paint; answers the incidents whose row must be asked for. */
export function applyChanges(changes: readonly Change[]): readonly string[] {
  let { world, loaded } = useLive.getState();
  const fresh: LiveEvent[] = [];
  const ask = new Set<string>();
  for (const change of changes) {
    const step = reduce(world, change);
    world = step.world;
    loaded ||= change.kind === 'snapshot';
    fresh.push(...step.fresh);
    for (const id of step.ask) ask.add(id);
    if (change.kind === 'row') ask.delete(change.incident.id);
    if (change.kind === 'snapshot') ask.clear();
  }
  const first = loaded && !useLive.getState().loaded;
  useLive.setState({ world, loaded, ...(first ? { loadedAt: newest(world) } : {}) });
  if (fresh.length > 0) for (const listener of listeners) listener(fresh);
  // A row that came in the same frame answers the question.
  return [...ask].filter((id) => needsRow(world, id, changes));
}

function needsRow(world: World, id: string, changes: readonly Change[]): boolean {
  if (world.waiting.has(id)) return true;
  const held = world.incidents.get(id);
  const newest = changes.findLast((c) => c.kind === 'events' && (c.frame.incidents ?? []).some((i) => i.id === id));
  return !(held && newest);
}

const newest = (world: World): number => Math.max(0, ...[...world.incidents.values()].map((i) => ms(i.openedAt))) + 1;
