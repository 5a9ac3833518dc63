import { causesOf, factsOf, okay, pagesOf, Story, signal, T0, timersOf, unit } from '../../test/example-unit.js';
import { decide, openIncident, openPoisoned } from '../index.js';

describe('the first alert', () => {
  it('opens, routes, and arms every step at its own distance from accepted_at', () => {
    const story = new Story(factsOf(), signal(), T0 + 40_000);
    expect(story.types()).toEqual(['incident.opened', 'alert.accepted', 'incident.routed', 'escalation.started']);
    expect(story.last.events.map(({ reason }) => reason.code)).toEqual([
      'opened-by-alert',
      'accepted-opens',
      'route-catch-all',
      'escalation-opened',
    ]);
    expect(timersOf(story.aggregate)).toEqual(['exhaustion 1 @240', 'step 1 @0', 'step 2 @60', 'step 3 @180']);
    expect(story.alerting).toMatchObject({
      state: 'running',
      epoch: 0,
      startedAt: T0,
      configVersion: '7',
      plan: { policy: 'standard' },
    });
    expect(story.incident).toMatchObject({
      state: 'open',
      version: 1,
      epoch: 1,
      alertCount: 1,
      firingCount: 1,
      condition: 'active',
      team: 'red',
      route: 'rest',
    });
  });

  it('names the source as the actor of what it said, the machine of what it made', () => {
    const { events } = new Story().last;
    expect(events.map(({ actor }) => actor.kind)).toEqual(['source', 'source', 'system', 'system']);
  });

  it('is loud about a site that nobody knows, and pages all the same', () => {
    const story = new Story(factsOf(), signal({ site: 'atlantis' }));
    expect(causesOf(story.last)).toEqual(['unrouted']);
    expect(story.last.events[2]?.reason.code).toBe('route-unknown-site');
    expect(pagesOf(story.fire())).toEqual(['ali 1.0']);
  });

  it('stands by itself when a person reports it', () => {
    const story = new Story(factsOf(), signal({ principal: { kind: 'person', id: 'person-ali' }, source: null }));
    expect(story.incident.class).toBe('manual');
    expect(story.last.reason.code).toBe('opened-by-hand');
  });

  it('that has ended before the merge still opens and pages, as returned to normal', () => {
    const story = new Story(factsOf(), signal({ category: 'technical', severity: 'low', firing: false }));
    expect(story.incident).toMatchObject({ state: 'open', condition: 'normal', firingCount: 0, autoResolve: true });
    expect(story.types()).toContain('alert.resolved');
    expect(pagesOf(story.fire())).toEqual(['ali 1.0']);
  });

  it('of the product itself keeps its incident active although it is born ended', () => {
    const story = new Story(
      factsOf(),
      signal({
        principal: { kind: 'system', id: 'system' },
        source: 'system',
        category: 'system',
        site: null,
        firing: false,
      }),
    );
    expect(story.incident).toMatchObject({ class: 'system', condition: 'active', firingCount: 0 });
    expect(causesOf(story.last)).toEqual([]);
  });

  it('of a source that calls itself system is an alarm like any other', () => {
    expect(new Story(factsOf(), signal({ category: 'system' })).incident.class).toBe('alarm');
  });

  it('that is poisoned gets an incident of its own on the catch-all, and somebody hears of it', () => {
    const of = {
      alertId: 'a',
      key: 'raw',
      principal: { kind: 'source', id: 'x' },
      reality: 'actual',
      severity: 'info',
      acceptedAt: T0,
      code: '22P02',
    } as const;
    const { opened, decision: taken } = openPoisoned(of, factsOf(), T0);
    const decision = okay(taken);
    expect(opened).toMatchObject({ runs: [], timers: [], incident: { id: decision.next.incident.id, alertCount: 0 } });
    expect(decision.next.incident).toMatchObject({
      groupKey: null,
      title: 'raw',
      route: 'rest',
      severity: 'high',
      state: 'open',
    });
    expect(decision.events.map(({ type }) => type)).toEqual([
      'incident.opened',
      'alert.parked',
      'incident.routed',
      'escalation.started',
    ]);
    expect(causesOf(decision)).toEqual(['alert-parked']);
  });

  it('that is poisoned and of the product itself raises no further one: each would be poisoned in turn', () => {
    const of = {
      alertId: 'a',
      key: 'alert-parked',
      principal: { kind: 'system', id: 'system' },
      reality: 'actual',
      severity: 'high',
      acceptedAt: T0,
      code: 'unexpected',
    } as const;
    const decision = okay(openPoisoned(of, factsOf(), T0).decision);
    expect(causesOf(decision)).toEqual([]);
    expect(decision.next.incident.class).toBe('system');
    expect(timersOf(decision.next)).toContain('step 1 @0');
  });
});

