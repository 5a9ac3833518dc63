import type { EventsMessage, SnapshotMessage } from '@tocsin/contracts';
import type { Audience } from '@tocsin/realtime';
import { jsonOnce } from './encode-once.js';

/** What a console begins with, and what its audience was sent since that was read. Together they are always up to date. */
export interface Start {
  /** All that the audience sees, or what it missed since a cursor. */
  readonly message: SnapshotMessage | EventsMessage;
  /** What a socket may have outstanding besides the usual: the length of its JSON, which is made once for all of them. */
  readonly bytes: number;
  readonly frames: readonly EventsMessage[];
}

/** `after`: a cursor of the log; null = a snapshot. Null when only a snapshot can tell what was missed. */
type Read = (audience: Audience, after: string | null) => Promise<SnapshotMessage | EventsMessage | null>;

interface Entry {
  readonly audience: Audience;
  readonly after: string | null;
  readonly ready: Promise<Start | null>;
  readonly frames: EventsMessage[];
}

/** A rush of reconnecting consoles shares one read of the database per audience, cursor and second. */
const freshMs = 1_000;
/** Beyond it a new read is cheaper than what everybody would have to be sent on top. */
const framesMost = 200;

/**
 * Snapshots and catch-ups by audience: those whom a dead gateway left at the same cursor come back with the same wish.
 * Law: an entry collects its audience's frames from before its read begins until after its last reader took it, so that
 * start + frames leaves no hole (doubles are allowed).
 */
export class Starts {
  /** The newest of a wish comes last; older ones still collect for those who wait for them. */
  private readonly entries = new Map<string, Entry[]>();
  reads = 0;

  constructor(private readonly read: Read) {}

  /** Whoever awaits this must take the frames in the same turn of the event loop. */
  async of(audience: Audience, after: string | null): Promise<Start> {
    const start = await this.entryOf(audience, after).ready;
    return start ?? this.of(audience, null);
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

  private entryOf(audience: Audience, after: string | null): Entry {
    const known = this.entries.get(audience.room)?.findLast((entry) => entry.after === after);
    return known !== undefined && known.frames.length < framesMost ? known : this.begin(audience, after);
  }

  private begin(audience: Audience, after: string | null): Entry {
    this.reads += 1;
    const frames: EventsMessage[] = [];
    const ready = this.read(audience, after).then((message) => {
      if (message === null && after === null) throw new RangeError('a snapshot is always to be had');
      return message && { message, bytes: jsonOnce(message).length, frames };
    });
    const entry: Entry = { audience, after, ready, frames };
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
