import { create } from 'zustand';
import { fetchDeliveries, fetchEvents } from '../api/incidents.js';
import { Refused } from '../api/http.js';
import { onFresh } from '../live/store.js';
import type { Delivery, LiveEvent } from '../wire.js';
import { joinEvents } from './join-events.js';

/** The log and the proof of the incident that is open: asked for once, then kept live from the stream. */
export interface OpenRecord {
  readonly id: string;
  readonly events: readonly LiveEvent[];
  readonly deliveries: readonly Delivery[];
  readonly eventsAt: 'loading' | 'here' | 'failed';
  readonly deliveriesAt: 'loading' | 'here' | 'failed';
}
export const useRecord = create<{ open: OpenRecord | null }>(() => ({ open: null }));
const noEvents: readonly LiveEvent[] = [];
/** The log of an incident as far as it is here; the same empty list until then. */
export const useEvents = (id: string): readonly LiveEvent[] =>
  useRecord((s) => (s.open?.id === id ? s.open.events : noEvents));
const state = (): OpenRecord | null => useRecord.getState().open;
const patch = (id: string, part: Partial<OpenRecord>): void => {
  const open = state();
  if (open?.id === id) useRecord.setState({ open: { ...open, ...part } });
};

/** Opens the record of an incident; the one before is let go. */
export function openRecord(id: string | null): void {
  if (state()?.id === id) return;
  useRecord.setState({
    open: id === null ? null : { id, events: [], deliveries: [], eventsAt: 'loading', deliveriesAt: 'loading' },
  });
  if (id === null) return;
  void loadEvents(id);
  void loadDeliveries(id);
}

export async function loadEvents(id: string): Promise<void> {
  const after = state()?.events.at(-1)?.seq ?? 0;
  const more = await fetchEvents(id, after).catch(refusedAsNull);
  const open = state();
  if (open?.id !== id) return;
  if (more === null) return patch(id, { eventsAt: 'failed' });
  patch(id, { events: joinEvents(open.events, more).events, eventsAt: 'here' });
}

export async function loadDeliveries(id: string): Promise<void> {
  const deliveries = await fetchDeliveries(id).catch(refusedAsNull);
  patch(id, deliveries === null ? { deliveriesAt: 'failed' } : { deliveries, deliveriesAt: 'here' });
}

function refusedAsNull(error: unknown): null {
  if (error instanceof Refused) return null;
  throw error;
}

let asked: ReturnType<typeof setTimeout> | undefined;
/** New events of the open incident join its log; a hole is asked for; notices of pages fetch the proof again, once for a burst. */
export function keepRecordLive(): () => void {
  return onFresh((fresh) => {
    const open = state();
    if (!open) return;
    const mine = fresh.filter((e) => e.incidentId === open.id);
    if (mine.length === 0) return;
    if (open.eventsAt === 'here') {
      const joined = joinEvents(open.events, mine);
      patch(open.id, { events: joined.events });
      if (joined.hole) void loadEvents(open.id);
    }
    if (!mine.some((e) => e.type.startsWith('notification.') || e.type.startsWith('assignment.'))) return;
    clearTimeout(asked);
    asked = setTimeout(() => void loadDeliveries(open.id), 120);
  });
}
