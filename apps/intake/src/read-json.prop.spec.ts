import fc from 'fast-check';
import { readJson } from './read-json.js';
import { Refusal } from './refusal.js';

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');
function outcome(body: Buffer): unknown {
  try {
    return { value: readJson(body) };
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}
const wellFormed = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 5 },
    wellFormed,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      wellFormed.filter((name) => name !== '__proto__' && name !== 'constructor'),
      tie('value'),
      { maxKeys: 5 },
    ),
  ),
}));

describe('readJson', () => {
  it('reads what JSON.parse reads, with white space and escapes as they come', () => {
    fc.assert(
      fc.property(anyValue, fc.nat(4), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const escaped = text.replace(
          /[\u0080-\uffff]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
        expect(outcome(bytes(text))).toEqual({ value: JSON.parse(text) });
        expect(outcome(bytes(escaped))).toEqual({ value: JSON.parse(text) });
      }),
      { numRuns: 2_000 },
    );
  });

  it('has an answer for every text and every run of bytes', () => {
    const nearly = fc.string({
      unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', 'u', '0', '1', 'a', ' ', 'null', '"a"'),
    });
    fc.assert(
      fc.property(
        fc.oneof(
          nearly.map(bytes),
          fc.uint8Array().map((array) => Buffer.from(array)),
        ),
        (body) => void outcome(body),
      ),
      { numRuns: 5_000 },
    );
  });

  it('finds a name that stands twice, wherever it stands, and says where', () => {
    const place = fc.array(fc.constantFrom('o', 'a'), { maxLength: 8 });
    fc.assert(
      fc.property(
        place,
        fc.string({ unit: fc.constantFrom('x', '"', '\\', ':', '{', 'é'), minLength: 1, maxLength: 4 }),
        (levels, name) => {
          const twice = `{"before":[":",{"x":"}"}],${JSON.stringify(name)}:1,"between":"${'\\"'}:",${JSON.stringify(name)}:2}`;
          const text = levels.reduce((inner, level) => (level === 'o' ? `{"in":${inner}}` : `["x",${inner}]`), twice);
          expect(outcome(bytes(text))).toBe('duplicate-name');
          try {
            readJson(bytes(text));
          } catch (error) {
            expect((error as Refusal).errors).toHaveLength(1);
          }
        },
      ),
    );
  });

  it('refuses half of a surrogate pair and U+0000 in any text or name', () => {
    for (const text of ['{"a":"\\ud800"}', '["\\udc00"]', '{"\\u0000":1}', '"\\ud800x"', '{"a":{"b":["\\u0000"]}}'])
      expect(outcome(bytes(text))).toBe('forbidden-text');
    expect(outcome(bytes('"\\ud83d\\ude00"'))).toEqual({ value: '😀' });
  });

  it('counts depth outside texts only', () => {
    expect(outcome(bytes(`"${'['.repeat(50)}"`))).toEqual({ value: '['.repeat(50) });
    expect(outcome(bytes('['.repeat(16) + ']'.repeat(16)))).toMatchObject({ value: expect.any(Array) });
    expect(outcome(bytes('['.repeat(17) + ']'.repeat(17)))).toBe('too-deep');
  });
});
