import { clockNow, loadAggregates } from '@tocsin/store';
import { silentLogger } from '@tocsin/telemetry';
import { aDecision, aReason, makeLive, testDatabase, type TestDatabase, anOpening } from '@tocsin/testing';
import { newLoaded } from '@tocsin/store';
import { deciding } from './commit-throttled.js';
import { raiseSystemAlert, SystemMarks } from './system-alerts.js';

describe('marks', () => {
  const late = (subject = 'step') => ({ cause: 'timer-late', subject, params: {} });
  let now = 0;
  let marks: SystemMarks;
  beforeEach(() => {
    now = 1_000;
    marks = new SystemMarks(() => now);
  });
  const raise = (...causes: ReturnType<typeof late>[]): number[] => {
    const { raised, committed } = marks.admit(causes);
    committed();
    return [...raised.values()];
  };

  it('let one through per cause, subject and 10 s, the next with the count held back', () => {
    expect(raise(late(), late('repeat'))).toEqual([0, 0]);
    expect(raise(late())).toEqual([]);
    expect(raise(late(), late())).toEqual([]);
    now += 10_000;
    expect(raise(late(), late())).toEqual([3 + 1]);
    now += 10_000;
    expect(raise(late())).toEqual([0]);
  });

  it('are set after COMMIT: what was rolled back holds nobody back', () => {
    marks.admit([late()]);
    expect(raise(late())).toEqual([0]);
    marks.admit([late()]);
    now += 10_000;
    expect(raise(late())).toEqual([0]);
  });

  it('do not grow without end', () => {
    for (let n = 0; n < 5_000; n += 1) {
      now += 20;
      raise(late(`incident-${n}`));
    }
    expect((marks as unknown as { marks: Map<string, unknown> }).marks.size).toBeLessThan(1_500);
  });
});

describe('on a database', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await testDatabase();
    await makeLive(db.pool);
  });
  afterAll(() => db?.drop());
  const raised = async (key: string): Promise<unknown[]> =>
    (await db.pool.query<{ labels: unknown }>(`SELECT labels FROM alert WHERE key = $1 ORDER BY id`, [key])).rows.map(
      ({ labels }) => labels,
    );

  it('callers at one moment raise one', async () => {
    const cause = { cause: 'at-once', subject: 'all', params: {} };
    await Promise.all(Array.from({ length: 8 }, () => raiseSystemAlert({ pool: db.pool, log: silentLogger }, cause)));
    expect(await raised('at-once')).toHaveLength(1);
  });

  it('decisions of one commit after the other raise one, of a rolled back one none', async () => {
    const { opened, decision } = anOpening();
    const sys = aDecision(decision.next, {
      effects: [{ kind: 'sys', cause: 'again', subject: 'x', params: {} }],
      reason: aReason(),
    });
    const fails = deciding(db.pool, async (tx, commit) => {
      await commit(await clockNow(tx), [
        { loaded: newLoaded(opened), decisions: [{ ...decision, effects: sys.effects }] },
      ]);
      throw new Error('rolled back');
    });
    await expect(fails).rejects.toThrow('rolled back');
    await deciding(db.pool, async (tx, commit) => {
      await commit(await clockNow(tx), [{ loaded: newLoaded(opened), decisions: [decision] }]);
    });
    for (let n = 0; n < 3; n += 1) {
      await deciding(db.pool, async (tx, commit) => {
        const loaded = (await loadAggregates(tx, [opened.incident.id])).get(opened.incident.id);
        if (loaded === undefined) throw new Error('gone');
        await commit(await clockNow(tx), [{ loaded, decisions: [{ ...sys, next: loaded.aggregate }] }]);
      });
    }
    expect(await raised('again')).toEqual([{ cause: 'again', subject: 'x' }]);
  });
});
