import { causesOf, factsOf, idOf, pagesOf, Story, signal, timersOf, unit } from '../../test/example-unit.js';
import type { Act } from '../index.js';

const fixed = { routes: unit.routes.filter(({ id }) => id === 'rest') };
const started = (): Story => new Story(factsOf(fixed)).advance(5);
const held = (): Story => {
  const story = started();
  story.act({ act: 'acknowledge' });
  return story;
};

describe('seen', () => {
  it('acknowledge stops paging in the same decision', () => {
    const story = held();
    expect(story.types()).toEqual(['incident.acknowledged', 'escalation.cancelled']);
    expect(story.incident).toMatchObject({ state: 'acknowledged', version: 2, acknowledgedAt: story.now, owner: null });
    expect(story.alerting?.state).toBe('held');
    expect(story.last.effects).toMatchObject([{ kind: 'suppress', reason: { code: 'run-held' } }]);
    expect(story.last.ended.timers.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'step cancelled',
      'step cancelled',
      'exhaustion cancelled',
    ]);
    expect(timersOf(story.aggregate)).toEqual(['taken-idle 0 @305']);
  });

  it('what is so already is no error and no event', () => {
    const story = held();
    const again = story.act({ act: 'acknowledge' }, 'bela');
    expect(again).toMatchObject({ events: [], effects: [], reason: { code: 'already-true' } });
    expect(again.next).toBe(story.all.at(-2)?.next);
  });

  it('take owns, from another too, who is told', () => {
    const story = started();
    story.act({ act: 'take' });
    expect(story.types()).toEqual(['incident.acknowledged', 'escalation.cancelled', 'incident.taken']);
    story.act({ act: 'take' }, 'bela');
    expect(story.incident.owner).toBe(idOf('bela'));
    expect(pagesOf(story.last)).toEqual(['ali taken']);
    expect(story.last.reason.code).toBe('taken-over');
  });

  it('a word on behalf of another counts for him and says so', () => {
    const story = started();
    story.act({ act: 'take' }, 'ali', { onBehalfOf: idOf('chen'), occurredAt: 5 });
    expect(story.incident.owner).toBe(idOf('chen'));
    expect(story.last.events.at(-1)).toMatchObject({
      actor: { id: idOf('ali') },
      onBehalfOf: idOf('chen'),
      occurredAt: 5,
    });
    expect(story.try({ act: 'take' }, 'ali', { onBehalfOf: 'nobody' })).toMatchObject({
      refusal: { code: 'unknown-person' },
    });
  });

  it('release returns a held incident at once, unless somebody is assigned; of a running one it clears the owner', () => {
    const alone = started();
    alone.act({ act: 'take' });
    alone.act({ act: 'release' });
    expect(alone.types()).toEqual(['incident.released', 'incident.returned', 'escalation.started']);
    expect(alone.incident).toMatchObject({ state: 'open', owner: null });

    const sent = started();
    sent.act({ act: 'take' });
    sent.act({ act: 'dispatch' });
    sent.act({ act: 'release' });
    expect(sent.types()).toEqual(['incident.released']);
    expect(sent.incident.state).toBe('acknowledged');

    const running = started();
    running.act({ act: 'take' });
    running.hear('alert', { zone: 'roof' });
    running.act({ act: 'release' });
    expect(running.types()).toEqual(['incident.released']);
    expect(running.act({ act: 'release' }).reason.code).toBe('already-true');
  });

  it('transfer hands over, and tells', () => {
    const story = started();
    story.act({ act: 'transfer', to: 'bela' });
    expect(story.incident).toMatchObject({ owner: idOf('bela'), state: 'open' });
    expect(pagesOf(story.last)).toEqual(['bela transferred']);
    expect(story.try({ act: 'transfer', to: 'nobody' })).toMatchObject({ refusal: { code: 'unknown-person' } });
  });
});

