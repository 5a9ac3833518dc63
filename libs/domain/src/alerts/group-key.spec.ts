import { groupKey, isLifeSafety, laneOf, severities, systemGroupKey } from '../index.js';

const of = {
  agency: 'unit',
  site: 'depot',
  category: 'intrusion',
  reality: 'actual',
  source: 'panels',
  zone: 'gate',
} as const;

it('one incident per agency, site, category, reality', () => {
  expect(groupKey({ ...of, zone: 'roof', source: 'cameras' })).toBe(groupKey(of));
  for (const other of [{ agency: 'b' }, { site: 'villa' }, { category: 'fire' }, { reality: 'exercise' as const }]) {
    expect(groupKey({ ...of, ...other })).not.toBe(groupKey(of));
  }
});

it.each(['panic', 'duress', 'hold-up'])('%s: by source and zone as well', (category) => {
  expect(groupKey({ ...of, category, zone: 'roof' })).not.toBe(groupKey({ ...of, category }));
  expect(groupKey({ ...of, category, source: 'cameras' })).not.toBe(groupKey({ ...of, category }));
});

it('no value forges the key of another', () => {
  expect(groupKey({ ...of, site: 'a","b', category: 'c' })).not.toBe(groupKey({ ...of, site: 'a', category: 'b","c' }));
  expect(groupKey({ ...of, site: null })).not.toBe(groupKey({ ...of, site: 'null' }));
  expect(systemGroupKey('unit', 'x')).not.toBe(systemGroupKey('unit', 'y'));
});

it('lanes: critical, high, medium, the rest', () => {
  expect(severities.map(laneOf)).toEqual([0, 1, 2, 3, 3]);
});

it('life safety is these five', () => {
  expect(['panic', 'duress', 'hold-up', 'medical', 'fire', 'intrusion', 'technical'].map(isLifeSafety)).toEqual([
    true,
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
});
