import { causesOf, factsOf, okay, pagesOf, Story, signal, T0, timersOf, unit } from '../../test/example-unit.js';
import { decideDue, SECOND } from '../index.js';

const fixed = unit.routes.filter(({ id }) => id === 'rest');

describe('steps', () => {
  it('fire once, on time, to whom they mean now', () => {
    const story = new Story().advance(0);
    expect(pagesOf(story.last)).toEqual(['ali 1.0']);
    expect(story.last.events[0]).toMatchObject({
      type: 'escalation.step',
      data: {
        step: 1,
        repeat: 0,
        policy: 'standard',
        dueAt: '2026-11-24T18:00:00.000000Z',
        targets: [{ kind: 'person', id: 'person-ali' }],
      },
      reason: { code: 'step-due' },
    });
    expect(pagesOf(story.advance(60).last)).toEqual(['ali 2.0', 'bela 2.0']);
    expect(pagesOf(story.advance(120).last)).toEqual(['chief 3.0', 'wall 3.0']);
  });

  it('that are not due, not pending or of a held run change nothing', () => {
    const story = new Story();
    const [first, second] = story.aggregate.timers;
    if (first === undefined || second === undefined) throw new Error('no timers');
    expect(story.tell({ kind: 'timer', timer: second })).toMatchObject({
      ok: true,
      events: [],
      reason: { code: 'timer-not-due' },
    });
    story.fire();
    const again = story.tell({ kind: 'timer', timer: first });
    expect(again).toMatchObject({ ok: true, events: [], effects: [], reason: { code: 'timer-not-pending' } });
    expect(again).toHaveProperty('next', story.aggregate);
    story.act({ act: 'acknowledge' });
    expect(story.sleep(99).tell({ kind: 'timer', timer: second })).toMatchObject({
      ok: true,
      events: [],
      next: story.aggregate,
    });
  });

  it('of a run that is no longer running change nothing, should one be left pending', () => {
    const story = new Story().sleep(1);
    const [run] = story.aggregate.runs;
    const [timer] = story.aggregate.timers;
    if (run === undefined || timer === undefined) throw new Error('nothing runs');
    story.aggregate = { ...story.aggregate, runs: [{ ...run, state: 'held' }] };
    expect(story.tell({ kind: 'timer', timer })).toMatchObject({
      ok: true,
      events: [],
      effects: [],
      next: story.aggregate,
      reason: { code: 'timer-run-not-live' },
    });
  });

  it('later than 2 s say so and raise SYS', () => {
    const story = new Story().sleep(3);
    story.fire();
    expect(story.last.events[0]).toMatchObject({ data: { late: true }, reason: { code: 'step-late' } });
    expect(causesOf(story.last)).toEqual(['timer-late']);
    expect(new Story().sleep(2).fire().events[0]?.data).not.toHaveProperty('late');
  });

  it('that find nobody are recorded and raised', () => {
    const story = new Story(factsOf(), signal({ category: 'supervision' }));
    story.fire();
    expect(story.last.events[0]?.data).toMatchObject({ targets: [] });
    expect(causesOf(story.last)).toEqual(['nobody-on-duty']);
    expect(causesOf(new Story(factsOf(), signal({ labels: { desk: 'mute' } })).fire())).toEqual(['no-contact']);
  });

  it('of a test page only test contacts', () => {
    const story = new Story(factsOf(), signal({ reality: 'test' }));
    expect(pagesOf(story.fire())).toEqual(['tess 1.0']);
    expect(causesOf(story.last)).toEqual([]);
  });

  it('under a silence are born suppressed, but never in life safety nor outside its time', () => {
    const silences = [
      { id: 's', match: { sites: ['depot'] }, from: '2026-11-24T17:00:00Z', to: '2026-11-24T18:01:00Z', comment: '' },
    ];
    const story = new Story(factsOf({ silences })).advance(0);
    expect(pagesOf(story.last)).toEqual(['(ali 1.0)']);
    expect(story.last.events.at(-1)).toMatchObject({
      type: 'notification.suppressed',
      reason: { code: 'silenced', params: { silence: 's' } },
    });
    expect(pagesOf(story.advance(60).last)).toEqual(['ali 2.0', 'bela 2.0']);
    expect(pagesOf(new Story(factsOf({ silences }), signal({ category: 'duress' })).fire())).toEqual(['ali 1.0']);
  });
});

