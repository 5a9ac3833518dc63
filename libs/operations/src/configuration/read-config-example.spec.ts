import { join } from 'node:path';
import { roles } from '@tocsin/domain';
import { documentOf, readConfig } from './read-config.js';

describe('the example unit', () => {
  const read = readConfig(join(__dirname, '..', '..', '..', '..', 'config', 'islamabad'));
  if (!read.ok) throw new Error('it has faults');
  const { warnings } = read;
  const unit = documentOf(read.files, null, (slug) => slug);

  it('is as large as a real one, without a warning', () => {
    expect(warnings).toEqual([]);
    expect([unit.sites.length, unit.teams.length, unit.people.filter(({ test }) => !test).length]).toEqual([12, 5, 30]);
    expect(new Set(unit.sites.flatMap(({ groups }) => groups))).toEqual(new Set(['north', 'centre', 'south']));
    expect(unit.sites.filter(({ zones }) => zones.length !== 3)).toEqual([]);
  });

  it('speaks English, Urdu and Chinese everywhere', () => {
    const named = [
      unit.agency,
      ...unit.sites,
      ...unit.sites.flatMap(({ zones }) => zones),
      ...unit.teams,
      ...unit.people,
      ...unit.schedules,
      ...unit.policies,
      ...unit.sources,
    ];
    for (const { name } of named) {
      expect(name).toEqual({
        en: expect.stringMatching(/^[\x20-\x7e]+$/),
        ur: expect.stringMatching(/[\u0600-\u06ff]/),
        zh: expect.any(String),
      });
    }
    expect(new Set(unit.people.map(({ language }) => language))).toEqual(new Set(['en', 'ur', 'zh']));
  });

  it('has every role, the first of each with the whole unit, and one admin', () => {
    for (const role of roles) {
      const [first] = unit.people.filter(({ grants }) => grants.some((grant) => grant.role === role));
      expect(first?.grants).toEqual([{ role, scope: { kind: 'unit' } }]);
    }
    expect(unit.people.filter(({ grants }) => grants.some(({ role }) => role === 'admin'))).toHaveLength(1);
  });

  it('sends nothing out of the machine before somebody says so', () => {
    expect(unit.channels).toEqual([]);
    const addresses = unit.people.flatMap(({ contacts }) => contacts.flatMap(({ address }) => address ?? []));
    expect(addresses.filter((address) => !address.endsWith('@example.org'))).toEqual([]);
  });

  it('has one open door for everything, one for monitoring, and panels that speak for one site', () => {
    const [city, alertmanager, ...panels] = unit.sources;
    expect(city).toMatchObject({ protocol: 'http', scope: [{ kind: 'unit' }], budget: { perSecond: 1_000 } });
    expect(alertmanager).toMatchObject({ protocol: 'alertmanager', scope: [{ kind: 'unit' }] });
    expect(panels.filter(({ scope }) => scope.some(({ kind }) => kind === 'site')).length).toBeGreaterThanOrEqual(4);
  });
});