describe('a further alert', () => {
  it('of the same kind only extends', () => {
    const story = new Story().advance(5);
    story.hear('alert');
    expect(story.types()).toEqual(['alert.accepted', 'incident.extended']);
    expect(story.incident).toMatchObject({ alertCount: 2, firingCount: 2, version: 1 });
    expect(pagesOf(story.last)).toEqual([]);
  });

  it.each([
    ['from another zone', { zone: 'roof' }, 're-alert-zone'],
    ['after 15 quiet minutes', { acceptedAt: T0 + 901_000_000 }, 're-alert-quiet'],
    ['of higher severity', { severity: 'critical' as const }, 're-alert-severity'],
  ])('%s re-alerts', (_, over, code) => {
    const story = new Story(factsOf({ routes: unit.routes.filter(({ id }) => id === 'rest') })).advance(902);
    story.hear('alert', over);
    expect(story.types()).toEqual(
      expect.arrayContaining(['incident.realerted', 'escalation.step', 'notification.queued']),
    );
    expect(story.last.reason.code).toBe(code);
  });

  it('while the ladder runs pages the current step once more and keeps run and due times', () => {
    const story = new Story().advance(70);
    const before = { run: story.alerting?.id, timers: timersOf(story.aggregate) };
    story.hear('alert', { zone: 'roof' });
    expect(pagesOf(story.last)).toEqual(['ali 2.1', 'bela 2.1']);
    expect({ run: story.alerting?.id, timers: timersOf(story.aggregate) }).toEqual(before);
    expect(pagesOf(story.hear('alert', { zone: 'yard' }))).toEqual(['ali 2.2', 'bela 2.2']);
  });

  it('before the first step has gone out repeats nothing', () => {
    const story = new Story();
    story.hear('alert', { zone: 'roof' });
    expect(story.types()).toEqual(['alert.accepted', 'incident.realerted']);
    expect(causesOf(story.last)).toEqual([]);
    expect(pagesOf(story.fire())).toEqual(['ali 1.0']);
  });

  it('on a held ladder starts the next epoch, opens, and keeps the owner', () => {
    const story = new Story().advance(5);
    story.act({ act: 'take' });
    story.sleep(5).hear('alert', { zone: 'roof' });
    expect(story.incident).toMatchObject({ state: 'open', owner: 'person-ali', epoch: 2 });
    expect(story.last.ended.runs).toMatchObject([{ state: 'ended', endedBy: 're-alert' }]);
    expect(timersOf(story.aggregate)).toEqual(['exhaustion 1 @250', 'step 1 @10', 'step 2 @70', 'step 3 @190']);
  });

  it('of a severity with another policy starts that one from the old start, its overdue steps in one page a person', () => {
    const story = new Story().advance(70);
    story.hear('alert', { severity: 'critical' });
    expect(story.alerting).toMatchObject({ startedAt: T0, step: 2, plan: { policy: 'grave' } });
    expect(pagesOf(story.last)).toEqual(['ali 1.0', 'bela 1.0', 'chief 2.0']);
    expect(story.types()).toEqual(
      expect.arrayContaining(['incident.regraded', 'incident.realerted', 'escalation.cancelled', 'incident.routed']),
    );
    expect(causesOf(story.last)).toEqual([]);
    expect(timersOf(story.aggregate)).toEqual(['exhaustion 1 @90']);
  });

  it('that is information joins and moves nothing', () => {
    const story = new Story().advance(5);
    story.hear('alert', { severity: 'info', zone: 'roof' });
    expect(story.types()).toEqual(['alert.accepted']);
    expect(story.last.reason.code).toBe('accepted-joins');
  });

  it('reopens a resolved incident, without its owner, and is refused by a closed one', () => {
    const story = new Story().advance(5);
    story.act({ act: 'take' });
    story.act({ act: 'resolve' });
    story.sleep(5).hear('alert');
    expect(story.types()).toEqual(['alert.accepted', 'incident.reopened', 'escalation.started']);
    expect(story.incident).toMatchObject({ state: 'open', owner: null, resolvedAt: null });
    story.act({ act: 'resolve' });
    story.act({ act: 'close' });
    expect(story.tell({ kind: 'alert', signal: signal() })).toMatchObject({
      ok: false,
      refusal: { code: 'illegal-move' },
    });
  });
});

