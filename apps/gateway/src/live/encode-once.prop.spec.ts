import fc from 'fast-check';
import { Decoder as TheirDecoder, Encoder as TheirEncoder, type Packet, PacketType } from 'socket.io-parser';
import { Encoder, jsonOnce } from './encode-once.js';

const ours = new Encoder();
const theirs = new TheirEncoder();
const packets = fc.record({
  type: fc.constantFrom(PacketType.EVENT, PacketType.ACK),
  nsp: fc.constantFrom('/', '/console'),
  id: fc.option(fc.nat(), { nil: undefined }),
  data: fc.array(fc.jsonValue()),
}) as fc.Arbitrary<Packet>;

it('writes what Socket.IO itself would write', () => {
  fc.assert(fc.property(packets, (packet) => expect(ours.encode(packet)).toEqual(theirs.encode({ ...packet }))));
  for (const packet of [
    { type: PacketType.CONNECT, nsp: '/console', data: { sid: 'a' } },
    { type: PacketType.DISCONNECT, nsp: '/console' },
    { type: PacketType.CONNECT_ERROR, nsp: '/', data: { message: 'no-session' } },
    { type: PacketType.EVENT, nsp: '/', data: ['word', undefined] },
  ] as Packet[])
    expect(ours.encode(packet)).toEqual(theirs.encode({ ...packet }));
});

it('makes the JSON of a message once, for a broadcast as for answers', () => {
  let made = 0;
  const message = { toJSON: () => ({ made: (made += 1) }) };
  const event = ours.encode({ type: PacketType.EVENT, nsp: '/console', data: ['events', message] } as Packet);
  const answers = [1, 2].map((id) =>
    ours.encode({ type: PacketType.ACK, nsp: '/console', id, data: [message] } as Packet),
  );
  expect([event, ...answers].flat()).toEqual([
    '2/console,["events",{"made":1}]',
    '3/console,1[{"made":1}]',
    '3/console,2[{"made":1}]',
  ]);
  expect(jsonOnce(message).length).toBe('{"made":1}'.length);
});

it('is read by their decoder', () => {
  const decoder = new TheirDecoder();
  const read: Packet[] = [];
  decoder.on('decoded', (packet: Packet) => read.push(packet));
  for (const text of ours.encode({ type: PacketType.ACK, nsp: '/console', id: 3, data: [{ a: 'ا' }] } as Packet))
    decoder.add(text);
  expect(read).toMatchObject([{ type: PacketType.ACK, nsp: '/console', id: 3, data: [{ a: 'ا' }] }]);
});