describe('sent', () => {
  it('an empty dispatch means the routed team: one assignment and response run each, and ends the idle time', () => {
    const story = held();
    story.act({ act: 'dispatch' }, 'chief');
    expect(story.types()).toEqual(['assignment.dispatched', 'assignment.dispatched']);
    expect(story.aggregate.assignments.map(({ person, team, state }) => [person, team, state])).toEqual([
      [idOf('ali'), 'red', 'notified'],
      [idOf('bela'), 'red', 'notified'],
    ]);
    expect(timersOf(story.aggregate).filter((timer) => timer.startsWith('taken'))).toEqual([]);
    expect(pagesOf(story.fire())).toEqual(['ali 1.0', 'bela 1.0']);
    expect(pagesOf(story.advance(60).last)).toEqual(['ali 2.0', 'bela 2.0']);
    expect(pagesOf(story.advance(60).last)).toEqual(['ali 3.0', 'bela 3.0']);
  });

  it('no answer ends it after 180 s; when it was the last, the idle time begins', () => {
    const story = started();
    story.act({ act: 'dispatch', people: ['chen'] });
    story.advance(180);
    expect(story.last.events[0]).toMatchObject({ type: 'assignment.declined', reason: { code: 'no-answer' } });
    expect(story.aggregate.assignments).toEqual([]);
    expect(timersOf(story.aggregate)).toEqual(['taken-idle 0 @485']);
  });

  it('a dispatch that would send nobody changes nothing', () => {
    const story = started();
    expect(story.try({ act: 'dispatch', teams: ['empty'] })).toMatchObject({
      ok: false,
      refusal: { code: 'nobody-on-duty' },
    });
    expect(story.try({ act: 'dispatch', teams: ['blue'] })).toMatchObject({
      ok: false,
      refusal: { code: 'unknown-team' },
    });
    expect(story.try({ act: 'dispatch', people: ['zed'] })).toMatchObject({
      ok: false,
      refusal: { code: 'unknown-person' },
    });
    story.act({ act: 'dispatch', people: ['chen'] });
    expect(story.act({ act: 'dispatch', people: ['chen'] }).reason.code).toBe('already-true');
  });

  it('a team with a schedule means who is on call', () => {
    const story = started();
    story.act({ act: 'dispatch', teams: ['rota'] });
    expect(story.aggregate.assignments).toHaveLength(1);
  });

  it('recall undoes the last dispatch only', () => {
    const story = started();
    story.act({ act: 'dispatch', people: ['chen'] });
    story.act({ act: 'dispatch' });
    story.act({ act: 'recall' });
    expect(story.types().filter((type) => type === 'assignment.recalled')).toHaveLength(2);
    expect(pagesOf(story.last)).toEqual(['ali recalled', 'bela recalled']);
    expect(story.aggregate.assignments.map(({ person }) => person)).toEqual([idOf('chen')]);
    expect(story.act({ act: 'recall' }).reason.code).toBe('already-true');
  });

  it('stand-down calls everybody off; each of two stand-downs of one person is a notice of its own', () => {
    const story = started();
    const repeats = [1, 2].map(() => {
      story.act({ act: 'dispatch', people: ['chen'] });
      story.act({ act: 'stand-down' });
      return story.last.effects.find((effect) => effect.kind === 'notify')?.notification.repeat;
    });
    expect(new Set(repeats).size).toBe(2);
    expect(story.last.ended.assignments).toMatchObject([{ state: 'stood_down' }]);
    expect(timersOf(story.aggregate)[0]).toMatch(/^taken-idle/);
  });
});

