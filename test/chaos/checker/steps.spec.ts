/** What may go wrong with time: steps (I7), what is said about them (I17) and incidents that nobody will hear of (I19). */
import { example } from './example';
import { alertOf, caught, drop, dropPages, found, incidentOf, moveTo, stepEvent } from './example/find';
import { page } from './example/pages';
import { idOf } from './example/scene';
import { at, instantText, newId, record, say, type Story } from './example/story';
import { accept, alarm, join, open, runOf, start } from './example/tell';
import { act, exhaust, step } from './example/climb';

/** Says within the story that something was late at `ms`. */
function sayLate(story: Story, ms: number): void {
  const again = { ...alertOf(story, 'timer-late'), id: newId(story), acceptedAt: ms };
  story.rows.alerts.push(again);
  join(story, again, incidentOf(story, 'timer-late'));
  moveTo(
    found(story.events, ({ data }) => data?.['alertId'] === again.id),
    at(46.5),
  );
}

function sayStepped(story: Story): void {
  const about = alarm(story, { cause: 'clock-stepped', subject: 'postgresql', at: at(46) });
  for (let n = 0; n < 3; n += 1) step(story, about);
  exhaust(story, about);
}

function makeLate(story: Story, lateMs: number): void {
  const event = stepEvent(story, incidentOf(story, 'panic-1'), 2);
  moveTo(event, at(10) + lateMs);
  Object.assign(event.data as object, { late: true });
}

describe('I7', () => {
  it('finds a step that was due and never fired', () => {
    const missing = (story: Story): void => {
      const incident = incidentOf(story, 'panic-1');
      dropPages(story, incident, 2);
      const lost = stepEvent(story, incident, 2);
      drop(story.events, (event) => event === lost);
    };
    expect(caught(example(missing))).toEqual(['I7']);
  });

  it('finds a step that fired early, unless PostgreSQL`s own clock had been stepped', () => {
    const early = (story: Story): void => moveTo(stepEvent(story, incidentOf(story, 'panic-1'), 2), at(10) - 600);
    expect(caught(example(early))).toEqual(['I7']);
    const stepped = (seconds: number, isSaid: boolean) => (story: Story) => {
      early(story);
      if (isSaid) sayStepped(story);
      const fault = { f: 'fault', op: 'clock-1', kind: 'clock-postgres', target: 'postgres' } as const;
      record(story, at(seconds), { ...fault, ph: 'invoke' });
      record(story, at(seconds + 1), { ...fault, ph: 'ok', detail: '1 s for 1000 ms' });
    };
    expect(caught(example(stepped(8, true)))).toEqual([]);
    expect(caught(example(stepped(8, false)))).toEqual(['I17']);
    // Its stream was never written to again.
    expect(caught(example(stepped(70, true)))).toEqual(['I7']);
  });

  it('finds a step that was over 2 s late in calm, though it was said', () => {
    const late = (story: Story): void => {
      makeLate(story, 4_000);
      sayLate(story, at(14));
    };
    expect(caught(example(late))).toEqual(['I7']);
  });

  it('finds a late step that does not call itself late', () => {
    const hidden = (story: Story): void => {
      delete stepEvent(story, incidentOf(story, 'fire-1'), 2).data?.['late'];
    };
    expect(caught(example(hidden))).toEqual(['I7']);
  });

  it('finds a step that fired twice', () => {
    const twice = (story: Story): void => {
      const incident = incidentOf(story, 'panic-1');
      const { stream, site, data } = stepEvent(story, incident, 2);
      say(story, { stream, type: 'escalation.step', at: at(12), site, data: { ...data, repeat: 1 }, code: 'step-due' });
      page(story, {
        incident,
        run: runOf(story, incident),
        target: idOf('javed'),
        step: 2,
        repeat: 1,
        dueAt: at(10),
        at: at(12),
      });
    };
    expect(caught(example(twice))).toEqual(['I7']);
  });

  it('finds a step of a run that was held', () => {
    const held = (story: Story): void => {
      const incident = incidentOf(story, 'fire-1');
      const { site, id: stream } = incident;
      const data = { ...stepEvent(story, incident, 2).data, step: 3, dueAt: instantText(at(48)) };
      delete (data as Record<string, unknown>)['late'];
      say(story, { stream, type: 'escalation.step', at: at(48.03), site, data, code: 'step-due' });
      page(story, {
        incident,
        run: runOf(story, incident),
        target: idOf('gul'),
        step: 3,
        dueAt: at(48),
        at: at(48.03),
      });
      const suppressed = found(story.rows.notifications, (row) => row.incident === stream && row.step === 3);
      drop(story.rows.deliveries, ({ id }) => id === suppressed.delivery);
      drop(story.rows.attempts, ({ delivery }) => delivery === suppressed.delivery);
      drop(story.history, (line) => line.f === 'page' && line.key === suppressed.delivery);
      Object.assign(suppressed, { state: 'suppressed', reason: { code: 'run-held' }, delivery: null });
    };
    expect(caught(example(held))).toEqual(['I7']);
  });

  it('finds steps and runs that count from another instant', () => {
    const drifting = (story: Story): void => {
      Object.assign(stepEvent(story, incidentOf(story, 'panic-1'), 2).data as object, {
        dueAt: instantText(at(10) + 25),
      });
    };
    expect(caught(example(drifting))).toEqual(['I7']);
    const slow = (story: Story): void => {
      const { id } = incidentOf(story, 'panic-1');
      const started = found(story.events, ({ stream, type }) => stream === id && type === 'escalation.started');
      Object.assign(started.data as object, { startedAt: instantText(at(5) + 7) });
    };
    expect(caught(example(slow))).toEqual(['I7']);
  });

  it('finds a ladder that a further alert began anew', () => {
    const restarted = (story: Story): void => {
      const incident = incidentOf(story, 'panic-1');
      const before = runOf(story, incident);
      [before.state, before.endedAt, before.endedBy] = ['ended', at(70), 're-alert'];
      const about = { stream: incident.id, at: at(70), site: incident.site, code: 're-alert-zone' };
      say(story, { ...about, type: 'escalation.cancelled', data: { runId: before.id, step: 3 } });
      start(story, incident, { startedAt: at(70), at: at(70), code: 're-alert-zone' });
      step(story, incident);
      step(story, incident);
    };
    expect(caught(example(restarted))).toEqual(['I7']);
  });

  it('finds other timers that are overdue at the end, early or late', () => {
    const timer = (change: object) => (story: Story) => {
      Object.assign(
        found(story.rows.timers, ({ kind }) => kind === 'taken-idle'),
        { dueAt: at(30), ...change },
      );
    };
    const overdue = (story: Story): void => {
      story.rows.timers.push({
        ...found(story.rows.timers, ({ kind }) => kind === 'taken-idle'),
        id: newId(story),
        dueAt: at(70),
        state: 'pending',
      });
    };
    expect(caught(example(overdue))).toEqual(['I7']);
    expect(caught(example(timer({ state: 'fired', endedAt: at(29) })))).toEqual(['I7']);
    expect(caught(example(timer({ state: 'fired', endedAt: at(33) })))).toEqual(['I7']);
  });
});

