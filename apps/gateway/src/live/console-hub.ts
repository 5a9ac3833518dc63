import type {
  EventsMessage,
  RevokedMessage,
  SnapshotMessage,
  SubscribeAnswer,
  SubscribeFilter,
  SubscribeMessage,
} from '@tocsin/contracts';
import { instantText } from '@tocsin/domain';
import { type Person, seesAnything, sightOf } from '@tocsin/operations';
import { type Audience, audienceOf, Follower } from '@tocsin/realtime';
import type { Namespace, Socket } from 'socket.io';
import { Parts } from '../parts.js';
import { framesFor } from './frames.js';
import { type Batch, LogReader } from './read-log.js';
import { StartGate } from './start-gate.js';
import { Starts } from './starts.js';
import type { Subscriber } from './subscriber.js';
import { logCursor, wireCursor } from './wire-cursor.js';

const catchUp = { rows: 5_000, transactions: 50_000 };
const settleMs = 20;
/** Of snapshots and catch-ups that sockets have not taken yet. */
const startBytesMost = 192 * 1_048_576;
const sentBytes = 65_536;
/** A console that takes longer is slow and no longer waited for. */
const sentWithinMs = 5_000;
/** A gateway that has not been able to read for this long does not claim to be up to date. */
const staleMs = 3_000;

/** All consoles of this gateway: what the log tells goes to the rooms of those who may see it. */
export class ConsoleHub {
  readonly subscribers = new Map<string, Subscriber>();
  readonly follower: Follower<Batch>;
  private readonly reader: LogReader;
  private readonly starts: Starts;
  private readonly audiences = new Map<string, { readonly audience: Audience; readonly members: Set<Subscriber> }>();
  private namespace: Namespace | undefined;
  private readonly gate = new StartGate(startBytesMost);
  private before = '';
  private readonly age;

