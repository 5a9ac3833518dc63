import fc from 'fast-check';
import { T0 } from '../../test/example-unit.js';
import type { Episode, Fold, FoldSignal, Signal } from '../index.js';
import { foldEpisode, HOUR, normaliseAlert, SECOND, severities, severityRank } from '../index.js';

function firing(over: Partial<Signal> = {}): Signal {
  return { ...normaliseAlert({ key: 'k', site: 'depot', title: 'Gate' }, {}), ...over };
}
const resolved = (over: Partial<Signal> = {}): Signal => firing({ status: 'resolved', ...over });
const stored = (over: Partial<Episode> = {}): Episode => ({
  alertId: 'old',
  severity: 'high',
  count: 3,
  startsAt: null,
  lastSignalAt: T0 - SECOND,
  incident: { state: 'unresolved', resolvedAt: null },
  ...over,
});

function fold(
  current: Episode | null,
  signals: readonly Signal[],
  now = T0,
  past?: { startsAt: number; endedAt: number },
): Fold {
  let made = 0;
  const indexed = signals.map((signal, requestIndex): FoldSignal => ({ signal, requestIndex }));
  return foldEpisode(current, indexed, {
    now,
    newId: () => `new-${(made += 1)}`,
    past: past === undefined ? null : { alertId: 'past', ...past },
  });
}
const answersOf = ({ answers }: Fold): string[] => answers.map(({ id, status }) => `${status} ${id ?? '-'}`);

describe('stories', () => {
  it('the first signal begins, repeats are counted under the same id, a resolve ends', () => {
    const done = fold(null, [firing(), firing(), resolved(), resolved()]);
    expect(answersOf(done)).toEqual(['accepted new-1', 'duplicate new-1', 'resolved new-1', 'ignored -']);
    expect(done.begins).toMatchObject([{ alertId: 'new-1', count: 2, endedBy: 'source', requestIndex: 0 }]);
    expect([done.ends, done.updates]).toEqual([[], []]);
  });

  it('a stored episode is counted on, raised and ended, then the key begins anew', () => {
    const done = fold(stored(), [firing({ severity: 'critical' }), resolved(), firing()]);
    expect(answersOf(done)).toEqual(['duplicate old', 'resolved old', 'accepted new-1']);
    expect(done.updates).toMatchObject([
      { alertId: 'old', count: 4, severity: 'critical', raised: true, report: true },
    ]);
    expect(done.ends).toEqual([{ alertId: 'old', by: 'source', at: T0, requestIndex: 1 }]);
    expect(done.begins).toMatchObject([{ alertId: 'new-1', endedBy: null }]);
  });

  it.each(['resolved-by-person', 'closed'] as const)(
    'the first signal after its incident was %s begins anew',
    (state) => {
      const done = fold(stored({ incident: { state, resolvedAt: T0 - SECOND } }), [firing(), firing()]);
      expect(answersOf(done)).toEqual(['accepted new-1', 'duplicate new-1']);
      expect(done.ends).toMatchObject([{ alertId: 'old', by: 'after-resolution' }]);
    },
  );

  it('at a door with startsAt the same start stays a duplicate for 1 h after the resolution, and wakes nobody', () => {
    const resolvedAt = T0 - HOUR + SECOND;
    const current = stored({ startsAt: 5, incident: { state: 'resolved-by-person', resolvedAt } });
    const within = fold(current, [firing({ startsAt: 5 })]);
    expect(answersOf(within)).toEqual(['duplicate old']);
    expect(within.updates).toMatchObject([{ report: false }]);
    expect(answersOf(fold(current, [firing({ startsAt: 5 })], T0 + SECOND))).toEqual(['accepted new-1']);
    expect(answersOf(fold(current, [firing({ startsAt: 6 })]))).toEqual(['accepted new-1']);
  });

  it('the same start after the source itself had resolved stays that episode for 1 h', () => {
    expect(answersOf(fold(null, [firing({ startsAt: 5 })], T0, { startsAt: 5, endedAt: T0 - SECOND }))).toEqual([
      'duplicate past',
    ]);
    expect(answersOf(fold(null, [firing({ startsAt: 6 })], T0, { startsAt: 5, endedAt: T0 - SECOND }))).toEqual([
      'accepted new-1',
    ]);
    expect(answersOf(fold(null, [firing({ startsAt: 5 })], T0, { startsAt: 5, endedAt: T0 - HOUR }))).toEqual([
      'accepted new-1',
    ]);
    expect(answersOf(fold(null, [firing()], T0, { startsAt: 5, endedAt: T0 - SECOND }))).toEqual(['accepted new-1']);
  });

  it('a later startsAt ends the episode; a resolve of an earlier one is late word', () => {
    const done = fold(stored({ startsAt: 5 }), [resolved({ startsAt: 4 }), firing({ startsAt: 6 })]);
    expect(answersOf(done)).toEqual(['ignored -', 'accepted new-1']);
    expect(done.ends).toMatchObject([{ by: 'later-start' }]);
  });

  it('an endsAt that has passed marks stale, never resolved', () => {
    const done = fold(stored(), [firing({ endsAt: T0 - SECOND })]);
    expect(answersOf(done)).toEqual(['duplicate old']);
    expect(done.updates).toMatchObject([{ stale: true, count: 3, report: true }]);
    expect(done.ends).toEqual([]);
  });

  it('an alert whose endsAt has passed already does not vanish: the sender may have a wrong clock', () => {
    expect(answersOf(fold(null, [firing({ endsAt: T0 - SECOND })]))).toEqual(['accepted new-1']);
  });
});