describe('after an outage', () => {
  it('every missed step is recorded late, one page goes to each of their union', () => {
    const story = new Story(factsOf({ routes: fixed })).sleep(200);
    story.fire();
    expect(
      story.last.events.filter(({ type }) => type === 'escalation.step').map(({ data }) => [data.step, data.late]),
    ).toEqual([
      [1, true],
      [2, true],
      [3, true],
    ]);
    expect(pagesOf(story.last)).toEqual(['(ali 1.0)', 'ali 2.0', 'bela 2.0', 'chief 3.0', 'wall 3.0']);
    const sent = story.last.effects.find(
      (effect) => effect.kind === 'notify' && effect.notification.suppressed === undefined,
    );
    const gone = story.last.events.find(({ type }) => type === 'notification.suppressed');
    expect(gone?.reason).toEqual({
      code: 'coalesced',
      params: { into: sent?.kind === 'notify' ? sent.notification.id : '' },
      text: expect.stringMatching(/^coalesced into /),
    });
  });

  it('missed repeats of an exhausted ladder are one, and the beat goes on', () => {
    const story = new Story(factsOf({ routes: fixed })).advance(240);
    expect(timersOf(story.aggregate)).toEqual(['repeat 1 @540']);
    story.sleep(1000).fire();
    expect(pagesOf(story.last)).toEqual(['chief 3.1', 'wall 3.1']);
    expect(timersOf(story.aggregate)).toEqual(['repeat 2 @1440']);
  });

  it('somebody who was sent gets his call and time to answer', () => {
    const story = new Story().advance(1);
    story.act({ act: 'dispatch', people: ['chen'] });
    story.sleep(600).fire();
    expect(pagesOf(story.last)).toEqual(['(chen 1.0)', '(chen 2.0)', 'chen 3.0']);
    expect(timersOf(story.aggregate)).toEqual(['no-answer 1 @661']);
    expect(story.aggregate.assignments).toHaveLength(1);
    expect(story.advance(60).types()).toEqual(['assignment.declined']);
  });

  it('an idle time that ended over 10 s ago counts from now', () => {
    const story = new Story().advance(1);
    story.act({ act: 'take' });
    story.sleep(311).fire();
    expect(story.last.events.find(({ type }) => type === 'incident.returned')).toMatchObject({
      data: { late: true },
      reason: { code: 'returned-idle-late' },
    });
    expect(story.alerting?.startedAt).toBe(story.now);
  });
});

