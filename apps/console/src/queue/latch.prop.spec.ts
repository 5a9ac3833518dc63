import fc from 'fast-check';
import { latched } from './latch.js';
import { paneOf } from './use-window.js';

const rows = fc.uniqueArray(fc.nat(200), { maxLength: 30 }).map((ids) => ids.map((id) => ({ id: String(id) })));

describe('a latched row', () => {
  it('keeps its slot, the others keep their order round it, none is lost', () => {
    fc.assert(
      fc.property(rows, fc.nat(200), fc.nat(40), (sorted, id, slot) => {
        const latch = { id: String(id), list: 'untaken', slot };
        const shown = latched(sorted, 'untaken', latch);
        expect([...shown].map((r) => r.id).sort()).toEqual(sorted.map((r) => r.id).sort());
        const rest = (list: readonly { id: string }[]) => list.filter((r) => r.id !== latch.id);
        expect(rest(shown)).toEqual(rest(sorted));
        if (sorted.some((r) => r.id === latch.id)) expect(shown[Math.min(slot, sorted.length - 1)]?.id).toBe(latch.id);
      }),
    );
  });

  it('does not move while rows arrive anywhere round it', () => {
    fc.assert(
      fc.property(
        rows,
        fc.array(fc.tuple(fc.nat(30), fc.integer({ min: 300, max: 999 })), { maxLength: 50 }),
        (start, arrivals) => {
          fc.pre(start.length > 0);
          const slot = Math.floor(start.length / 2);
          const latch = { id: start[slot]?.id ?? '', list: 'untaken', slot };
          let sorted: readonly { id: string }[] = start;
          for (const [place, id] of arrivals) {
            if (sorted.some((r) => r.id === String(id))) continue;
            sorted = [...sorted.slice(0, place), { id: String(id) }, ...sorted.slice(place)];
            expect(latched(sorted, 'untaken', latch).findIndex((r) => r.id === latch.id)).toBe(slot);
          }
        },
      ),
    );
  });

  it('of another list changes nothing', () => {
    const sorted = [{ id: 'a' }, { id: 'b' }];
    expect(latched(sorted, 'mine', { id: 'b', list: 'untaken', slot: 0 })).toBe(sorted);
    expect(latched(sorted, 'mine', null)).toBe(sorted);
  });
});

describe('the rows in sight', () => {
  it('are painted, and few beyond them are, whatever the length of the list', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 0, max: 2_000 }), fc.nat(5_000), (top, seen, count) => {
        const { from, to, first, last } = paneOf(top, seen, 44, count);
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThanOrEqual(count);
        expect(to - from).toBeLessThanOrEqual(Math.ceil(seen / 44) + 4);
        expect(last === 0 || first <= last).toBe(true);
        if (count > 0 && last > 0) expect([first > from, last <= to]).toEqual([true, true]);
      }),
    );
  });
});
