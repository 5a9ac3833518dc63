import { row } from '../../test/rows.js';
import { compareRows, counts, grade, sections } from './sections.js';

const at = (minute: number): string => `2026-10-16T21:${String(minute).padStart(2, '0')}:00.000000Z`;

describe('the queue', () => {
  it('sorts by severity, then by age, our own fault after an alarm of its grade', () => {
    const rows = [
      row({ id: 'low', severity: 'low', openedAt: at(0) }),
      row({ id: 'sys', severity: 'high', class: 'system', openedAt: at(0) }),
      row({ id: 'young', severity: 'high', openedAt: at(9) }),
      row({ id: 'old', severity: 'high', openedAt: at(2) }),
      row({ id: 'crit', severity: 'critical', openedAt: at(10) }),
    ];
    expect(rows.sort(compareRows).map((r) => r.id)).toEqual(['crit', 'old', 'young', 'sys', 'low']);
  });

  it('puts every incident that is not closed in exactly one list', () => {
    const rows = [
      row({ id: 'untaken' }),
      row({ id: 'again', owner: 'me' }),
      row({ id: 'mine', state: 'acknowledged', owner: 'me' }),
      row({ id: 'theirs', state: 'acknowledged', owner: 'you' }),
      row({ id: 'seen', state: 'acknowledged' }),
      row({ id: 'done', state: 'resolved' }),
      row({ id: 'gone', state: 'closed' }),
    ];
    const ids = (list: readonly { id: string }[]) => list.map((r) => r.id);
    const { untaken, mine, taken, resolved } = sections(rows, 'me');
    expect([ids(untaken), ids(mine), ids(taken), ids(resolved)]).toEqual([
      ['again', 'untaken'],
      ['mine'],
      ['seen', 'theirs'],
      ['done'],
    ]);
  });

  it('gives our own faults a class of their own, whatever their severity', () => {
    expect(grade(row({ class: 'system', severity: 'critical' }))).toBe('sys');
    expect(grade(row({ severity: 'critical' }))).toBe('s1');
  });

  it('counts what the lists hold', () => {
    const rows = [
      row({ id: '1', severity: 'critical', openedAt: at(5) }),
      row({ id: '2', severity: 'critical', state: 'acknowledged', owner: 'me', openedAt: at(1) }),
      row({ id: '3', severity: 'low', openedAt: at(3) }),
      row({ id: '4', class: 'system', state: 'resolved', openedAt: at(8) }),
    ];
    const c = counts(rows, 'me', Date.parse(at(12)));
    expect(c.by.s1).toEqual({ total: 2, untaken: 1 });
    expect(c.by.sys).toEqual({ total: 0, untaken: 0 });
    expect([c.open, c.mine, c.oldestUntaken?.id, c.load]).toEqual([3, 1, '3', 3]);
  });
});
