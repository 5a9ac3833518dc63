import { createHash } from 'node:crypto';
import { anEvent } from '@tocsin/testing';
import fc from 'fast-check';
import { bodyHashOf, canonicalEnvelope, canonicalJson, chainEvents, chainHash, type Envelope } from '../index.js';

const envelope: Envelope = {
  stream: '0193f1c2-7a4e-7c31-9d0a-5f6b7c8d9e0f',
  seq: 1,
  type: 'alert.accepted',
  at: '2026-11-24T18:00:00.000001Z',
  occurredAt: null,
  actorKind: 'source',
  actorId: 'panels',
  onBehalfOf: null,
  reality: 'actual',
  agency: 'unit',
  site: 'north-depot',
};
const salt = '000102030405060708090a0b0c0d0e0f';
const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
const sha256 = (...parts: (Buffer | string)[]): string =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest('hex');

describe('event hash', () => {
  // Written down once: whoever changes the format breaks every log that exists.
  it('is what it has always been', () => {
    const data = canonicalJson({ key: 'door-1', count: 1 });
    const reason = canonicalJson({ code: 'accepted', params: {}, text: 'تار' });
    const body = bodyHashOf(salt, data, reason);
    expect(body).toBe(
      sha256(bytes(salt), '{"data":{"count":1,"key":"door-1"},"reason":{"code":"accepted","params":{},"text":"تار"}}'),
    );
    expect(canonicalEnvelope(envelope, body)).toBe(
      `{"actorId":"panels","actorKind":"source","agency":"unit","at":"2026-11-24T18:00:00.000001Z","bodyHash":"${body}",` +
        '"reality":"actual","seq":1,"site":"north-depot","stream":"0193f1c2-7a4e-7c31-9d0a-5f6b7c8d9e0f","type":"alert.accepted","v":1}',
    );
    const first = chainHash(null, envelope, body);
    expect(first).toBe(sha256('v1', bytes('0193f1c27a4e7c319d0a5f6b7c8d9e0f'), canonicalEnvelope(envelope, body)));
    const second = { ...envelope, seq: 2, occurredAt: envelope.at, onBehalfOf: envelope.stream, site: null };
    expect(chainHash(first, second, body)).toBe(sha256(bytes(first), canonicalEnvelope(second, body)));
    expect([body, first, chainHash(first, second, body)]).toEqual([
      '185339e058dec7b436344c6653ffe3aa0f8602d2f6e4abc741f4d7ccf126016c',
      '3233086176ace0e32b609c1a2b9984c26994754a0299adbf07c7686a0a46ce83',
      '868fb104b8e04680470a37e152bf68f6ac9d77238e716f8ac71bf2af15e72551',
    ]);
  });

  it('writes the envelope as RFC 8785 would, whatever its texts', () => {
    const text = fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed());
    const optional = fc.option(text, { nil: null });
    const any = fc.record({
      type: text,
      actorId: text,
      onBehalfOf: optional,
      reality: text,
      agency: text,
      site: optional,
      seq: fc.nat(),
    });
    fc.assert(
      fc.property(any, (over) => {
        const whole = { ...envelope, ...over };
        const { occurredAt: _, site, onBehalfOf, ...rest } = whole;
        const members = {
          ...rest,
          v: 1,
          bodyHash: 'ab',
          ...(site === null ? {} : { site }),
          ...(onBehalfOf === null ? {} : { onBehalfOf }),
        };
        expect(canonicalEnvelope(whole, 'ab')).toBe(canonicalJson(members));
      }),
    );
  });

  it('numbers without gaps, never goes back in time, and chains every event to the one before', () => {
    const growth = { stream: envelope.stream, agency: 'unit', reality: 'actual', site: null, isIncident: true };
    const events = [anEvent(), anEvent({ data: { text: 'x'.repeat(100_000) } }), anEvent()];
    const one = chainEvents(1_000_000, [{ ...growth, head: { seq: 0, hash: null, at: null }, events }]);
    const head = one.heads.get(envelope.stream);
    if (head === undefined) throw new Error('no head');
    const two = chainEvents(999_000, [{ ...growth, head, events }]);
    const rows = [...one.rows, ...two.rows];
    expect(rows.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(new Set(rows.map(({ at }) => at))).toEqual(new Set(['1970-01-01T00:00:01.000000Z']));
    expect(new Set(rows.map((row) => row.salt)).size).toBe(6);
    rows.forEach((row, index) => expect(chainHash(rows[index - 1]?.hash ?? null, row, row.bodyHash)).toBe(row.hash));
    expect(two.heads.get(envelope.stream)).toEqual({ seq: 6, hash: bytes(rows.at(-1)?.hash ?? ''), at: 1_000_000 });
  });

  it('refuses a stream that is no UUID and a hash that is none', () => {
    expect(() => chainHash(null, { ...envelope, stream: 'unit' }, 'ab')).toThrow(TypeError);
    expect(() => chainHash('ab', envelope, 'ab')).toThrow(TypeError);
  });
});
