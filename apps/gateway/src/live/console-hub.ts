import type { EventsMessage, RevokedMessage, SubscribeAnswer, SubscribeFilter, SubscribeMessage } from '@tocsin/contracts';
import { instantText } from '@tocsin/domain';
import { type Person, sightOf } from '@tocsin/operations';
import { type Audience, audienceOf, Follower } from '@tocsin/realtime';
import type { Namespace, Socket } from 'socket.io';
import { Parts } from '../parts.js';
import { framesFor } from './frames.js';
import { type Batch, LogReader } from './read-log.js';
import { Snapshots } from './snapshots.js';
import { Subscriber } from './subscriber.js';

const liveRoom = 'live';
const catchUp = { rows: 5_000, transactions: 50_000 };
/** A gateway that has not been able to read for this long does not claim to be up to date. */
const staleMs = 3_000;

/** All consoles of this gateway: what the log tells goes to the rooms of those who may see it. */
export class ConsoleHub {
  readonly subscribers = new Map<string, Subscriber>();
  readonly follower: Follower<Batch>;
  private readonly reader: LogReader;
  private readonly snapshots: Snapshots;
  private readonly audiences = new Map<string, { readonly audience: Audience; readonly members: Set<Subscriber> }>();
  private namespace: Namespace | undefined;
  private before = '';

  constructor(private readonly parts: Parts) {
    this.reader = new LogReader(parts.livePool, parts.context.config);
    this.snapshots = new Snapshots((audience) => this.reader.snapshot(audience));
    this.follower = new Follower<Batch>({
      look: async (cursor) => {
        this.before = cursor ?? '';
        return this.reader.look(cursor);
      },
      onBatch: (batch) => this.emit(batch),
      onLost: () => this.startOver(),
      ticks: parts.ticks,
      log: parts.log,
    });
  }

  serve(namespace: Namespace): void {
    this.namespace = namespace;
  }

  add(subscriber: Subscriber): void {
    this.subscribers.set(subscriber.socket.id, subscriber);
  }

  remove(socket: Socket): void {
    const subscriber = this.subscribers.get(socket.id);
    if (subscriber === undefined) return;
    this.subscribers.delete(socket.id);
    subscriber.joins += 1;
    this.leave(subscriber);
  }

  /** The client's wish; a second one replaces the first. `answer` is its acknowledgement. */
  async subscribe(subscriber: Subscriber, message: SubscribeMessage, answer: (reply: SubscribeAnswer) => void): Promise<void> {
    const audience = await this.audienceFor(subscriber.person, message.filter ?? {});
    subscriber.filter = message.filter ?? {};
    await this.join(subscriber, audience, { after: message.after ?? null, deliver: answer });
  }

  /** Rights changed: another audience means another room and a snapshot that replaces all that the client holds. */
  async moveTo(subscriber: Subscriber, person: Person): Promise<void> {
    subscriber.person = person;
    if (subscriber.audience === null) return;
    const audience = await this.audienceFor(person, subscriber.filter);
    if (audience.room !== subscriber.audience.room) await this.resend(subscriber, audience);
  }

  /** Sends a snapshot unasked: too far behind, another life of PostgreSQL, other rights. */
  async resend(subscriber: Subscriber, audience = subscriber.audience): Promise<void> {
    if (audience === null) return;
    await this.join(subscriber, audience, { after: null, deliver: (message) => subscriber.socket.emit('snapshot', message) });
  }

  /** Takes a lagging socket out of its room: its memory stops growing. */
  fallBehind(subscriber: Subscriber): void {
    void subscriber.socket.leave(liveRoom);
    if (subscriber.audience !== null) void subscriber.socket.leave(subscriber.audience.room);
    subscriber.mode = 'behind';
    subscriber.behindSinceMs = performance.now();
  }

  revoke(subscriber: Subscriber, code: RevokedMessage['code']): void {
    subscriber.socket.emit('revoked', { code } satisfies RevokedMessage);
    subscriber.socket.disconnect(true);
  }

