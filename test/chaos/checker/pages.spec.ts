/** What may go wrong between a step and a person: duty, books, doubles, pace (I8 to I11) and acknowledgements (I16). */
import type { PageRecord } from '../history/records';
import { example } from './example';
import { caught, drop, dropPages, found, incidentOf, pageOf, stepEvent, moveTo } from './example/find';
import { idOf } from './example/scene';
import { page } from './example/pages';
import { at, type Draft, newId, record, say, type Story } from './example/story';
import { act, step } from './example/climb';
import { accept, alarm, open, runOf } from './example/tell';

const panicPage = (story: Story) => pageOf(story, incidentOf(story, 'panic-1'), 2);

/** The page of that step by its first way failed; `again` by mail as well. */
function failPage(story: Story, again: boolean): void {
  const { notification, delivery, attempt, arrival } = panicPage(story);
  Object.assign(notification, { state: 'failed', reason: { code: 'page-refused' } });
  [delivery.state, attempt.state] = ['failed', 'failed'];
  Object.assign(arrival, { answer: '500' });
  if (!again) return;
  const id = newId(story);
  story.rows.notifications.push({ ...notification, id, channel: 'email', rung: 1, delivery: null });
  queue(story, notification.incident, id);
}

function queue(story: Story, stream: string, notificationId: string): void {
  say(story, {
    stream,
    type: 'notification.queued',
    at: at(10.2),
    site: 'site-2',
    data: { notificationId },
    code: 'page-next-way',
  });
}

describe('I8', () => {
  it('finds somebody on duty whom a step did not page', () => {
    expect(caught(example((story) => dropPages(story, incidentOf(story, 'panic-1'), 2)))).toEqual(['I8']);
  });

  it('finds a step that means somebody else', () => {
    const wrong = (story: Story): void => {
      const { data } = stepEvent(story, incidentOf(story, 'panic-1'), 2);
      Object.assign(data as object, { targets: [{ kind: 'person', id: idOf('gul') }] });
    };
    expect(caught(example(wrong))).toEqual(['I8']);
  });

  it('finds a page that was claimed and never called', () => {
    const claimed = (story: Story): void => {
      const { notification, delivery, attempt, arrival } = panicPage(story);
      drop(story.history, (line) => line === arrival);
      [notification.state, delivery.state, attempt.state] = ['sent', 'failed', 'unknown'];
    };
    expect(caught(example(claimed))).toEqual(['I8']);
  });

  it('finds a response that pages nobody', () => {
    const sent = (isPaged: boolean) => (story: Story) => {
      const { id: incident } = incidentOf(story, 'fire-1');
      const run = {
        ...runOf(story, incidentOf(story, 'fire-1')),
        id: newId(story),
        kind: 'response' as const,
        startedAt: at(50),
      };
      story.rows.runs.push({ ...run, state: 'running' });
      for (const [index, dueAt] of [at(50), at(110), at(170)].entries())
        story.rows.timers.push({
          id: newId(story),
          kind: 'response-page',
          incident,
          run: run.id,
          ordinal: index + 1,
          dueAt,
          state: 'pending',
          endedAt: null,
        });
      const first = found(story.rows.timers, (timer) => timer.run === run.id && timer.ordinal === 1);
      [first.state, first.endedAt] = ['fired', at(50.01)];
      const id = newId(story);
      const one = { id, incident, person: idOf('gul'), state: 'notified', run: run.id };
      story.rows.assignments.push({ ...one, dispatchedAt: at(50), changedAt: at(50) });
      const data = { assignmentId: id, person: idOf('gul') };
      say(story, {
        stream: incident,
        type: 'assignment.dispatched',
        at: at(50),
        site: 'site-1',
        data,
        code: 'dispatched',
      });
      page(story, {
        incident: incidentOf(story, 'fire-1'),
        run,
        target: idOf('gul'),
        step: 1,
        dueAt: at(50),
        at: at(50.01),
      });
      const own = found(story.rows.notifications, (row) => row.run === run.id);
      own.kind = 'response';
      if (isPaged) return;
      drop(story.rows.notifications, (row) => row === own);
      drop(story.events, ({ data }) => data?.['notificationId'] === own.id);
      for (const delivery of story.rows.deliveries)
        delivery.notifications = delivery.notifications.filter((id) => id !== own.id);
    };
    expect(caught(example(sent(true)))).toEqual([]);
    expect(caught(example(sent(false)))).toEqual(['I8']);
  });

  it('finds a page that was given up before every way was tried', () => {
    expect(caught(example((story) => failPage(story, false)))).toEqual(['I8']);
  });

  it('finds a page that still waits, and one that is suppressed without a right reason', () => {
    const end = (change: object) => (story: Story) => {
      const { notification, delivery } = pageOf(story, incidentOf(story, 'escalation-exhausted'), 1);
      drop(story.rows.deliveries, ({ id }) => id === delivery.id);
      drop(story.rows.attempts, (attempt) => attempt.delivery === delivery.id);
      drop(story.history, (line) => line.f === 'page' && line.key === delivery.id);
      Object.assign(notification, { delivery: null, ...change });
    };
    expect(caught(example(end({ state: 'waiting' })))).toEqual(['I8']);
    // As the next way of a page does, whose first had to fail before.
    const justQueued = (story: Story): void => {
      const { notification } = pageOf(story, incidentOf(story, 'escalation-exhausted'), 1);
      end({ state: 'waiting' })(story);
      const { id } = notification;
      const isIts = ({ type, data }: Draft): boolean =>
        type === 'notification.queued' && data?.['notificationId'] === id;
      moveTo(found(story.events, isIts), story.endsAt - 1_000);
    };
    expect(caught(example(justQueued))).toEqual([]);
    expect(caught(example(end({ state: 'suppressed', reason: { code: 'run-held' } })))).toEqual(['I8']);
    const coalesced = { code: 'coalesced', params: { into: 'nothing' } };
    expect(caught(example(end({ state: 'suppressed', reason: coalesced })))).toEqual(['I8']);
  });
});

