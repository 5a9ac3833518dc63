import type { EventsMessage, SnapshotMessage } from '@tocsin/contracts';
import type { Audience } from '@tocsin/realtime';
import { jsonOnce } from './encode-once.js';
import { joined } from './frames.js';

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
  /** Changed in place: whoever took them a turn ago still sees what comes. */
  readonly frames: EventsMessage[];
  eventsOnTop: number;
  isRead: boolean;
}

/** So long a rush of reconnecting consoles shares one read of the database per audience and cursor. */
const freshMs = 10_000;
/** Frames in excess of it are joined into one: each costs every socket a call of the kernel. */
const framesMost = 8;
/** Beyond what was read, or this, a new read is cheaper than what everybody would have to be sent on top. */
const onTopBytes = 50_000;
/** Of an entry that nobody asks for. */
const eventsMost = 2_000;
/** A catch-up that is longer is held against a snapshot: after 10 s at 200 alerts/s it is ten times as long. */
const longBytes = 100_000;
/** Cursors are the clients' to choose. */
const entriesMost = 64;

/**
 * Snapshots and catch-ups by audience: those whom a dead gateway left at the same cursor come back with the same wish.
 * Whoever missed so much that a snapshot is shorter gets that.
 * Law: an entry collects its audience's frames from before its read begins until after its last reader took it, so that
 * start + frames leaves no hole (doubles are allowed).
 */
export class Starts {
  /** In the order in which they were begun. */
  private entries: readonly Entry[] = [];
  reads = 0;

  constructor(private readonly read: Read) {}

  /** Whoever awaits this must take the frames in the same turn of the event loop. */
  async of(audience: Audience, after: string | null): Promise<Start> {
    const entry = this.entryOf(audience, after);
    const start = await entry.ready;
    if (start === null) return this.of(audience, null);
    if (after !== null && start.bytes > longBytes) {
      const all = await this.of(audience, null);
      if (all.bytes < start.bytes) return all;
      // What came while the other was read is in it only as long as it collects.
      if (!this.entries.includes(entry)) return this.of(audience, after);
    }
    if (entry.frames.length <= framesMost) return start;
    const onTop = joined(entry.frames);
    entry.frames.splice(0, entry.frames.length, onTop);
    if (jsonOnce(onTop).length <= Math.max(start.bytes, onTopBytes)) return start;
    this.drop(entry);
    return this.of(audience, after);
  }

  /** Called for every frame that an audience gets, before it is emitted. */
  collect(room: string, frames: readonly EventsMessage[]): void {
    for (const entry of this.entries) {
      if (entry.audience.room !== room) continue;
      entry.frames.push(...frames);
      for (const { events } of frames) entry.eventsOnTop += events.length;
      if (entry.isRead && entry.eventsOnTop > eventsMost) this.drop(entry);
    }
  }

  /** Whoever emits must collect for these too, also while nobody of them is connected. */
  audiences(): readonly Audience[] {
    return this.entries.map(({ audience }) => audience);
  }

  /** Nothing that was read before counts any more. */
  clear(): void {
    this.entries = [];
  }

  private entryOf(audience: Audience, after: string | null): Entry {
    const isIt = (entry: Entry): boolean => entry.audience.room === audience.room && entry.after === after;
    return this.entries.find(isIt) ?? this.begin(audience, after);
  }

  private begin(audience: Audience, after: string | null): Entry {
    this.reads += 1;
    const frames: EventsMessage[] = [];
    const ready = this.read(audience, after).then((message) => {
      if (message === null && after === null) throw new RangeError('a snapshot is always to be had');
      entry.isRead = true;
      return message && { message, bytes: jsonOnce(message).length, frames };
    });
    const entry: Entry = { audience, after, ready, frames, eventsOnTop: 0, isRead: false };
    this.entries = [...this.entries, entry];
    ready.then(
      () => this.keep(entry),
      // Whoever waits for it hears of it; the next one reads anew.
      () => this.drop(entry),
    );
    return entry;
  }

  private keep(entry: Entry): void {
    setTimeout(() => this.drop(entry), freshMs).unref();
    const read = this.entries.filter(({ isRead }) => isRead);
    for (const old of read.slice(0, Math.max(0, read.length - entriesMost))) this.drop(old);
  }

  private drop(entry: Entry): void {
    this.entries = this.entries.filter((one) => one !== entry);
  }
}
