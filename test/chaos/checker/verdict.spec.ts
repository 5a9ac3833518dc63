/** Liveness, what makes a run void, and what a verdict tells of the worst. */
import { example } from './example';
import { caught, drop, incidentOf } from './example/find';
import { numbered } from './example/seal';
import { at, record, type Story } from './example/story';
import { check } from './index';
import type { Violation } from './shapes';
import { worstOf } from './timeline';

describe('liveness', () => {
  const refuse = (status: number) => {
    const input = example();
    for (const line of input.history)
      if (line.f === 'submit' && line.ph === 'ok' && line.t < 2_100)
        Object.assign(line, { ph: 'info', httpStatus: status });
    return input;
  };

  it('finds submissions of calm times that were not taken, unless the run is too short for that', () => {
    expect(caught(refuse(503))).toEqual(['liveness']);
    expect(caught({ ...refuse(503), checksLiveness: false })).toEqual([]);
  });

  it('finds slow answers', () => {
    const slow = example();
    for (const line of slow.history) if (line.f === 'submit' && line.ph === 'ok') line.ms = 500;
    expect(caught(slow)).toEqual(['liveness']);
  });

  it('finds a key that was never taken, or over 30 s after heal', () => {
    const never = { ...example(), checksLiveness: false };
    for (const line of never.history)
      if (line.f === 'submit' && line.key === 'info-2' && line.ph === 'ok') line.ph = 'info';
    expect(caught(never)).toEqual(['liveness']);
    expect(check(never).keys).toEqual({ stable: 6, lost: 0, neverAcknowledged: 1 });
    const late = { ...example(), checksLiveness: false };
    const again = late.history
      .filter((line) => line.f === 'submit' && line.key === 'info-2')
      .map((line) => ({ ...line }));
    for (const line of again) Object.assign(line, { op: 'again', t: line.t + 70_000 });
    for (const line of late.history)
      if (line.f === 'submit' && line.key === 'info-2' && line.ph === 'ok') line.ph = 'info';
    late.history = numbered([...late.history, ...again]);
    expect(caught(late)).toEqual(['liveness']);
  });
});

describe('a run is void', () => {
  const outcomeOf = (change: (story: Story) => void): string => {
    const { outcome, why } = check(example(change));
    return `${outcome}: ${why}`;
  };

  it('when a recorder lagged over 200 ms', () => {
    const lag = (ms: number) => (story: Story) => record(story, at(20), { f: 'lag', ph: 'ok', ms });
    expect(outcomeOf(lag(200))).toBe('holds: every invariant held');
    expect(outcomeOf(lag(201))).toBe('void: recorder driver lagged 201 ms');
    const ofConsoles = example(lag(900));
    for (const line of ofConsoles.history) if (line.f === 'lag') line.rec = 'consoles';
    ofConsoles.history = numbered(ofConsoles.history);
    expect(check(ofConsoles).outcome).toBe('holds');
  });

  it('when the host took over a tenth of the processors away', () => {
    const stolen = (shares: readonly number[]) => (story: Story) =>
      shares.forEach((share, n) => record(story, at(20 + 5 * n), { f: 'stolen', ph: 'ok', share }));
    expect(outcomeOf(stolen([0, 0.2, 0.05]))).toBe('holds: every invariant held');
    expect(outcomeOf(stolen([0.1, 0.5, 0]))).toBe('void: the host gave 20 % of the processors’ time to others');
    // It takes time, and no alert.
    const lost = (story: Story): void => {
      stolen([0.5])(story);
      drop(story.rows.alerts, ({ key }) => key === 'info-2');
    };
    expect(check(example(lost)).outcome).toBe('violated');
  });

  it('when a recorder lost a line or broke off', () => {
    const hole = example();
    drop(hole.history, ({ rec, n }) => rec === 'driver' && n === 5);
    expect(check(hole)).toMatchObject({ outcome: 'void', why: 'recorder driver lacks line 5' });
    const broken = (story: Story): void =>
      drop(story.history, (line) => line.f === 'phase' && line.ph === 'ok' && line.phase === 'heal');
    expect(outcomeOf(broken)).toBe('void: the recorder of phases broke off before the run had healed');
  });
});

it('tells the whole timeline of a violation, with the faults meanwhile', () => {
  const { timelines, outcome, why, violations } = check(
    example((story) => {
      const { id } = incidentOf(story, 'fire-1');
      drop(story.rows.timers, (timer) => timer.incident === id && timer.kind === 'taken-idle');
    }),
  );
  expect({ outcome, why }).toEqual({ outcome: 'violated', why: 'I19 was violated 1 times' });
  expect(timelines).toHaveLength(1);
  const lines = timelines[0]?.lines ?? [];
  expect(timelines[0]?.violation).toEqual(violations[0]);
  const index = (text: string): number => lines.findIndex((line) => line.includes(text));
  expect(index('incident.opened')).toBeGreaterThanOrEqual(0);
  expect(index('FAULT kill engine')).toBeGreaterThan(index('incident.opened'));
  expect(index('driver act ok')).toBeGreaterThan(index('FAULT kill engine'));
  expect(lines.every((line) => /^ *\d+\.\d{3} s {2}\S/.test(line))).toBe(true);
});

it('puts the worst of each invariant before the second worst of any', () => {
  const violation = (invariant: Violation['invariant'], weight: number): Violation => ({
    invariant,
    key: '',
    what: '',
    weight,
  });
  const many = [...Array.from({ length: 9 }, (_, index) => violation('I7', 100 + index)), violation('I1', 1)];
  expect(
    worstOf(many)
      .map(({ invariant, weight }) => `${invariant} ${weight}`)
      .slice(0, 3),
  ).toEqual(['I7 108', 'I1 1', 'I7 107']);
  expect(worstOf(many)).toHaveLength(8);
});

it('counts what was done and how late', () => {
  const { counts } = check(example());
  expect(counts).toMatchObject({
    submissions: 9,
    alerts: 10,
    incidents: 6,
    steps: 15,
    stepLateCalmMaxMs: 30,
    stepLateDisturbedMaxMs: 3_000,
    'fault kill engine': 1,
  });
});
