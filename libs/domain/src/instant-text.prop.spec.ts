import fc from 'fast-check';
import { instantText, parseInstant } from './index.js';

const instant = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

it('every instant survives its text, and texts sort as instants do', () => {
  fc.assert(
    fc.property(instant, instant, (a, b) => {
      expect(parseInstant(instantText(a))).toBe(a);
      expect(instantText(a) < instantText(b)).toBe(a < b);
      expect(instantText(a)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    }),
  );
});

it('any text is an instant or null, never an exception, and idempotent', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(9e12) }).map((date) => date.toISOString()),
      ),
      (text) => {
        const parsed = parseInstant(text);
        if (parsed !== null) expect(parseInstant(instantText(parsed))).toBe(parsed);
      },
    ),
  );
});

it.each([
  ['2026-11-24T22:39:00.123456Z', 1_795_559_940_123_456],
  ['2026-11-25T03:39:00.123456+05:00', 1_795_559_940_123_456],
  ['2026-11-24 22:39:00.123456+00', 1_795_559_940_123_456],
  ['2026-11-24T22:39:00.1234569Z', 1_795_559_940_123_456],
  ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1) * 1000 - 1],
  ['2026-11-24T22:39:00', null],
  ['2026-02-30T00:00:00Z', null],
  ['2026-11-24T24:00:00Z', null],
  ['2026-11-24', null],
])('%s', (text, instantOrNull) => {
  expect(parseInstant(text)).toBe(instantOrNull);
});
