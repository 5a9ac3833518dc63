import type { EventsFrame, Incident, LiveEvent, SnapshotFrame } from '../wire.js';
import { applyEvent, tellsAll } from './apply-event.js';

/** All that the console holds of the incidents: the server's state as of `cursor`, gap-free per stream. */
export interface World {
  readonly cursor: string | null;
  readonly incidents: ReadonlyMap<string, Incident>;
  /** Events behind a gap, by incident, until its row has been fetched. */
  readonly waiting: ReadonlyMap<string, readonly LiveEvent[]>;
  /**
   * Highest sequence of each stream that was handed on as an event. Apart from the rows' own: the answer of an act
   * brings a row before the stream brings the events that made it, and those must still be heard.
   */
  readonly heard: ReadonlyMap<string, number>;
}

export const emptyWorld: World = { cursor: null, incidents: new Map(), waiting: new Map(), heard: new Map() };

export type Change =
  | { readonly kind: 'snapshot'; readonly frame: SnapshotFrame }
  | { readonly kind: 'events'; readonly frame: EventsFrame }
  /** A row that was asked for, or that an act answered with. */
  | { readonly kind: 'row'; readonly incident: Incident }
  | { readonly kind: 'beat'; readonly cursor: string }
  /** Lets closed incidents go, but the one that is open on the desk. */
  | { readonly kind: 'prune'; readonly keep: string | null };

export interface Step {
  readonly world: World;
  /** Events that were new, in stream order. */
  readonly fresh: readonly LiveEvent[];
  /** Incidents whose row the server must be asked for. */
  readonly ask: readonly string[];
}

/**
 * One change of the world. Pure. Laws (world.prop.spec.ts): a doubled or replayed frame changes nothing; however frames
 * are cut, doubled or mixed across incidents, the rows end equal to the server's; a hole in a stream is never applied
 * over, the row is asked for instead.
 */
export function reduce(world: World, change: Change): Step {
  switch (change.kind) {
    case 'snapshot':
      return { world: fromSnapshot(change.frame), fresh: [], ask: [] };
    case 'beat':
      return {
        world: world.cursor === change.cursor ? world : { ...world, cursor: change.cursor },
        fresh: [],
        ask: [],
      };
    case 'prune':
      return { world: pruned(world, change.keep), fresh: [], ask: [] };
    case 'row':
      return joinRow(world, change.incident);
    case 'events':
      return joinFrame(world, change.frame);
  }
}

function pruned(world: World, keep: string | null): World {
  const gone = [...world.incidents.values()].filter((i) => i.state === 'closed' && i.id !== keep);
  if (gone.length === 0) return world;
  const incidents = new Map(world.incidents);
  for (const { id } of gone) incidents.delete(id);
  return { ...world, incidents };
}

function fromSnapshot({ cursor, snapshot }: SnapshotFrame): World {
  const incidents = new Map(snapshot.incidents.map((i) => [i.id, i]));
  return { ...emptyWorld, cursor, incidents, heard: new Map(snapshot.incidents.map((i) => [i.id, i.seq])) };
}

function joinRow(world: World, incident: Incident): Step {
  const held = world.incidents.get(incident.id);
  const incidents = new Map(world.incidents);
  const row = held && held.seq > incident.seq ? held : incident;
  incidents.set(incident.id, row);
  const draft = new Draft({ ...world, incidents });
  draft.drain(incident.id);
  return draft.step();
}

function joinFrame(world: World, frame: EventsFrame): Step {
  const draft = new Draft({ ...world, cursor: frame.cursor });
  const rows = new Map((frame.incidents ?? []).map((row) => [row.id, row]));
  for (const event of frame.events) draft.take(event, rows.get(event.incidentId ?? ''));
  for (const row of rows.values()) draft.adopt(row);
  return draft.step();
}

/** The copy on which one frame is worked in; it leaves as a Step and is not used again. */
class Draft {
  private readonly incidents: Map<string, Incident>;
  private readonly waiting: Map<string, readonly LiveEvent[]>;
  private readonly heard: Map<string, number>;
  private readonly fresh: LiveEvent[] = [];
  private readonly ask = new Set<string>();

  constructor(private readonly from: World) {
    this.incidents = new Map(from.incidents);
    this.waiting = new Map(from.waiting);
    this.heard = new Map(from.heard);
  }

  step(): Step {
    const { incidents, waiting, heard } = this;
    return { world: { ...this.from, incidents, waiting, heard }, fresh: this.fresh, ask: [...this.ask] };
  }

  take(event: LiveEvent, row: Incident | undefined): void {
    if (event.seq <= (this.heard.get(event.stream) ?? 0)) return;
    if (event.incidentId === null) return this.hear(event);
    const held = this.incidents.get(event.incidentId);
    const known = Math.max(held?.seq ?? 0, row?.seq ?? 0);
    if (known >= event.seq) return this.hear(event);
    if (held && event.seq === held.seq + 1) return this.apply(held, event);
    const queue = this.waiting.get(event.incidentId) ?? [];
    if (!queue.some((e) => e.seq === event.seq))
      this.waiting.set(
        event.incidentId,
        [...queue, event].sort((a, b) => a.seq - b.seq),
      );
    this.ask.add(event.incidentId);
  }

  adopt(row: Incident): void {
    const held = this.incidents.get(row.id);
    if (!held || row.seq >= held.seq) this.incidents.set(row.id, row);
    this.drain(row.id);
  }

  /** Applies what waited behind a gap, as far as it now joins. */
  drain(id: string): void {
    const queue = this.waiting.get(id);
    if (!queue) return;
    const rest: LiveEvent[] = [];
    for (const event of queue) {
      const held = this.incidents.get(id);
      if (held && event.seq <= held.seq) this.hear(event);
      else if (held && event.seq === held.seq + 1) this.apply(held, event);
      else rest.push(event);
    }
    if (rest.length === 0) this.waiting.delete(id);
    else {
      this.waiting.set(id, rest);
      this.ask.add(id);
    }
  }

  private apply(held: Incident, event: LiveEvent): void {
    this.incidents.set(held.id, applyEvent(held, event));
    this.hear(event);
    if (!tellsAll(event.type)) this.ask.add(held.id);
  }

  private hear(event: LiveEvent): void {
    if (event.seq <= (this.heard.get(event.stream) ?? 0)) return;
    this.heard.set(event.stream, event.seq);
    this.fresh.push(event);
  }
}