describe('answers', () => {
  it('accept, en route, on scene, clear: each once, in order', () => {
    const story = started();
    story.act({ act: 'dispatch', people: ['chen'] });
    story.act({ act: 'accept' }, 'chen');
    expect(story.types()).toEqual(['assignment.accepted']);
    expect(story.last.ended.runs).toMatchObject([{ kind: 'response', endedBy: 'accept' }]);
    expect(story.act({ act: 'accept' }, 'chen').reason.code).toBe('already-true');
    story.act({ act: 'en-route' }, 'chen');
    story.act({ act: 'on-scene' }, 'chen');
    expect(story.act({ act: 'on-scene' }, 'chen').reason.code).toBe('already-true');
    expect(story.try({ act: 'en-route' }, 'chen')).toMatchObject({ refusal: { code: 'illegal-move' } });
    story.act({ act: 'clear' }, 'chen');
    expect(story.types()).toEqual(['assignment.clear']);
    expect(timersOf(story.aggregate)).toEqual(['taken-idle 0 @305']);
  });

  it('accept without a dispatch sends himself and stops the paging', () => {
    const story = started();
    story.act({ act: 'accept' }, 'bela');
    expect(story.types()).toEqual(['incident.acknowledged', 'escalation.cancelled', 'assignment.accepted']);
    expect(story.aggregate.assignments).toMatchObject([{ person: idOf('bela'), state: 'accepted', team: null }]);
    expect(story.last.ended.runs).toMatchObject([{ kind: 'response', state: 'ended' }]);
    expect(timersOf(story.aggregate)).toEqual([]);
  });

  it('accept ends the idle time of who had only acknowledged', () => {
    const story = held();
    story.act({ act: 'accept' }, 'bela');
    expect(story.types()).toEqual(['assignment.accepted']);
    expect(timersOf(story.aggregate)).toEqual([]);
  });

  it('the idle time waits for the last of several', () => {
    const story = started();
    story.act({ act: 'dispatch' });
    story.act({ act: 'decline' }, 'ali');
    expect(timersOf(story.aggregate).filter((timer) => timer.startsWith('taken'))).toEqual([]);
    story.act({ act: 'decline' }, 'bela');
    expect(timersOf(story.aggregate)).toEqual(['taken-idle 0 @305']);
  });

  it('decline needs an assignment, and re-arms the idle time when nobody is left', () => {
    const story = started();
    expect(story.try({ act: 'decline' }, 'chen')).toMatchObject({ refusal: { code: 'not-assigned' } });
    story.act({ act: 'dispatch', people: ['chen'] });
    story.act({ act: 'decline', why: 'no car' }, 'chen');
    expect(story.last.events[0]).toMatchObject({ type: 'assignment.declined', reason: { params: { why: 'no car' } } });
    expect(timersOf(story.aggregate)).toEqual(['taken-idle 0 @305']);
  });
});

describe('steering', () => {
  it('escalate fires the next step at once and brings the rest forward by the time gained', () => {
    const story = started();
    story.act({ act: 'escalate' });
    expect(pagesOf(story.last)).toEqual(['ali 2.0', 'bela 2.0']);
    expect(story.last.events[0]).toMatchObject({
      type: 'escalation.step',
      actor: { id: idOf('ali') },
      reason: { code: 'escalated' },
    });
    expect(timersOf(story.aggregate)).toEqual(['exhaustion 1 @185', 'step 3 @125']);
    story.act({ act: 'escalate' });
    expect(timersOf(story.aggregate)).toEqual(['exhaustion 1 @65']);
    expect(pagesOf(story.act({ act: 'escalate' }))).toEqual(['chief 3.1', 'wall 3.1']);
    expect(timersOf(story.aggregate)).toEqual(['exhaustion 1 @65']);
  });

  it('escalate on a held ladder begins anew at its next step and keeps the owner', () => {
    const story = started();
    story.act({ act: 'take' });
    story.act({ act: 'escalate' });
    expect(story.types()).toEqual([
      'incident.realerted',
      'escalation.started',
      'escalation.step',
      'notification.queued',
      'notification.queued',
    ]);
    expect(pagesOf(story.last)).toEqual(['ali 2.0', 'bela 2.0']);
    expect(story.incident).toMatchObject({ state: 'open', owner: idOf('ali') });
    expect(timersOf(story.aggregate)).toEqual(['exhaustion 1 @185', 'step 3 @125']);
  });

  it('re-grade upwards re-alerts, downwards changes no run', () => {
    const story = held();
    story.act({ act: 'regrade', severity: 'low' });
    expect(story.types()).toEqual(['incident.regraded']);
    expect(story.alerting?.state).toBe('held');
    story.act({ act: 'regrade', severity: 'medium' });
    expect(story.types()).toEqual(['incident.regraded', 'incident.realerted', 'escalation.started']);
    expect(story.incident).toMatchObject({ state: 'open', severity: 'medium' });
  });

  it('of an incident that was information, re-grade upwards begins its first ladder', () => {
    const story = new Story(factsOf(), signal({ severity: 'info' }));
    story.act({ act: 'regrade', severity: 'high' });
    expect(story.alerting).toMatchObject({ state: 'running', epoch: 0 });
  });
});

