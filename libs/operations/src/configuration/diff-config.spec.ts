import type { ConfigDocument } from '@tocsin/domain';
import { diffConfig, diffText } from './diff-config.js';
import { documentOf, readConfig } from './read-config.js';

function example(): ConfigDocument {
  const read = readConfig(`${__dirname}/../../../../config/islamabad`);
  if (!read.ok) throw new Error('the example has faults');
  return documentOf(read.files, null, (slug) => slug);
}

describe('the difference of two configurations', () => {
  const before = example();

  it('is empty for the same document, and everything before the first', () => {
    expect(diffConfig(before, structuredClone(before))).toEqual([]);
    expect(new Set(diffConfig(null, before).map(({ change }) => change))).toEqual(new Set(['added']));
  });

  it('names kind, id and field', () => {
    const [site, ...sites] = structuredClone(before.sites);
    const after = {
      ...before,
      sites: [{ ...site, code: '77' }, ...sites.slice(1)],
      timing: { ...before.timing, takenIdleS: 120 },
    } as ConfigDocument;
    expect(diffText(diffConfig(before, after)).split('\n')).toEqual([
      '~ Unit islamabad',
      '    timing.takenIdleS: 300 -> 120',
      '~ Site margalla-guest-house',
      '    code: 01 -> 77',
      `- Site ${sites[0]?.id}`,
    ]);
  });

  it('counts the order of routes as a rule', () => {
    const [first, second, ...others] = before.routes;
    const routes = [second, first, ...others] as ConfigDocument['routes'];
    expect(diffConfig(before, { ...before, routes })).toMatchObject([
      { kind: 'Route', id: 'system-faults', change: 'moved' },
    ]);
    expect(diffConfig(before, { ...before, routes: before.routes.slice(1) })).toMatchObject([
      { kind: 'Route', id: 'tests', change: 'removed' },
    ]);
  });
});