it('I17: finds a page that failed by every way and of which nobody was told', () => {
  expect(caught(example((story) => failPage(story, true)))).toEqual(['I17']);
  const said = (story: Story): void => {
    failPage(story, true);
    const about = alarm(story, { cause: 'page-failed', subject: idOf('javed'), at: at(12) });
    for (let n = 0; n < 3; n += 1) step(story, about);
    act(story, about, { act: 'resolve', at: at(23) });
  };
  expect(caught(example(said))).toEqual([]);
});

describe('I9', () => {
  it('finds an arrival of no delivery, and one before its attempt was committed', () => {
    const stray = (seconds: number) => (story: Story) => {
      const { f, ph, sink, target, named, answer, text } = panicPage(story).arrival as PageRecord;
      record(story, at(seconds), { f, ph, sink, target, named, answer, text, key: 'of-nothing' });
    };
    expect(caught(example(stray(20)))).toEqual(['I9']);
    // After the tables were read.
    expect(caught(example(stray(80.1)))).toEqual([]);
    expect(caught(example((story) => (panicPage(story).attempt.beganAt += 5_000)))).toEqual(['I9']);
  });

  it('finds an accepted attempt that never arrived', () => {
    const lost = (story: Story): void => {
      const { arrival } = panicPage(story);
      drop(story.history, (line) => line === arrival);
    };
    expect(caught(example(lost))).toEqual(['I9']);
  });

  it('finds a delivery that carries another`s page, or leaves out an incident', () => {
    expect(caught(example((story) => (panicPage(story).delivery.channel = 'email')))).toEqual(['I9']);
    expect(caught(example((story) => (panicPage(story).delivery.incidents = [])))).toEqual(['I9']);
  });

  it('finds what is sending for good', () => {
    const stuck = (story: Story): void => {
      const { delivery, attempt } = panicPage(story);
      [delivery.state, attempt.state, attempt.endedAt] = ['sending', 'sending', null];
    };
    expect(caught(example(stuck))).toEqual(['I9']);
  });
});

describe('I10', () => {
  /** The same page once more, `changed`: as a second delivery, a second attempt or only a second arrival. */
  function again(story: Story, key: string, ordinal = 1): void {
    const { delivery, attempt, arrival } = panicPage(story);
    if (key !== delivery.id) story.rows.deliveries.push({ ...delivery, id: key, madeAt: at(14) });
    if (key !== delivery.id || ordinal > 1)
      story.rows.attempts.push({ ...attempt, delivery: key, ordinal, beganAt: at(14), endedAt: at(14.1) });
    if (ordinal > 1) delivery.attempts = ordinal;
    const { f, ph, sink, target, named, answer, text } = arrival as PageRecord;
    record(story, at(14.05), { f, ph, sink, target, named, answer, text, key });
  }

  it('finds a notification that went out under two keys', () => {
    expect(caught(example((story) => again(story, newId(story))))).toEqual(['I10']);
  });

  it('finds more arrivals than calls, and a call that was repeated though it was answered', () => {
    expect(caught(example((story) => again(story, panicPage(story).delivery.id)))).toEqual(['I10']);
    expect(caught(example((story) => again(story, panicPage(story).delivery.id, 2)))).toEqual(['I10']);
  });

  it('is content with a call that was repeated because its answer was cut', () => {
    const cut = (story: Story): void => {
      Object.assign(panicPage(story).arrival, { answer: '200-then-cut' });
      panicPage(story).attempt.state = 'unknown';
      again(story, panicPage(story).delivery.id, 2);
    };
    expect(caught(example(cut))).toEqual([]);
    // On a kept connection, where one call knocks twice.
    const kept = (story: Story): void => {
      Object.assign(panicPage(story).arrival, { answer: '200-then-cut' });
      again(story, panicPage(story).delivery.id);
    };
    expect(caught(example(kept))).toEqual([]);
  });

  it('finds two notifications of one step, target and way', () => {
    const two = (story: Story): void => {
      const { notification } = panicPage(story);
      const id = newId(story);
      story.rows.notifications.push({ ...notification, id });
      queue(story, notification.incident, id);
    };
    expect(caught(example(two))).toEqual(['I10']);
  });
});