  /** Everything before `cursor` has been sent to whoever is live. */
  heartbeat(): void {
    const { cursor, lookedAt } = this.follower;
    if (cursor === null || performance.now() - lookedAt > staleMs) return;
    this.namespace?.to(liveRoom).emit('heartbeat', { cursor, at: instantText(Date.now() * 1_000) });
  }

  get snapshotReads(): number {
    return this.snapshots.reads;
  }

  private async audienceFor(person: Person, filter: SubscribeFilter): Promise<Audience> {
    const { document } = await this.parts.context.config.current();
    return audienceOf(sightOf(person, document.sites), filter);
  }

  private async join(subscriber: Subscriber, audience: Audience, wish: { after: string | null; deliver: (message: SubscribeAnswer & object) => void }): Promise<void> {
    this.leave(subscriber);
    const join = ++subscriber.joins;
    // Registered before anything is read: what is committed meanwhile is buffered here or collected by the snapshot.
    this.enter(subscriber, audience);
    const missed = wish.after === null ? null : await this.reader.since(wish.after, catchUp);
    if (subscriber.joins !== join) return;
    if (missed !== null && wish.after !== null) {
      const frames = missed.batch === null ? [] : framesFor(audience, missed.batch, { before: wish.after, after: missed.cursor });
      wish.deliver({ cursor: missed.cursor, events: frames.flatMap(({ events }) => events), incidents: frames.flatMap(({ incidents }) => incidents) });
      return this.goLive(subscriber, audience, subscriber.buffered);
    }
    const { message, bytes, frames } = await this.snapshots.of(audience);
    if (subscriber.joins !== join) return;
    subscriber.allowance = bytes;
    wish.deliver(message);
    this.goLive(subscriber, audience, frames);
  }

  private goLive(subscriber: Subscriber, audience: Audience, frames: readonly EventsMessage[]): void {
    for (const frame of frames) subscriber.socket.emit('events', frame);
    subscriber.buffered = [];
    subscriber.mode = 'live';
    void subscriber.socket.join([audience.room, liveRoom]);
  }

  private enter(subscriber: Subscriber, audience: Audience): void {
    subscriber.mode = 'joining';
    subscriber.buffered = [];
    subscriber.audience = audience;
    const known = this.audiences.get(audience.room) ?? { audience, members: new Set() };
    known.members.add(subscriber);
    this.audiences.set(audience.room, known);
  }

  private leave(subscriber: Subscriber): void {
    const { audience, socket } = subscriber;
    if (audience === null) return;
    void socket.leave(audience.room);
    void socket.leave(liveRoom);
    const known = this.audiences.get(audience.room);
    known?.members.delete(subscriber);
    if (known?.members.size === 0) this.audiences.delete(audience.room);
    subscriber.audience = null;
    subscriber.mode = 'connected';
  }

  /** Encoded once per audience: the room's broadcast hands the same bytes to all its sockets. */
  private emit(batch: Batch): void {
    const cursors = { before: this.before, after: this.follower.cursor ?? '' };
    for (const [room, { audience, members }] of this.audiences) {
      const frames = framesFor(audience, batch, cursors);
      if (frames.length === 0) continue;
      this.snapshots.collect(room, frames);
      for (const member of members) if (member.mode === 'joining') member.buffered.push(...frames);
      for (const frame of frames) this.namespace?.to(room).emit('events', frame);
    }
  }

  /** Another life of PostgreSQL: its old events can no longer be told apart, so everybody begins anew. */
  private startOver(): void {
    this.snapshots.clear();
    for (const subscriber of this.subscribers.values()) {
      if (subscriber.audience === null) continue;
      this.resend(subscriber).catch((error: unknown) => {
        this.parts.log.warn('live.snapshot_failed', { error });
        subscriber.socket.disconnect(true);
      });
    }
  }
}

