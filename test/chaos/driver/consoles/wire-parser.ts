import { EventEmitter } from 'node:events';

/** A packet of Socket.IO protocol 5 without attachments. */
interface Packet {
  readonly type: number;
  readonly nsp: string;
  readonly id?: number;
  readonly data?: unknown;
}

/** The last frames as text and as what they mean: a gateway sends the same bytes to every console of one sight. */
const known = new Map<string, Packet>();
const knownMost = 64;
/** What a frame looked like on the wire, by the object that its listeners are handed. */
const texts = new WeakMap<object, string>();
export const textOf = (frame: object): string => texts.get(frame) ?? '';
const shape = /^(\d)(?:(\/[^,]*),)?(\d*)/;

/**
 * The parser that `io()` is given, so that 500 consoles of one process read each frame once. The parts of what it
 * hands out are shared: nobody may change them.
 */
export class Decoder extends EventEmitter {
  add(text: string): void {
    const packet = packetOf(text);
    // socket.io-client puts its own arguments into the list that it is handed.
    this.emit('decoded', Array.isArray(packet.data) ? { ...packet, data: [...(packet.data as unknown[])] } : packet);
  }

  destroy(): void {}
}

export class Encoder {
  encode({ type, nsp, id, data }: Packet): string[] {
    return [`${type}${nsp},${id ?? ''}${data === undefined ? '' : JSON.stringify(data)}`];
  }
}

function packetOf(text: string): Packet {
  const seen = known.get(text);
  if (seen !== undefined) return seen;
  const [head, type, nsp = '/', id] = shape.exec(text) ?? [''];
  const rest = text.slice(head.length);
  const packet: Packet = {
    type: Number(type),
    nsp,
    ...(id ? { id: Number(id) } : {}),
    ...(rest === '' ? {} : { data: JSON.parse(rest) as unknown }),
  };
  for (const part of Array.isArray(packet.data) ? (packet.data as unknown[]) : [])
    if (typeof part === 'object' && part !== null) texts.set(part, text);
  if (known.size >= knownMost) known.delete(known.keys().next().value ?? '');
  known.set(text, packet);
  return packet;
}
