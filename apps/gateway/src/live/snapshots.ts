import type { EventsMessage, SnapshotMessage } from '@tocsin/contracts';
import type { Audience } from '@tocsin/realtime';

/** A snapshot, and what its audience was sent since it was begun. Together they are always up to date. */
export interface CachedSnapshot {
  readonly message: SnapshotMessage;
  /** Length of its JSON: what a socket may have outstanding besides the usual. */
  readonly bytes: number;
  readonly frames: readonly EventsMessage[];
}

interface Entry {
  readonly ready: Promise<CachedSnapshot>;
  readonly frames: EventsMessage[];
}

/** A rush of reconnecting consoles shares one read of the database per audience and second. */
const freshMs = 1_000;
const framesMost = 200;

/**
 * Snapshots by audience. Law: an entry collects its audience's frames from before its read begins until after the last
 * reader took it, so that snapshot + frames leaves no hole (doubles are allowed).
 */
export class Snapshots {
  private readonly entries = new Map<string, Entry>();
  reads = 0;

  constructor(private readonly read: (audience: Audience) => Promise<SnapshotMessage>) {}

  /** Whoever awaits this must take the frames in the same turn of the event loop. */
  async of(audience: Audience): Promise<CachedSnapshot> {
    const known = this.entries.get(audience.room);
    if (known !== undefined && known.frames.length < framesMost) return known.ready;
    return this.begin(audience).ready;
  }

  /** Called for every frame that an audience gets, before it is emitted. */
  collect(room: string, frames: readonly EventsMessage[]): void {
    this.entries.get(room)?.frames.push(...frames);
  }

  rooms(): Iterable<string> {
    return this.entries.keys();
  }

  /** Nothing that was read before counts any more. */
  clear(): void {
    this.entries.clear();
  }

  private begin(audience: Audience): Entry {
    this.reads += 1;
    const frames: EventsMessage[] = [];
    const ready = this.read(audience).then((message) => ({ message, bytes: JSON.stringify(message).length, frames }));
    const entry: Entry = { ready, frames };
    this.entries.set(audience.room, entry);
    const drop = (): void => {
      if (this.entries.get(audience.room) === entry) this.entries.delete(audience.room);
    };
    ready.then(
      () => setTimeout(drop, freshMs).unref(),
      // The caller hears of it; the next one reads anew.
      drop,
    );
    return entry;
  }
}
