import type { EventsMessage, SnapshotMessage } from '@tocsin/contracts';
import type { Audience } from '@tocsin/realtime';

/** A snapshot, and what its audience was sent since it was begun. Together they are always up to date. */
export interface CachedSnapshot {
  readonly message: SnapshotMessage;
  /** About the length of its JSON: what a socket may have outstanding besides the usual. */
  readonly bytes: number;
  readonly frames: readonly EventsMessage[];
}

interface Entry {
  readonly audience: Audience;
  readonly ready: Promise<CachedSnapshot>;
  readonly frames: EventsMessage[];
}

/** A rush of reconnecting consoles shares one read of the database per audience and second. */
const freshMs = 1_000;
/** Beyond it a new read is cheaper than what everybody would have to be sent on top. */
const framesMost = 200;

/**
 * Snapshots by audience. Law: an entry collects its audience's frames from before its read begins until after its last
 * reader took it, so that snapshot + frames leaves no hole (doubles are allowed).
 */
export class Snapshots {
  /** The newest of a room comes last; older ones still collect for those who wait for them. */
  private readonly entries = new Map<string, Entry[]>();
  reads = 0;

  constructor(private readonly read: (audience: Audience) => Promise<SnapshotMessage>) {}

  /** Whoever awaits this must take the frames in the same turn of the event loop. */
  of(audience: Audience): Promise<CachedSnapshot> {
    const known = this.entries.get(audience.room)?.at(-1);
    return known !== undefined && known.frames.length < framesMost ? known.ready : this.begin(audience).ready;
  }

  /** Called for every frame that an audience gets, before it is emitted. */
  collect(room: string, frames: readonly EventsMessage[]): void {
    for (const entry of this.entries.get(room) ?? []) entry.frames.push(...frames);
  }

  /** Whoever emits must collect for these too, also while nobody of them is connected. */
  *audiences(): Iterable<Audience> {
    for (const [entry] of this.entries.values()) if (entry !== undefined) yield entry.audience;
  }

  /** Nothing that was read before counts any more. */
  clear(): void {
    this.entries.clear();
  }

  private begin(audience: Audience): Entry {
    this.reads += 1;
    const frames: EventsMessage[] = [];
    const ready = this.read(audience).then((message) => ({ message, bytes: bytesOf(message), frames }));
    const entry: Entry = { audience, ready, frames };
    this.entries.set(audience.room, [...(this.entries.get(audience.room) ?? []), entry]);
    ready.then(
      () => setTimeout(() => this.drop(audience.room, entry), freshMs).unref(),
      // Whoever waits for it hears of it; the next one reads anew.
      () => this.drop(audience.room, entry),
    );
    return entry;
  }

  private drop(room: string, entry: Entry): void {
    const left = (this.entries.get(room) ?? []).filter((one) => one !== entry);
    if (left.length > 0) this.entries.set(room, left);
    else this.entries.delete(room);
  }
}

/** An incident is about 900 bytes (measured with one assignment); to encode all of them only to count would block for long. */
function bytesOf({ snapshot }: SnapshotMessage): number {
  return 900 * snapshot.incidents.length + 20_000;
}
