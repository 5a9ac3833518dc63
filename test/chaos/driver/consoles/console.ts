import { io, type Socket } from 'socket.io-client';
import { monotonicMs } from '../../history/recorder';
import { type Applied, ReplicaState } from './replica';
import type { EventsFrame, SnapshotFrame, SubscribeAnswer } from './wire';
import * as parser from './wire-parser';

export interface ConsoleOptions {
  readonly gateway: string;
  readonly token: string;
  /** Sees every frame before it is applied, for the search of canaries. */
  readonly onFrame?: (frame: object) => void;
  readonly onApplied?: (applied: readonly Applied[]) => void;
  readonly onChange?: (what: 'connected' | 'disconnected' | 'snapshot') => void;
}

const againMs = 300;
const answerMs = 10_000;
/** The gateway says something at least every 2 s. */
const silenceMs = 8_000;

/** One console: connects whenever it can, subscribes from its cursor, keeps its replica. */
export class Console {
  readonly replica = new ReplicaState();
  private readonly socket: Socket;
  private readonly watch: NodeJS.Timeout;
  private heardAt = monotonicMs();
  private isClosed = false;

  constructor(private readonly options: ConsoleOptions) {
    const { gateway, token } = options;
    this.socket = io(`${gateway}/console`, {
      auth: { token },
      transports: ['websocket'],
      // 500 that knock three times a second would be most of what a start has to wait for.
      reconnectionDelay: 500,
      reconnectionDelayMax: 2_000,
      forceNew: true,
      parser,
    });
    this.socket.on('connect', () => this.subscribe());
    this.socket.on('snapshot', (frame: SnapshotFrame) => this.replace(frame));
    this.socket.on('events', (frame: EventsFrame) => this.apply(frame));
    this.socket.on('heartbeat', ({ cursor }: { cursor: string }) => {
      this.heardAt = monotonicMs();
      // Before the answer to `subscribe` a heartbeat would say more than we hold.
      if (this.replica.cursor !== undefined) this.replica.cursor = cursor;
    });
    this.socket.on('disconnect', () => {
      options.onChange?.('disconnected');
      this.connectAgain();
    });
    this.socket.on('connect_error', () => this.connectAgain());
    this.watch = setInterval(() => this.hangUpSilence(), 1_000);
  }

  get isLive(): boolean {
    return this.socket.connected && this.replica.cursor !== undefined;
  }

  close(): void {
    this.isClosed = true;
    clearInterval(this.watch);
    this.socket.disconnect();
  }

  private subscribe(): void {
    this.heardAt = monotonicMs();
    this.options.onChange?.('connected');
    const wish = this.replica.cursor === undefined ? {} : { after: this.replica.cursor };
    const asked = this.socket.timeout(answerMs);
    asked.emit('subscribe', wish, (error: Error | null, answer: SubscribeAnswer) => {
      if (error !== null || 'code' in answer) return void setTimeout(() => this.startAgain(), againMs);
      if ('snapshot' in answer) this.replace(answer);
      else this.apply(answer);
    });
  }

  private replace(frame: SnapshotFrame): void {
    this.heardAt = monotonicMs();
    this.options.onFrame?.(frame);
    this.replica.replace(frame, Date.now());
    this.options.onChange?.('snapshot');
  }

  private apply(frame: EventsFrame): void {
    this.heardAt = monotonicMs();
    this.options.onFrame?.(frame);
    const applied = this.replica.apply(frame);
    if (applied.length > 0) this.options.onApplied?.(applied);
  }

  /** socket.io-client tries again by itself unless the server itself said no. */
  private connectAgain(): void {
    setTimeout(() => {
      if (!this.isClosed && !this.socket.active) this.socket.connect();
    }, againMs);
  }

  private startAgain(): void {
    if (!this.isClosed && this.socket.connected) this.socket.disconnect().connect();
  }

  /** A peer that stands still, or a connection that is only half there. */
  private hangUpSilence(): void {
    if (monotonicMs() - this.heardAt < silenceMs) return;
    this.heardAt = monotonicMs();
    this.startAgain();
  }
}