const anySignal = fc
  .record({
    status: fc.constantFrom('firing' as const, 'firing' as const, 'resolved' as const),
    severity: fc.constantFrom(...severities),
    startsAt: fc.constantFrom(null, 1, 2, 3),
    endsAt: fc.constantFrom(null, T0 - 1, T0 + 1),
  })
  .map((over) => firing(over));
const anyStored = fc.option(
  fc
    .record({
      startsAt: fc.constantFrom(null, 1, 2),
      severity: fc.constantFrom(...severities),
      incident: fc.constantFrom<Episode['incident']>(
        { state: 'none', resolvedAt: null },
        { state: 'unresolved', resolvedAt: null },
        { state: 'resolved-by-person', resolvedAt: T0 - SECOND },
        { state: 'resolved-by-source', resolvedAt: T0 - SECOND },
        { state: 'closed', resolvedAt: T0 - 2 * HOUR },
      ),
    })
    .map((over) => stored(over)),
  { nil: null },
);

it('every signal is answered in its order; one episode fires at most; severities never fall; counts add up', () => {
  fc.assert(
    fc.property(anyStored, fc.array(anySignal, { maxLength: 12 }), (current, signals) => {
      const done = fold(current, signals);
      expect(done.answers.map(({ requestIndex }) => requestIndex)).toEqual(signals.map((_, i) => i));
      const stillFires =
        (current !== null && done.ends.length === 0 ? 1 : 0) +
        done.begins.filter(({ endedBy }) => endedBy === null).length;
      expect(stillFires).toBeLessThanOrEqual(1);
      expect(done.ends.length).toBeLessThanOrEqual(current === null ? 0 : 1);
      expect(done.updates.length).toBeLessThanOrEqual(1);
      for (const { severity } of done.updates)
        expect(severityRank(severity)).toBeGreaterThanOrEqual(severityRank(current?.severity ?? 'info'));
      for (const { alertId, count } of done.begins) {
        // Until its end; late word about it is answered with its id and counted no more.
        const own = done.answers.flatMap(({ id, status }, i) =>
          id === alertId ? [{ status, signal: signals[i] }] : [],
        );
        const over = own.findIndex(({ status }) => status === 'resolved');
        expect(count).toBe(
          own
            .slice(0, over === -1 ? undefined : over)
            .filter(({ status, signal }) => status === 'accepted' || !isPast(signal)).length,
        );
      }
      const accepted = done.answers.filter(({ status }) => status === 'accepted').length;
      expect(accepted).toBe(done.begins.length);
    }),
    { numRuns: 2000 },
  );
});

const isPast = (signal: Signal | undefined): boolean =>
  signal?.endsAt !== null && signal?.endsAt !== undefined && signal.endsAt <= T0;

it('a signal that is sent again (its answer was lost) begins nothing', () => {
  fc.assert(
    fc.property(
      anySignal.filter(({ status, endsAt }) => status === 'firing' && endsAt === null),
      (one) => {
        const first = fold(null, [one]);
        const begun = first.begins[0];
        if (begun === undefined) throw new Error('not begun');
        const again = fold(
          stored({ alertId: begun.alertId, severity: begun.severity, startsAt: one.startsAt, count: 1 }),
          [one],
        );
        expect(answersOf(again)).toEqual([`duplicate ${begun.alertId}`]);
      },
    ),
  );
});
