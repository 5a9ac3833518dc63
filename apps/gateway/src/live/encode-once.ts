/**
 * The parser that Socket.IO is given: its own protocol 5, but a message that many sockets are sent is turned into JSON
 * once, also where each of them gets it as the answer to its own `subscribe`. Without it 500 consoles that come back
 * cost 500 encodings of all that they missed. What was handed to a socket is never changed afterwards.
 */
import { Decoder, type Packet } from 'socket.io-parser';

export { Decoder };

/** Nothing here is ever binary, so that no packet has attachments. */
export class Encoder {
  encode({ type, nsp, id, data }: Packet): [string] {
    const room = nsp === '/' ? '' : `${nsp},`;
    return [`${type}${room}${id ?? ''}${bodyOf(data as unknown)}`];
  }
}

const known = new WeakMap<object, string>();

/** The JSON of a message, made when it is first asked for. */
export function jsonOnce(message: object): string {
  const made = known.get(message) ?? JSON.stringify(message);
  known.set(message, made);
  return made;
}

/** The arguments of an event or of an acknowledgement, or what a connection is told. */
function bodyOf(data: unknown): string {
  if (data === undefined || data === null) return '';
  if (!Array.isArray(data)) return JSON.stringify(data);
  const words = data.map((one: unknown) =>
    typeof one === 'object' && one !== null ? jsonOnce(one) : (JSON.stringify(one) ?? 'null'),
  );
  return `[${words.join(',')}]`;
}
