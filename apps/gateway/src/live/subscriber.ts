import type { EventsMessage, SubscribeFilter } from '@tocsin/contracts';
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
  behindSinceMs = 0;
  /** Bytes of a snapshot that has just been sent: they do not count as lagging until they have gone. */
  allowance = 0;

  constructor(
    readonly socket: Socket,
    readonly sessionId: string,
    public person: Person,
  ) {}

  /** Bytes handed to the socket that the kernel has not taken yet. */
  get outgoingBytes(): number {
    const { conn } = this.socket;
    const waiting = conn as unknown as { writeBuffer?: readonly { data?: unknown }[]; transport?: { socket?: { bufferedAmount?: number } } };
    let bytes = waiting.transport?.socket?.bufferedAmount ?? 0;
    for (const { data } of waiting.writeBuffer ?? []) bytes += typeof data === 'string' ? data.length : 0;
    return bytes;
  }
}