describe('repeats, restores, stale ends', () => {
  it('a repeat is counted and pages nobody', () => {
    const story = new Story().advance(5);
    story.hear('repeat', { count: 9 });
    expect(story.types()).toEqual(['alert.duplicate']);
    expect(story.last.events[0]?.data).toMatchObject({ count: 9 });
  });

  it('a graver repeat re-grades; after a re-grade downwards by a person the old gravity does not', () => {
    const story = new Story().advance(5);
    story.hear('repeat', { severity: 'critical', previousSeverity: 'high' });
    expect(story.incident.severity).toBe('critical');
    story.act({ act: 'regrade', severity: 'low' });
    story.hear('repeat', { severity: 'critical', previousSeverity: 'critical' });
    expect(story.incident.severity).toBe('low');
  });

  it('a repeat after the resolution reopens; one from before it, or of a door with startsAt, does not', () => {
    const story = new Story().advance(5);
    story.act({ act: 'resolve' });
    const at = story.now;
    expect(story.types(okay(story.tell({ kind: 'repeat', signal: signal({ lastSignalAt: at - 1 }) })))).toEqual([
      'alert.duplicate',
    ]);
    story.sleep(5);
    expect(
      story.types(okay(story.tell({ kind: 'repeat', signal: signal({ lastSignalAt: at + 1, startsAt: T0 }) }))),
    ).toEqual(['alert.duplicate']);
    story.hear('repeat', { lastSignalAt: at + 1 });
    expect(story.types()).toEqual(['alert.duplicate', 'incident.reopened', 'escalation.started']);
  });

  it('the last restore makes it normal; it goes on paging until somebody acknowledges', () => {
    const story = new Story().advance(5);
    story.hear('restore');
    expect(story.incident).toMatchObject({ state: 'open', condition: 'normal', firingCount: 0 });
    expect(timersOf(story.aggregate)).toContain('step 2 @60');
    story.hear('restore');
    story.hear('alert');
    expect(story.incident).toMatchObject({ condition: 'active', firingCount: 1 });
  });

  it('resolves where the route lets it, never in life safety', () => {
    const machine = new Story(factsOf(), signal({ category: 'technical' })).advance(5);
    machine.hear('restore');
    expect(machine.incident).toMatchObject({ state: 'resolved', resolvedBy: 'source' });
    expect(machine.aggregate).toMatchObject({ runs: [], timers: [], assignments: [] });
    const fire = new Story(factsOf(), signal({ category: 'fire', severity: 'critical', site: 'villa' })).advance(5);
    fire.hear('restore');
    expect(fire.incident).toMatchObject({ state: 'open', condition: 'normal', autoResolve: true });
  });

  it('a stale end is marked, never taken for a restore', () => {
    const story = new Story().advance(5);
    story.hear('stale');
    expect(story.types()).toEqual(['alert.stale']);
    expect(story.incident.condition).toBe('active');
  });
});

it('information reported by hand is recorded and pages nobody', () => {
  const facts = factsOf();
  const info = signal({ severity: 'info' });
  const decision = okay(decide(openIncident(info, null, facts, T0), { kind: 'alert', signal: info }, facts, T0));
  expect(decision.events.map(({ type }) => type)).toEqual(['incident.opened', 'alert.accepted']);
  expect(decision.next).toMatchObject({ runs: [], timers: [] });
});
