import { bodyOf, faultsOf, momentOf, useRaise } from './raise-draft.js';

// 02:15:39 in the unit's zone.
const now = Date.UTC(2026, 9, 16, 21, 15, 39);

describe('an incident by hand', () => {
  it('reads a time of the unit as its latest moment before now', () => {
    expect(momentOf('02:13', now)).toBe(Date.UTC(2026, 9, 16, 21, 13));
    expect(momentOf('23:50', now)).toBe(Date.UTC(2026, 9, 16, 18, 50));
    expect(momentOf('02:15', now)).toBe(Date.UTC(2026, 9, 16, 21, 15));
    expect([momentOf('', now), momentOf('25:00', now), momentOf('2:1', now)]).toEqual([null, null, null]);
  });

  it('names what is still needed, in the order of the fields', () => {
    expect(faultsOf(useRaise.getState())).toEqual(['site', 'category', 'title']);
    expect(faultsOf({ ...useRaise.getState(), site: 's', category: 'fire', title: 'x', saidAt: '99:99' })).toEqual([
      'saidAt',
    ]);
  });

  it('sends the fields that were filled, and who called with the words', () => {
    const draft = {
      ...useRaise.getState(),
      site: 's',
      category: 'fire',
      severity: 'critical' as const,
      title: ' Smoke ',
      description: 'as said',
      caller: 'K.Malik',
      callBack: '0300',
    };
    expect(bodyOf(draft, now)).toEqual({
      site: 's',
      category: 'fire',
      severity: 'critical',
      title: 'Smoke',
      description: 'as said\n☎ K.Malik, 0300',
    });
    expect(bodyOf({ ...draft, zone: 'gate', saidAt: '02:13' }, now)).toMatchObject({
      zone: 'gate',
      occurredAt: '2026-10-16T21:13:00.000Z',
    });
  });
});
