import fc from 'fast-check';
import type { AlertItem, AlertmanagerAlert, SourceConfig } from '../index.js';
import {
  categories,
  isWorse,
  labelSetKey,
  normaliseAlert,
  normaliseAlertmanager,
  realities,
  severities,
} from '../index.js';

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const labels = fc.dictionary(fc.string(), fc.string(), { maxKeys: 8 });
const defaults: fc.Arbitrary<SourceConfig['defaults']> = fc.record({
  site: maybe(fc.string()),
  category: maybe(fc.constantFrom(...categories)),
  severity: maybe(fc.constantFrom(...severities)),
});
const item: fc.Arbitrary<AlertItem> = fc.record({
  key: fc.string({ minLength: 1 }),
  site: maybe(fc.string()),
  zone: maybe(fc.string()),
  category: maybe(fc.oneof(fc.constantFrom<string>(...categories), fc.string())),
  severity: maybe(fc.constantFrom(...severities)),
  status: maybe(fc.constantFrom('firing' as const, 'resolved' as const)),
  title: maybe(fc.string()),
  description: maybe(fc.string()),
  occurredAt: maybe(fc.oneof(fc.string(), fc.constant('2026-11-24T18:00:00Z'))),
  labels: maybe(labels),
  reality: maybe(fc.constantFrom(...realities)),
});

const reversed = <T extends object>(of: T): T => Object.fromEntries(Object.entries(of).reverse()) as T;

it('an alert: total, idempotent, and no matter in which order its fields come', () => {
  fc.assert(
    fc.property(item, defaults, (of, source) => {
      const signal = normaliseAlert(of, source);
      expect(normaliseAlert(reversed(of), source)).toEqual(signal);
      const { occurredAt: _, startsAt: __, endsAt: ___, site, zone, description, location, lang, ...rest } = signal;
      const again = {
        ...rest,
        site: site ?? undefined,
        zone: zone ?? undefined,
        description: description ?? undefined,
        location: location ?? undefined,
        lang: lang ?? undefined,
      };
      expect(normaliseAlert(again, source)).toEqual({ ...signal, occurredAt: null });
      expect(severities).toContain(signal.severity);
    }),
  );
});

it('Alertmanager: total; the key is the label set and depends on nothing else', () => {
  const alert: fc.Arbitrary<AlertmanagerAlert> = fc.record({
    status: maybe(fc.string()),
    labels,
    annotations: maybe(labels),
    startsAt: maybe(fc.string()),
    endsAt: maybe(fc.string()),
    generatorURL: maybe(fc.string()),
  });
  fc.assert(
    fc.property(alert, defaults, (of, source) => {
      const signal = normaliseAlertmanager(of, source);
      expect(signal.key).toBe(labelSetKey(of.labels));
      expect(normaliseAlertmanager({ labels: reversed(of.labels) }, source).key).toBe(signal.key);
      expect(signal.title.length).toBeLessThanOrEqual(512);
    }),
  );
});

it('different label sets have different keys', () => {
  fc.assert(
    fc.property(labels, labels, (a, b) => {
      const same = JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
      expect(labelSetKey(a) === labelSetKey(b)).toBe(same);
    }),
  );
});

describe('severity, when none is said', () => {
  it.each([
    ['panic', 'critical'],
    ['duress', 'critical'],
    ['hold-up', 'critical'],
    ['fire', 'critical'],
    ['medical', 'critical'],
    ['intrusion', 'high'],
    ['tamper', 'medium'],
    ['supervision', 'medium'],
    ['technical', 'low'],
    ['something-new', 'high'],
  ])('%s is %s', (category, severity) => {
    expect(normaliseAlert({ key: 'k', category }, {}).severity).toBe(severity);
  });

  it('a panic is critical whatever its source usually sends', () => {
    expect(normaliseAlert({ key: 'k', category: 'panic' }, { severity: 'low' }).severity).toBe('critical');
    expect(normaliseAlert({ key: 'k' }, { severity: 'low', category: 'panic' }).severity).toBe('low');
    expect(isWorse('high', 'low')).toBe(true);
  });
});

describe('Alertmanager', () => {
  const labelled = (over: Record<string, string>): AlertmanagerAlert => ({
    labels: { alertname: 'DiskFull', ...over },
  });

  it.each([
    ['critical', 'critical'],
    ['page', 'critical'],
    ['error', 'high'],
    ['warning', 'medium'],
    ['info', 'info'],
    ['none', 'info'],
    ['Critical', 'critical'],
    ['odd', 'high'],
    ['__proto__', 'high'],
  ])('severity %s is %s', (word, severity) => {
    expect(normaliseAlertmanager(labelled({ severity: word }), {}).severity).toBe(severity);
  });

  it('tells what its labels and annotations tell', () => {
    const signal = normaliseAlertmanager(
      {
        status: 'resolved',
        labels: { alertname: 'DiskFull', site: 'depot', zone: 'rack' },
        annotations: { summary: 'Disk full', description: 'Long' },
        startsAt: '2026-11-24T18:00:00Z',
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: 'https://prom.example/graph',
      },
      { site: 'villa' },
    );
    expect(signal).toMatchObject({
      key: '{alertname="DiskFull",site="depot",zone="rack"}',
      status: 'resolved',
      site: 'depot',
      zone: 'rack',
      category: 'monitoring',
      title: 'Disk full',
      description: 'Long',
      endsAt: null,
      links: [{ href: 'https://prom.example/graph' }],
    });
    expect(normaliseAlertmanager(labelled({}), { site: 'villa' })).toMatchObject({
      site: 'villa',
      title: 'DiskFull',
      status: 'firing',
      reality: 'actual',
    });
  });

  it('cuts no character in half', () => {
    const title = normaliseAlertmanager({ labels: {}, annotations: { summary: `${'x'.repeat(511)}😀` } }, {}).title;
    expect(title).toBe('x'.repeat(511));
  });

  it('follows no link that a browser would run', () => {
    expect(normaliseAlertmanager({ labels: {}, generatorURL: 'javascript:alert(1)' }, {}).links).toEqual([]);
  });
});
