import type { EventsFrame, SnapshotFrame, WireEvent, WireIncident } from './wire';

/** An event as it was applied; `hole`: one or more of its incident before it were never sent. */
export interface Applied {
  readonly event: WireEvent;
  /** What was held of its stream before; undefined: nothing. */
  readonly after: number | undefined;
  readonly hole: boolean;
}

/** Clocks of one machine, read in two processes. */
const clockSlackMs = 1_000;

/** What a console holds, by the rules of contract.md: cursor, rows, and per stream the highest seq. */
export class ReplicaState {
  readonly incidents = new Map<string, WireIncident>();
  cursor: string | undefined;
  private readonly seqs = new Map<string, number>();
  private snapshotAt = 0;

  /** Replaces everything. `now`: wall clock in ms. */
  replace({ cursor, snapshot }: SnapshotFrame, now: number): void {
    this.cursor = cursor;
    this.snapshotAt = now;
    this.incidents.clear();
    this.seqs.clear();
    for (const incident of snapshot.incidents) {
      this.incidents.set(incident.id, incident);
      this.seqs.set(incident.id, incident.seq);
    }
  }

  /** @returns what was new, in order; doubles are dropped. */
  apply({ cursor, events = [], incidents = [] }: EventsFrame): Applied[] {
    this.cursor = cursor;
    const openedAt = new Map(incidents.map((incident) => [incident.id, Date.parse(incident.openedAt)]));
    const applied = events.flatMap((event): Applied[] => {
      const held = this.seqs.get(event.stream);
      if (held !== undefined && event.seq <= held) return [];
      this.seqs.set(event.stream, event.seq);
      const hole = event.incidentId !== null && this.isHole(event, held, openedAt.get(event.stream));
      return [{ event, after: held, hole }];
    });
    for (const incident of incidents) {
      const held = this.incidents.get(incident.id);
      if (held === undefined || incident.seq >= held.seq) this.incidents.set(incident.id, incident);
    }
    return applied;
  }

  /**
   * Of a stream that it does not hold a console must see the beginning, unless the incident is older than its snapshot,
   * which leaves out all but the newest of the resolved.
   */
  private isHole({ seq }: WireEvent, held: number | undefined, openedAt: number | undefined): boolean {
    if (held !== undefined) return seq !== held + 1;
    return seq !== 1 && openedAt !== undefined && openedAt > this.snapshotAt + clockSlackMs;
  }
}