  constructor(private readonly parts: Parts) {
    this.age = parts.metrics.histogram('gateway_event_age_seconds', 'From an event to its frame');
    this.reader = new LogReader(parts.livePool, parts.context.config);
    this.starts = new Starts((audience, after) =>
      after === null ? this.snapshotOf(audience) : this.missedSince(after, audience),
    );
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

  /** The client's wish; a second one replaces the first. */
  async subscribe(
    subscriber: Subscriber,
    { after, filter = {} }: SubscribeMessage,
    answer: (reply: SubscribeAnswer) => void,
  ): Promise<void> {
    subscriber.owe(answer);
    subscriber.filter = filter;
    const { document } = await this.parts.context.config.current();
    const sight = sightOf(subscriber.person, document.sites);
    // The next look at everybody's rights may be 2 s away.
    if (!seesAnything(sight)) return this.revoke(subscriber, 'no-rights');
    await this.join(subscriber, audienceOf(sight, filter), after ?? null);
  }

  /** Rights changed: another audience means another room and a snapshot that replaces all that the client holds. */
  async moveTo(subscriber: Subscriber, person: Person): Promise<void> {
    subscriber.person = person;
    if (subscriber.audience === null) return;
    const audience = await this.audienceFor(person, subscriber.filter);
    if (audience.room !== subscriber.audience.room) this.resend(subscriber, audience);
  }

  /** Sends a snapshot unasked: too far behind, another life of PostgreSQL, other rights. A console that cannot have one is let go. */
  resend(subscriber: Subscriber, audience = subscriber.audience): void {
    if (audience === null) return;
    this.join(subscriber, audience, null).catch((error: unknown) => {
      this.parts.log.warn('live.snapshot_failed', { error });
      subscriber.socket.disconnect(true);
    });
  }

  /** Takes a lagging socket out of its room: its memory stops growing. */
  fallBehind(subscriber: Subscriber): void {
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
    const at = instantText(Date.now() * 1_000);
    for (const [room, { audience }] of this.audiences)
      this.namespace?.to(room).emit('heartbeat', { cursor: wireCursor(cursor, audience), at });
  }

  private async audienceFor(person: Person, filter: SubscribeFilter): Promise<Audience> {
    const { document } = await this.parts.context.config.current();
    return audienceOf(sightOf(person, document.sites), filter);
  }

  /** `after` null = a snapshot. */
  private async join(subscriber: Subscriber, audience: Audience, after: string | null): Promise<void> {
    this.leave(subscriber);
    subscriber.joins += 1;
    const own = subscriber.joins;
    // Registered before anything is read: what is committed meanwhile is buffered here or collected by the start.
    this.enter(subscriber, audience);
    try {
      await this.begin(subscriber, audience, after === null ? null : logCursor(after, audience));
    } catch (error) {
      // Nothing is buffered for a join that failed.
      if (subscriber.joins === own) this.leave(subscriber);
      throw error;
    }
  }

  private async begin(subscriber: Subscriber, audience: Audience, after: string | null): Promise<void> {
    const own = subscriber.joins;
    let start = await this.starts.of(audience, after);
    const { bytes } = start;
    const waited = await this.gate.enter(bytes);
    if (waited && subscriber.joins === own)
      start = await this.starts.of(audience, after).catch((error: unknown) => this.gate.giveUp(bytes, error));
    if (subscriber.joins !== own) return this.gate.leave(bytes);
    // crash-point: live.before-start
    // As much again may come on top.
    subscriber.allowance = 2 * start.bytes;
    subscriber.send(start.message);
    subscriber.buffered = [...start.frames];
    this.goLiveSoon(subscriber, audience, own);
    this.leaveGateWhenSent(subscriber, bytes);
  }

  private async snapshotOf(audience: Audience): Promise<SnapshotMessage> {
    const { cursor, snapshot } = await this.reader.snapshot(audience);
    return { cursor: wireCursor(cursor, audience), snapshot };
  }

  /** One frame, however long: it is the answer. Null: too much, or the cursor is of another life of PostgreSQL. */
  private async missedSince(after: string, audience: Audience): Promise<EventsMessage | null> {
    const missed = await this.reader.since(after, catchUp);
    if (missed === null) return null;
    const held = wireCursor(missed.cursor, audience);
    const frames = missed.batch === null ? [] : framesFor(audience, missed.batch, { before: held, after: held });
    return {
      cursor: held,
      events: frames.flatMap(({ events }) => events),
      incidents: frames.flatMap(({ incidents }) => incidents),
    };
  }

  private leaveGateWhenSent(subscriber: Subscriber, bytes: number): void {
    const until = performance.now() + sentWithinMs;
    const look = (): void => {
      const isSent =
        subscriber.outgoingBytes < sentBytes || subscriber.socket.disconnected || performance.now() > until;
      if (isSent) this.gate.leave(bytes);
      else setTimeout(look, settleMs).unref();
    };
    setImmediate(look);
  }

  /**
   * What came meanwhile follows a little after the answer: a client that awaits its acknowledgement as a promise would
   * otherwise be handed both in one turn, the frames first.
   */
  private goLiveSoon(subscriber: Subscriber, audience: Audience, own: number): void {
    setTimeout(() => {
      if (subscriber.joins !== own) return;
      for (const frame of subscriber.buffered) subscriber.socket.emit('events', frame);
      subscriber.buffered = [];
      subscriber.mode = 'live';
      void subscriber.socket.join(audience.room);
    }, settleMs).unref();
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
    const known = this.audiences.get(audience.room);
    known?.members.delete(subscriber);
    if (known?.members.size === 0) this.audiences.delete(audience.room);
    subscriber.audience = null;
    subscriber.mode = 'connected';
  }

  /** Encoded once per audience: the room's broadcast hands the same bytes to all its sockets. */
  private emit(batch: Batch): void {
    // crash-point: live.before-emit
    const latest = batch.events.at(-1)?.view.at;
    if (latest !== undefined) this.age.observe(Math.max(0, Date.now() - Date.parse(latest)) / 1_000);
    const rooms = new Map(
      [...this.starts.audiences(), ...[...this.audiences.values()].map(({ audience }) => audience)].map((audience) => [
        audience.room,
        audience,
      ]),
    );
    for (const [room, audience] of rooms) {
      const cursors = {
        before: wireCursor(this.before, audience),
        after: wireCursor(this.follower.cursor ?? '', audience),
      };
      const frames = framesFor(audience, batch, cursors);
      if (frames.length === 0) continue;
      this.starts.collect(room, frames);
      for (const member of this.audiences.get(room)?.members ?? [])
        if (member.mode === 'joining') member.buffered.push(...frames);
      for (const frame of frames) this.namespace?.to(room).emit('events', frame);
    }
  }

  /** Another life of PostgreSQL: its old events can no longer be told apart, so everybody begins anew. */
  private startOver(): void {
    this.starts.clear();
    for (const subscriber of this.subscribers.values()) this.resend(subscriber);
  }
}
