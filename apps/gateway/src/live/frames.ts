import type { EventsMessage, EventView } from '@tocsin/contracts';
import type { Audience } from '@tocsin/realtime';
import type { Batch } from './read-log.js';

/** A frame stays small enough that a slow phone sees something move. */
const eventsPerFrame = 500;

/**
 * What an audience sees of a batch, cut into frames; none when it sees nothing. Law: the frames together hold exactly
 * the events that the audience sees, in order; only the last one carries the new cursor; an incident's row comes with
 * its last event, never before it.
 */
export function framesFor(
  audience: Pick<Audience, 'sees'> & { readonly sight: Pick<Audience['sight'], 'all'> },
  batch: Batch,
  cursors: { before: string; after: string },
): EventsMessage[] {
  const events = batch.events
    .filter(({ subject }) => audience.sees(subject))
    .map(({ view }) => told(view, audience.sight));
  if (events.length === 0) return [];
  const rows = new Map(
    batch.incidents.filter(({ subject }) => audience.sees(subject)).map(({ view }) => [view.id, view]),
  );
  const lastFrame = new Map<string, number>();
  events.forEach(({ stream }, index) => {
    lastFrame.set(stream, Math.floor(index / eventsPerFrame));
  });
  const count = Math.ceil(events.length / eventsPerFrame);
  return Array.from({ length: count }, (_, frame) => ({
    cursor: frame === count - 1 ? cursors.after : cursors.before,
    events: events.slice(frame * eventsPerFrame, (frame + 1) * eventsPerFrame),
    incidents: [...rows.values()].filter(({ id }) => lastFrame.get(id) === frame),
  }));
}

/** That the configuration changed concerns everybody; which sites, people and sources it was is for those who see all. */
function told(view: EventView, { all }: { readonly all: boolean }): EventView {
  if (view.type !== 'config.applied' || all) return view;
  const reason = { code: 'config-changed', params: {}, text: 'The configuration was changed.' };
  return { ...view, data: {}, reason };
}

/** Frames of one audience that follow each other, as one: all events in order, the last row of each incident. */
export function joined(frames: readonly EventsMessage[]): EventsMessage {
  const rows = new Map(frames.flatMap(({ incidents }) => incidents.map((row) => [row.id, row] as const)));
  return {
    cursor: frames.at(-1)?.cursor ?? '',
    events: frames.flatMap(({ events }) => events),
    incidents: [...rows.values()],
  };
}