describe('I17', () => {
  /** As if the product had spoken of something else. */
  const silence = (cause: string) => (story: Story) => {
    for (const alert of story.rows.alerts) if (alert.key === cause) alert.key = 'another-cause';
  };

  it('finds a late step and an exhausted ladder without an alarm', () => {
    expect(caught(example(silence('timer-late')))).toEqual(['I17']);
    expect(caught(example(silence('escalation-exhausted')))).toEqual(['I17']);
  });

  it('finds an alarm that came after 15 s', () => {
    const slow = (story: Story): void => {
      alertOf(story, 'escalation-exhausted').acceptedAt += 16_000;
      const run = runOf(story, incidentOf(story, 'escalation-exhausted'));
      const started = found(story.events, ({ data }) => data?.['runId'] === run.id);
      expect(started.at - run.startedAt).toBe(20);
    };
    expect(caught(example(slow))).toContain('I17');
  });

  it('finds a parked alert and refusals over budget that nobody was told of', () => {
    expect(caught(example((story) => (alertOf(story, '{"alertname":"prom-1"}').parkedAt = at(21))))).toEqual(['I17']);
    const refused = { ...example(), checksLiveness: false };
    const line = found(
      refused.history,
      (one) => one.f === 'submit' && one.ph === 'ok' && one.t > 2_500 && one.key === 'north-1',
    );
    Object.assign(line, { ph: 'fail', httpStatus: 429 });
    expect(caught(refused)).toEqual(['I17']);
  });
});

describe('I19', () => {
  it('finds an incident that nothing will ever page for', () => {
    const forgotten = (key: string, kind: string) => (story: Story) => {
      const { id } = incidentOf(story, key);
      drop(story.rows.timers, (timer) => timer.incident === id && timer.kind === kind);
    };
    expect(caught(example(forgotten('panic-1', 'repeat')))).toEqual(['I19']);
    expect(caught(example(forgotten('fire-1', 'taken-idle')))).toEqual(['I19']);
  });

  it('finds a hold that was forgotten, though somebody remembered it in the end', () => {
    const forgotten = (untilS: number) => (story: Story) => {
      const incident = open(
        story,
        accept(story, { key: 'vault-1', site: 'site-2', category: 'vault', severity: 'high', at: at(2) }),
      );
      step(story, incident);
      act(story, incident, { act: 'acknowledge', at: at(4) });
      drop(story.rows.timers, (timer) => timer.incident === incident.id && timer.kind === 'taken-idle');
      act(story, incident, { act: 'resolve', at: at(untilS) });
    };
    const short = (untilS: number) => {
      const input = example(forgotten(untilS));
      input.scene.timing.takenIdleS = 20;
      return input;
    };
    expect(caught(short(20))).toEqual([]);
    expect(caught(short(79))).toEqual(['I19']);
  });

  it('is content with somebody who has accepted', () => {
    const accepted = (story: Story): void => {
      const { id: incident } = incidentOf(story, 'fire-1');
      drop(story.rows.timers, (timer) => timer.incident === incident && timer.kind === 'taken-idle');
      const id = newId(story);
      const one = { id, incident, person: idOf('gul'), state: 'accepted', run: newId(story) };
      story.rows.assignments.push({ ...one, dispatchedAt: at(50), changedAt: at(51) });
      const about = { stream: incident, type: 'assignment.accepted', site: 'site-1', data: { assignmentId: id } };
      say(story, { ...about, at: at(51), code: 'accepted-unsent' });
    };
    expect(caught(example(accepted))).toEqual([]);
  });
});