describe('exhaustion', () => {
  it('on high is raised and repeats the last step every 5 min, with the next free number', () => {
    const story = new Story(factsOf({ routes: fixed })).advance(190);
    story.hear('alert', { zone: 'roof' });
    expect(pagesOf(story.last)).toEqual(['chief 3.1', 'wall 3.1']);
    expect(story.advance(50).types()).toEqual(['escalation.exhausted']);
    expect(causesOf(story.last)).toEqual(['escalation-exhausted']);
    expect(pagesOf(story.advance(300).last)).toEqual(['chief 3.2', 'wall 3.2']);
    expect(pagesOf(story.advance(300).last)).toEqual(['chief 3.3', 'wall 3.3']);
    expect(story.alerting).toMatchObject({ state: 'running' });
  });

  it('on medium is recorded and quiet; re-graded up it repeats', () => {
    const story = new Story(factsOf({ routes: fixed }), signal({ severity: 'medium' })).advance(240);
    expect(causesOf(story.last)).toEqual([]);
    expect(timersOf(story.aggregate)).toEqual([]);
    story.sleep(10).act({ act: 'regrade', severity: 'high' });
    expect(pagesOf(story.last)).toEqual(['chief 3.1', 'wall 3.1']);
    expect(timersOf(story.aggregate)).toEqual(['repeat 1 @550']);
  });

  it('graded down it keeps its beat without paging', () => {
    const story = new Story(factsOf({ routes: fixed })).advance(240);
    story.act({ act: 'regrade', severity: 'low' });
    story.advance(300);
    expect(story.last).toMatchObject({ events: [], reason: { code: 'repeat-quiet' } });
    expect(timersOf(story.aggregate)).toEqual(['repeat 2 @840']);
  });

  it('of the product itself repeats but raises nothing about itself', () => {
    const first = signal({
      principal: { kind: 'system', id: 'system' },
      source: 'system',
      category: 'system',
      site: null,
      firing: false,
    });
    const story = new Story(factsOf(), first).advance(240);
    expect(story.types()).toEqual(['escalation.exhausted']);
    expect(causesOf(story.last)).toEqual([]);
    expect(timersOf(story.aggregate)).toEqual(['repeat 1 @540']);
  });

  it.each([
    ['nobody on duty', { routes: [{ id: 'all', match: {}, policy: 'nobody' }] }],
    ['somebody without a contact', { routes: [{ id: 'all', match: {}, policy: 'mute' }] }],
  ])('of the product itself, with %s: an incident about a fault never raises a fault', (_, over) => {
    const first = signal({
      principal: { kind: 'system', id: 'system' },
      source: 'system',
      category: 'system',
      site: null,
      firing: false,
    });
    const story = new Story(factsOf(over), first).advance(1000);
    expect(story.all.flatMap(causesOf)).toEqual([]);
    expect(new Story(factsOf(over)).advance(0).all.flatMap(causesOf)).not.toEqual([]);
  });

  it('waits for its steps when they were handed over apart', () => {
    const story = new Story(factsOf({ routes: fixed })).sleep(1000);
    const exhaustion = story.aggregate.timers.find(({ kind }) => kind === 'exhaustion');
    if (exhaustion === undefined) throw new Error('no exhaustion');
    expect(story.tell({ kind: 'timer', timer: exhaustion })).toMatchObject({
      events: [],
      next: story.aggregate,
      reason: { code: 'exhaustion-waits' },
    });
  });
});

describe('taken-idle', () => {
  it('and the first page of the run that it starts leave together', () => {
    const story = new Story().advance(5);
    story.act({ act: 'take' });
    story.sleep(305);
    const decisions = decideDue(story.aggregate, story.facts, story.now).map(okay);
    expect(decisions.flatMap(({ events }) => events.map(({ type }) => type))).toEqual([
      'incident.returned',
      'escalation.started',
      'escalation.step',
      'notification.queued',
    ]);
    expect(decisions.flatMap(pagesOf)).toEqual(['ali 1.0']);
    const after = decisions.at(-1)?.next ?? story.aggregate;
    expect(decideDue(after, story.facts, story.now)).toEqual([]);
  });

  it('returns the incident when nobody was sent: no owner, open, next epoch from the due time', () => {
    const story = new Story().advance(5);
    story.act({ act: 'take' });
    expect(timersOf(story.aggregate)).toEqual(['taken-idle 0 @305']);
    story.advance(299).sleep(2);
    story.fire();
    expect(story.types()).toEqual(['incident.returned', 'escalation.started']);
    expect(story.incident).toMatchObject({ state: 'open', owner: null, epoch: 2 });
    expect(story.alerting?.startedAt).toBe(T0 + 305 * SECOND);
  });

  it('comes after 60 s on critical, and a note gives it anew once a hold', () => {
    const story = new Story(factsOf(), signal({ severity: 'critical' })).advance(5);
    story.act({ act: 'acknowledge' });
    story.advance(50).act({ act: 'note', text: 'looking' });
    expect(timersOf(story.aggregate)).toEqual(['taken-idle 1 @115']);
    story.advance(10).act({ act: 'note', text: 'still' });
    expect(timersOf(story.aggregate)).toEqual(['taken-idle 1 @115']);
    story.advance(50);
    story.act({ act: 'acknowledge' });
    story.advance(5).act({ act: 'note', text: 'again' });
    expect(timersOf(story.aggregate)).toEqual(['taken-idle 3 @180']);
  });
});
