import { categories, severities } from '@tocsin/domain';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { AlertItem, AlertmanagerMessage, compileValidator, plainValidator } from '../index.js';

const odd = fc.oneof(
  fc.constantFrom(null, undefined, '', ' ', 0, -1, 1e9, true, [], {}, 'x'.repeat(600)),
  fc.string(),
  fc.double(),
);
const time = fc.oneof(
  fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((date) => date.toISOString()),
  odd,
);
const anyOf = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 6, arbitrary }, { weight: 1, arbitrary: odd });
const text = fc.string({ minLength: 1, maxLength: 20 });

const anyItem = fc.record(
  {
    key: anyOf(text),
    status: anyOf(fc.constantFrom('firing', 'resolved')),
    site: anyOf(text),
    zone: anyOf(text),
    category: anyOf(fc.constantFrom(...categories)),
    severity: anyOf(fc.constantFrom(...severities)),
    title: anyOf(text),
    description: anyOf(text),
    occurredAt: time,
    location: anyOf(
      fc.record(
        {
          lat: anyOf(fc.double({ min: -90, max: 90 })),
          lon: anyOf(fc.integer({ min: -180, max: 180 })),
          accuracyM: odd,
        },
        { requiredKeys: [] },
      ),
    ),
    labels: anyOf(fc.dictionary(text, anyOf(text))),
    links: anyOf(
      fc.array(anyOf(fc.record({ href: anyOf(fc.webUrl()), text: odd, more: odd }, { requiredKeys: ['href'] }))),
    ),
    reality: anyOf(fc.constantFrom('actual', 'exercise', 'test')),
    more: odd,
    constructor: odd,
    toString: odd,
  },
  { requiredKeys: ['key', 'site', 'title'] },
);
/** As JSON would carry it: what is undefined is absent. */
const json = (value: unknown): object => JSON.parse(JSON.stringify(value)) as object;

/** Where the two differ on purpose: an array in an object's place, which class-validator takes, and names that every object inherits, which its transformer trips over or drops. */
function isAgreed(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every((item) => !Array.isArray(item) && isAgreed(item));
  return Object.entries(value).every(([name, inner]) => !(name in Object.prototype) && isAgreed(inner));
}

describe('the compiled validator', () => {
  const strict = { whitelist: true, forbidNonWhitelisted: true };

  it('passes exactly what class-validator passes', () => {
    const passes = compileValidator(AlertItem, { foreign: false });
    fc.assert(
      fc.property(anyItem, (value) => {
        const item = json(value);
        fc.pre(isAgreed(item));
        expect(passes(item)).toBe(validateSync(plainToInstance(AlertItem, item), strict).length === 0);
      }),
      { numRuns: 3_000 },
    );
  });

  it('does so for foreign formats with nested arrays', () => {
    const alert = fc.record({
      status: anyOf(fc.constantFrom('firing', 'resolved')),
      labels: anyOf(fc.dictionary(text, text)),
      annotations: anyOf(fc.dictionary(text, text)),
      startsAt: anyOf(time),
      more: odd,
    });
    const message = fc.record({
      version: anyOf(fc.constant('4')),
      truncatedAlerts: anyOf(fc.nat()),
      alerts: anyOf(fc.array(anyOf(alert), { maxLength: 3 })),
      more: odd,
    });
    const passes = compileValidator(AlertmanagerMessage, { foreign: true });
    fc.assert(
      fc.property(message, (value) => {
        const item = json(value);
        fc.pre(isAgreed(item));
        expect(passes(item)).toBe(validateSync(plainToInstance(AlertmanagerMessage, item)).length === 0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('says what is wrong whenever it says that something is, and never throws', () => {
    const validate = plainValidator(AlertItem, { foreign: false });
    fc.assert(
      fc.property(fc.oneof(anyItem.map(json), fc.jsonValue()), (value) => {
        const errors = validate(value, '[0]');
        for (const { path, message } of errors)
          expect([path.startsWith('[0]'), message.length > 3]).toEqual([true, true]);
        expect(errors.length === 0).toBe(compileValidator(AlertItem, { foreign: false })(value));
      }),
      { numRuns: 2_000 },
    );
  });

  it('accepts what the contract shows', () => {
    const item = {
      key: 'panel-7/zone-3',
      site: 'f-7',
      zone: 'zone-3',
      category: 'intrusion',
      severity: 'high',
      status: 'firing',
      title: 'Door forced',
      description: 'East gate',
      occurredAt: '2026-11-24T22:39:00Z',
      location: { lat: 33.7, lon: 73.1, accuracyM: 12 },
      labels: { door: '7' },
      links: [{ href: 'https://cctv.example/7', text: 'Camera' }],
      reality: 'actual',
    };
    expect(plainValidator(AlertItem, { foreign: false })(item, '')).toEqual([]);
    expect(plainValidator(AlertItem, { foreign: false })({ key: 'panel-7/zone-3', status: 'resolved' }, '')).toEqual(
      [],
    );
  });
});