describe('I11', () => {
  /** `count` deliveries of that severity to hamid, one each `everyS`. */
  const storm = (count: number, severity: string, everyS: number) => (story: Story) => {
    const { delivery, attempt, arrival } = panicPage(story);
    const { f, ph, sink, target, named, answer, text } = arrival as PageRecord;
    for (let n = 0; n < count; n += 1) {
      const [id, madeAt] = [newId(story), at(20 + n * everyS)];
      story.rows.deliveries.push({ ...delivery, id, target: idOf('amina'), severity, notifications: [], madeAt });
      story.rows.attempts.push({ ...attempt, delivery: id, beganAt: madeAt, endedAt: madeAt + 40 });
      record(story, madeAt + 20, { f, ph, sink, target, named, answer, text, key: id });
    }
  };

  it('finds a 13th delivery in 10 min, and criticals beyond the 12 sooner than 30 s after each other', () => {
    expect(caught(example(storm(8, 'high', 1)))).toEqual([]);
    expect(caught(example(storm(14, 'high', 1)))).toEqual(['I11']);
    expect(caught(example(storm(16, 'critical', 1)))).toEqual(['I11']);
  });

  it('finds a critical that was named over 30 s after it was due', () => {
    const slow = (story: Story): void => {
      const { delivery, attempt, arrival } = panicPage(story);
      delivery.madeAt += 35_000;
      attempt.beganAt += 35_000;
      [arrival.t, arrival.w] = [arrival.t + 35_000, arrival.w + 35_000];
    };
    expect(caught(example(slow))).toEqual(['I11']);
  });

  it('finds late steps that were caught up with a page each', () => {
    const pile = (isGathered: boolean) => (story: Story) => {
      const alert = accept(story, {
        key: 'tamper-1',
        site: 'site-1',
        category: 'tamper',
        severity: 'high',
        at: at(40),
      });
      const incident = open(story, alert);
      step(story, incident);
      step(story, incident, 7_500);
      step(story, incident, 2_500);
      act(story, incident, { act: 'resolve', at: at(54) });
      if (!isGathered) return;
      const { notification, delivery } = pageOf(story, incident, 2);
      const params = { into: pageOf(story, incident, 3).notification.id };
      drop(story.rows.deliveries, ({ id }) => id === delivery.id);
      drop(story.rows.attempts, (attempt) => attempt.delivery === delivery.id);
      drop(story.history, (line) => line.f === 'page' && line.key === delivery.id);
      Object.assign(notification, { state: 'suppressed', delivery: null, reason: { code: 'coalesced', params } });
      const queued = found(
        story.events,
        ({ type, data }) => type === 'notification.queued' && data?.['notificationId'] === notification.id,
      );
      queued.type = 'notification.suppressed';
    };
    expect(caught(example(pile(true)))).toEqual([]);
    expect(caught(example(pile(false)))).toEqual(['I11']);
  });
});

describe('I16', () => {
  const afterwards = (story: Story): void => {
    const { arrival } = pageOf(story, incidentOf(story, 'north-1'), 2);
    [arrival.t, arrival.w] = [arrival.t + 3_400, arrival.w + 3_400];
  };

  it('finds a page that began over 1 s after ok(acknowledge), outside a pause of the sender', () => {
    expect(caught(example(afterwards))).toEqual(['I16']);
    const paused = (story: Story): void => {
      afterwards(story);
      record(story, at(7.05), { f: 'fault', op: 'stall-1', kind: 'stall', target: 'notifier', ph: 'invoke' });
      record(story, at(10.4), { f: 'fault', op: 'stall-1', kind: 'stall', target: 'notifier', ph: 'ok' });
    };
    expect(caught(example(paused))).toEqual([]);
  });

  it('is content with a page that a later call left out, though a notice in it names the incident', () => {
    const leftOut = (suppressedAfterMs: number) => (story: Story) => {
      const { notification, arrival } = pageOf(story, incidentOf(story, 'north-1'), 2);
      afterwards(story);
      const changedAt = arrival.w + suppressedAfterMs;
      Object.assign(notification, { state: 'suppressed', reason: { code: 'page-run-over' }, changedAt });
    };
    expect(caught(example(leftOut(-100)))).toEqual([]);
    expect(caught(example(leftOut(500)))).toEqual(['I16']);
  });

  it('finds a read that does not show it', () => {
    const input = example();
    const read = found(input.history, (line) => line.f === 'read' && line.ph === 'ok' && line.state === 'acknowledged');
    Object.assign(read, { state: 'open' });
    expect(caught(input)).toEqual(['I16']);
  });
});
