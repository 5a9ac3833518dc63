import { row } from '../../test/rows.js';
import type { Incident } from '../wire.js';
import { flood, lanes } from './flood.js';

const now = Date.UTC(2026, 9, 16, 21, 30);
const opened = (agoS: number): string => new Date(now - agoS * 1000).toISOString();
const many = (n: number, part: Partial<Incident> = {}, agoS = 60): Incident[] =>
  Array.from({ length: n }, (_, k) => row({ id: `r${k}`, openedAt: opened(agoS + k), ...part }));

describe('a flood', () => {
  it('begins with more than 10 alarms in 10 min of which too many are untaken to be read one by one', () => {
    expect(flood(null, many(12), now)).toBeNull();
    expect(flood(null, many(40), now)).toEqual({ since: now - 99_000 });
    expect(flood(null, many(40, { state: 'acknowledged' }), now)).toBeNull();
    expect(flood(null, many(40, {}, 3_600), now)).toBeNull();
  });

  it('ends only when few are untaken, or few arrive and the rest fit', () => {
    const was = { since: 1 };
    expect(flood(was, many(13, {}, 3_600), now)).toBe(was);
    expect(flood(was, many(12, {}, 3_600), now)).toBeNull();
    expect(flood(was, many(5), now)).toBeNull();
    expect(flood(was, many(6), now)).toBe(was);
  });

  it('groups by site, cause and grade, and never an S1', () => {
    const rows = [
      ...many(5, { severity: 'critical' }),
      row({ id: 'x', site: 'site-01' }),
      row({ id: 'y', site: 'site-01', state: 'acknowledged' }),
      row({ id: 'z', site: 'site-02' }),
      row({ id: 'm', site: 'site-01', severity: 'medium' }),
      row({ id: 'done', state: 'resolved' }),
    ];
    const { lane, groups } = lanes(rows);
    expect(lane).toHaveLength(5);
    expect(groups.map((g) => [g.site, g.severity, g.rows.length, g.untaken])).toEqual([
      ['site-01', 'high', 2, 1],
      ['site-02', 'high', 1, 1],
      ['site-01', 'medium', 1, 1],
    ]);
    expect(groups.flatMap((g) => g.rows).some((r) => r.severity === 'critical')).toBe(false);
  });
});
