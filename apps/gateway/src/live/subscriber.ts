import type { EventsMessage, SnapshotMessage, SubscribeAnswer, SubscribeFilter } from '@tocsin/contracts';
import type { ConfigDocument } from '@tocsin/domain';
import type { Person } from '@tocsin/operations';
import type { Audience } from '@tocsin/realtime';
import type { Socket } from 'socket.io';

/**
 * connected: nothing asked for yet. joining: buffers what its audience is sent while its snapshot or catch-up is read.
 * live: in the audience's room. behind: too much is outstanding; gets nothing until that has gone, then a snapshot.
 */
export type Mode = 'connected' | 'joining' | 'live' | 'behind';

/** One console's socket. */
export class Subscriber {
  mode: Mode = 'connected';
  audience: Audience | null = null;
  filter: SubscribeFilter = {};
  /** Frames of its audience since it began to join. */
  buffered: EventsMessage[] = [];
  /** Grows with every join: an older one that is still reading finds that it has been overtaken. */
  joins = 0;
  /** What its rights were judged by last. */
  judged: { readonly rights: string; readonly document: ConfigDocument } | null = null;
  /** The acknowledgement of a `subscribe` that is still owed. */
  private answer: ((reply: SubscribeAnswer) => void) | null = null;
  behindSinceMs = 0;
  /** Since when too much is outstanding. */
  overSinceMs = Number.POSITIVE_INFINITY;
  /** Bytes of the start that has just been sent: they do not count as lagging until they have gone. */
  allowance = 0;

  constructor(
    readonly socket: Socket,
    readonly sessionId: string,
    public person: Person,
  ) {}

  /** A `subscribe` came: what is read next answers it. One that was not answered yet is told that it is void. */
  owe(answer: (reply: SubscribeAnswer) => void): void {
    this.answer?.({ code: 'superseded', message: 'Another subscribe came after this one.' });
    this.answer = answer;
  }

  fail(code: string, message: string): void {
    this.answer?.({ code, message });
    this.answer = null;
  }

  /** As the answer that is owed, else unasked. */
  send(message: SnapshotMessage | EventsMessage): void {
    if (this.answer !== null) this.answer(message);
    else this.socket.emit('snapshot' in message ? 'snapshot' : 'events', message);
    this.answer = null;
  }

  /** Bytes handed to the socket that the kernel has not taken yet. */
  get outgoingBytes(): number {
    const { writeBuffer, transport } = this.engine;
    let bytes = transport.socket?.bufferedAmount ?? 0;
    for (const { data } of writeBuffer ?? []) bytes += typeof data === 'string' ? data.length : 0;
    return bytes;
  }

  /** Ends the connection without waiting for what is still in line. */
  cut(): void {
    terminate(this.engine);
  }

  private get engine(): EngineSocket {
    return this.socket.conn as unknown as EngineSocket;
  }
}

/** What engine.io and ws know of a connection beyond their types. */
export interface EngineSocket {
  readonly writeBuffer?: readonly { readonly data?: unknown }[];
  readonly transport: { readonly socket?: { readonly bufferedAmount?: number; terminate?(): void } };
}

export function terminate({ transport }: EngineSocket): void {
  transport.socket?.terminate?.();
}
