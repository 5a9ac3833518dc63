import { io, type Socket } from 'socket.io-client';
import { call, Refused } from '../api/http.js';
import { fetchIncident } from '../api/incidents.js';
import { useDesk } from '../desk/desk.js';
import type { EventsFrame, Heartbeat, SnapshotFrame } from '../wire.js';
import { backoffMs } from './backoff.js';
import { clock, ms } from './clock.js';
import { applyChanges, useLive } from './store.js';
import type { Change } from './world.js';

/** Frames are painted at most ten times a second when they press; a lone frame at once. */
const PAINT_EVERY_MS = 100;
/** What brings an untaken S1 waits for one frame of the screen at most. */
const URGENT_EVERY_MS = 16;
/** A socket that has said nothing for this long is given up, whatever TCP thinks of it. */
const GIVE_UP_MS = 10_000;
const ASK_AT_ONCE = 4;
const PRUNE_EVERY_MS = 60_000;

type Ack = (SnapshotFrame | EventsFrame) & { readonly code?: string };

const isUrgent = (change: Change): boolean =>
  change.kind === 'events' &&
  (change.frame.incidents ?? []).some((i) => i.severity === 'critical' && i.state === 'open');

/** Keeps one socket to the gateway, for as long as somebody is signed in: ticket, subscribe, rejoin, catch up. */
class Link {
  private socket: Socket | null = null;
  private wanted = false;
  private attempt = 0;
  private lostAt: number | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setInterval> | undefined;
  private broom: ReturnType<typeof setInterval> | undefined;
  private readonly queue: Change[] = [];
  private paintedAt = Number.NEGATIVE_INFINITY;
  private paint: ReturnType<typeof setTimeout> | undefined;
  private readonly asking = new Set<string>();
  private readonly toAsk = new Set<string>();

  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    useLive.setState({ loadingSince: performance.now() });
    this.watch = setInterval(() => this.giveUpOnSilence(), 1_000);
    this.broom = setInterval(() => this.enter({ kind: 'prune', keep: useDesk.getState().selected }), PRUNE_EVERY_MS);
    void this.connect();
  }

  stop(state: 'idle' | 'revoked' = 'idle'): void {
    this.wanted = false;
    clearTimeout(this.retry);
    clearInterval(this.watch);
    clearInterval(this.broom);
    clearTimeout(this.paint);
    this.paint = undefined;
    this.queue.length = 0;
    this.drop();
    useLive.setState({ link: state });
  }

  /** An answer of an act, or any row that came by REST, enters by the same door as the stream. */
  enter(change: Change): void {
    this.queue.push(change);
    const every = isUrgent(change) ? URGENT_EVERY_MS : PAINT_EVERY_MS;
    const wait = every - (performance.now() - this.paintedAt);
    if (wait <= 0) this.flush();
    else if (isUrgent(change) || this.paint === undefined) {
      clearTimeout(this.paint);
      this.paint = setTimeout(() => this.flush(), wait);
    }
  }

  /** Asks the server for rows that the stream could not give. */
  ask(ids: readonly string[]): void {
    for (const id of ids) if (!this.asking.has(id)) this.toAsk.add(id);
    for (const id of this.toAsk) {
      if (this.asking.size >= ASK_AT_ONCE) return;
      this.toAsk.delete(id);
      this.asking.add(id);
      void this.fetchRow(id);
    }
  }

  private async fetchRow(id: string): Promise<void> {
    const incident = await fetchIncident(id).catch((error: unknown) => {
      if (error instanceof Refused) return null;
      throw error;
    });
    this.asking.delete(id);
    if (incident) this.enter({ kind: 'row', incident });
    this.ask([]);
  }

  private flush(): void {
    clearTimeout(this.paint);
    this.paint = undefined;
    if (this.queue.length === 0) return;
    // A heartbeat paints nothing, so what comes after it need not wait.
    if (this.queue.some((change) => change.kind !== 'beat')) this.paintedAt = performance.now();
    this.ask(applyChanges(this.queue.splice(0)));
  }

  private async connect(): Promise<void> {
    useLive.setState({
      link: this.attempt === 0 && !useLive.getState().loaded ? 'connecting' : 'lost',
      nextTryAt: null,
      attempt: this.attempt,
    });
    const ticket = await call<{ token?: string; ticket?: string }>('POST', '/v1/session/socket-ticket', {
      body: {},
      timeoutMs: 4_000,
    }).catch((error: unknown) => {
      if (error instanceof Refused) return null;
      throw error;
    });
    if (!this.wanted) return;
    const token = ticket?.token ?? ticket?.ticket;
    if (!token) return this.later();
    this.open(token);
  }

  private open(token: string): void {
    const socket = io('/console', {
      auth: { token },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      timeout: 4_000,
    });
    this.socket = socket;
    const mine = (): boolean => this.socket === socket;
    socket.on('connect', () => mine() && this.subscribe(socket));
    socket.on('connect_error', () => mine() && this.later());
    socket.on('disconnect', () => mine() && this.later());
    socket.on('heartbeat', (beat: Heartbeat) => {
      if (!mine()) return;
      clock.beat(ms(beat.at));
      this.enter({ kind: 'beat', cursor: beat.cursor });
    });
    socket.on('events', (frame: EventsFrame) => mine() && this.enter({ kind: 'events', frame }));
    socket.on('snapshot', (frame: SnapshotFrame) => mine() && this.enter({ kind: 'snapshot', frame }));
    socket.on('revoked', () => mine() && this.stop('revoked'));
  }

  private subscribe(socket: Socket): void {
    const after = useLive.getState().world.cursor;
    socket.timeout(8_000).emit('subscribe', after ? { after } : {}, (error: Error | null, ack: Ack) => {
      if (this.socket !== socket) return;
      if (error || !ack || ack.code) return this.later();
      clock.heard();
      const missed = 'snapshot' in ack ? 0 : ack.events.length;
      this.enter('snapshot' in ack ? { kind: 'snapshot', frame: ack } : { kind: 'events', frame: ack });
      this.flush();
      this.attempt = 0;
      const back =
        this.lostAt === null
          ? null
          : { afterMs: performance.now() - this.lostAt, events: missed, at: performance.now() };
      this.lostAt = null;
      useLive.setState({
        link: 'live',
        attempt: 0,
        nextTryAt: null,
        ...(back && back.afterMs > 2_000 ? { back } : {}),
      });
    });
  }

  /** Rejoins after a pause that grows with the tries and differs from desk to desk. */
  private later(): void {
    this.drop();
    if (!this.wanted) return;
    this.lostAt ??= performance.now() - Math.min(clock.silence(), 60_000);
    this.attempt += 1;
    const wait = backoffMs(this.attempt, Math.random());
    useLive.setState({
      link: useLive.getState().loaded ? 'lost' : 'connecting',
      attempt: this.attempt,
      nextTryAt: performance.now() + wait,
    });
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.connect(), wait);
  }

  private giveUpOnSilence(): void {
    if (this.socket?.connected && useLive.getState().link === 'live' && clock.silence() > GIVE_UP_MS) this.later();
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    socket?.removeAllListeners();
    socket?.disconnect();
  }
}

export const link = new Link();
