import { normaliseAlert, type Severity } from '@tocsin/domain';
import { Admission } from './admission.js';
import type { Source } from './source-directory.js';

let clock = 0;
const source = (budget: Partial<Source['budget']> = {}): Source => ({
  principal: { kind: 'source', agency: 'unit', id: 'panels' },
  tokenHash: Buffer.alloc(32),
  budget: { perSecond: 100, criticalPerSecond: 10, criticalBurst: 20, ...budget },
  defaults: {},
  speaksFor: () => true,
});
const alerts = (count: number, severity: Severity = 'low') =>
  Array.from({ length: count }, (_, n) => normaliseAlert({ key: `k${n}`, site: 's', title: 't', severity }, {}));
const admission = (): Admission => new Admission(() => clock);

describe('a budget', () => {
  it('lets its rate through, refuses what is beyond, and says when to come again', () => {
    const door = admission();
    expect(door.admit(source(), alerts(100), false).ok).toBe(true);
    expect(door.admit(source(), alerts(50), false)).toEqual({ ok: false, code: 'over-budget', retryAfterS: 1 });
    clock += 500;
    expect(door.admit(source(), alerts(50), false).ok).toBe(true);
    expect(door.admit(source(), alerts(1), false).ok).toBe(false);
  });

  it('takes a request larger than itself from a full bucket, which is then in debt', () => {
    const door = admission();
    expect(door.admit(source(), alerts(400), false).ok).toBe(true);
    clock += 2_000;
    expect(door.admit(source(), alerts(1), false)).toMatchObject({ ok: false, retryAfterS: 2 });
    clock += 1_100;
    expect(door.admit(source(), alerts(1), false).ok).toBe(true);
  });

  it('is given back for what turned out to be a repeat', () => {
    const door = admission();
    const admitted = door.admit(source(), alerts(100), false);
    if (admitted.ok) admitted.giveBack(100);
    expect(door.admit(source(), alerts(100), false).ok).toBe(true);
  });

  it('of criticals is its own: neither drains the other', () => {
    const door = admission();
    door.admit(source(), alerts(100), false);
    expect(door.admit(source(), alerts(20, 'critical'), false).ok).toBe(true);
    expect(door.admit(source(), alerts(1, 'critical'), false)).toMatchObject({ ok: false, code: 'over-budget' });
    expect(admission().admit(source(), [...alerts(10, 'critical'), ...alerts(100)], false).ok).toBe(true);
  });

  it('does not refuse a critical for what rides with it, nor carry a flood along for ever', () => {
    const door = admission();
    door.admit(source(), alerts(100), false);
    const mixed = [...alerts(1, 'critical'), ...alerts(9)];
    expect([
      door.admit(source(), mixed, false).ok,
      door.admit(source(), mixed, false).ok,
      door.admit(source(), mixed, false).ok,
    ]).toEqual([true, true, false]);
  });

  it('is not refilled by a directory that was read again, only by another budget', () => {
    const door = admission();
    door.admit(source(), alerts(100), false);
    expect(door.admit({ ...source(), budget: { ...source().budget } }, alerts(1), false).ok).toBe(false);
    expect(door.admit(source({ perSecond: 200 }), alerts(1), false).ok).toBe(true);
  });
});

describe('while the engine is behind', () => {
  it('everybody has his fair share, and criticals have all of theirs', () => {
    const door = admission();
    const big = source({ perSecond: 1_000 });
    expect(door.admit(big, alerts(20), true).ok).toBe(true);
    expect(door.admit(big, alerts(1), true)).toEqual({ ok: false, code: 'behind', retryAfterS: 1 });
    expect(door.admit(big, alerts(20, 'critical'), true).ok).toBe(true);
    clock += 1_000;
    expect(door.admit(big, alerts(20), true).ok).toBe(true);
    expect(door.admit(big, alerts(500), false).ok).toBe(true);
  });
});