describe('ends', () => {
  it('resolve ends every run and assignment and tells who was sent', () => {
    const story = started();
    story.act({ act: 'dispatch' });
    story.act({ act: 'resolve', disposition: 'false' });
    expect(story.types()).toEqual([
      'incident.resolved',
      'assignment.stood_down',
      'assignment.stood_down',
      'notification.queued',
      'notification.queued',
    ]);
    expect(story.incident).toMatchObject({ state: 'resolved', disposition: 'false', resolvedBy: 'person' });
    expect(story.aggregate).toMatchObject({ runs: [], timers: [], assignments: [] });
    expect(pagesOf(story.last)).toEqual(['ali stood_down', 'bela stood_down']);
    expect(story.last.effects.filter(({ kind }) => kind === 'suppress')).toHaveLength(3);
  });

  it('close is about the record: only of what is resolved', () => {
    const story = started();
    expect(story.try({ act: 'close' })).toMatchObject({ refusal: { code: 'illegal-move' } });
    story.act({ act: 'resolve' });
    story.act({ act: 'close' });
    expect(story.incident.state).toBe('closed');
    expect(story.act({ act: 'close' }).reason.code).toBe('already-true');
    expect(story.try({ act: 'resolve' })).toMatchObject({ refusal: { code: 'illegal-move' } });
    expect(story.types(story.act({ act: 'note', text: 'afterwards' }))).toEqual(['note.added']);
  });

  it.each<Act>([
    { act: 'acknowledge' },
    { act: 'take' },
    { act: 'dispatch' },
    { act: 'accept' },
    { act: 'escalate' },
    { act: 'regrade', severity: 'low' },
    { act: 'release' },
  ])('$act is no legal move once it is resolved', (act) => {
    const story = started();
    story.act({ act: 'resolve' });
    expect(story.try(act)).toMatchObject({ ok: false, refusal: { code: 'illegal-move' } });
  });

  it('reopen clears the owner and begins the next epoch; not while the group has another', () => {
    const story = started();
    story.act({ act: 'take' });
    story.act({ act: 'resolve' });
    expect(story.try({ act: 'reopen' }, 'ali', { groupHolder: 'other' })).toMatchObject({
      refusal: { code: 'group-has-open-incident', incidentId: 'other' },
    });
    story.act({ act: 'reopen' });
    expect(story.types()).toEqual(['incident.reopened', 'escalation.started']);
    expect(story.incident).toMatchObject({ state: 'open', owner: null, epoch: 2, acknowledgedAt: null });
    expect(story.act({ act: 'reopen' }).reason.code).toBe('already-true');
  });

  it('a stale version is refused before anything else', () => {
    const story = held();
    expect(story.try({ act: 'resolve' }, 'ali', { expectedVersion: 1 })).toMatchObject({
      refusal: { code: 'stale-version' },
    });
    expect(story.try({ act: 'resolve' }, 'ali', { expectedVersion: 2 })).toMatchObject({ ok: true });
  });

  it('notes move no version, re-grades do', () => {
    const story = started();
    story.act({ act: 'note', text: 'x' });
    expect(story.incident.version).toBe(1);
    story.act({ act: 'regrade', severity: 'medium' });
    expect(story.incident.version).toBe(2);
    expect(causesOf(story.last)).toEqual([]);
  });
});
