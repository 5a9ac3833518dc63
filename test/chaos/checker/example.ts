import { seal } from './example/seal';
import { idOf } from './example/scene';
import { at, type Mutable, newStory, record, say, type Story } from './example/story';
import { act, exhaust, step } from './example/climb';
import { accept, alarm, join, open, start, submit } from './example/tell';
import type { CheckInput } from './shapes';

/**
 * A small run in which everything holds and every invariant has something to hold over: 80 s, four groups of alerts, an
 * acknowledgement, a second episode, an exhausted ladder and what is said about it, a kill and a step that it made late.
 * `change` alters the story before its streams are numbered and chained.
 */
export function example(change: (story: Story) => void = () => undefined): Mutable<CheckInput> {
  const story = newStory(at(80));
  record(story, at(0), { f: 'phase', ph: 'invoke', phase: 'faults' });
  acknowledgedAndAgain(story);
  exhausted(story);
  byAlertmanager(story);
  lateByKill(story);
  record(story, at(60), { f: 'phase', ph: 'ok', phase: 'faults' });
  record(story, at(60.1), { f: 'phase', ph: 'invoke', phase: 'heal' });
  record(story, at(79), { f: 'phase', ph: 'ok', phase: 'heal' });
  for (const [console, scope] of [
    ['desk', null],
    ['north', ['site-1']],
  ] as const)
    story.replicas.push({
      console,
      scope: scope && [...scope],
      cursor: '1',
      takenAt: at(79.9),
      incidents: {},
      convergedMs: 700,
      canaries: [],
    });
  change(story);
  return seal(story);
}

const north = { site: 'site-1', category: 'intrusion', severity: 'high' } as const;

/** Two alerts of one group, one of them sent twice; seen, resolved; then the first fires anew and reopens. */
function acknowledgedAndAgain(story: Story): void {
  const first = accept(story, { key: 'north-1', ...north, at: at(2) });
  const incident = open(story, first);
  submit(story, { key: 'north-1', ...north, at: at(2.5) }, first.id);
  first.count = 2;
  join(story, accept(story, { key: 'north-2', ...north, at: at(3) }), incident);
  step(story, incident);
  step(story, incident);
  act(story, incident, { act: 'acknowledge', at: at(9) });
  act(story, incident, { act: 'resolve', at: at(11.5) });
  first.status = 'resolved';
  const again = accept(story, { key: 'north-1', ...north, at: at(15) });
  const { id: stream, site, severity } = incident;
  join(story, again, incident);
  const moved = { stream, site, at: at(15.02), code: 'reopened-by-alert' };
  say(story, { ...moved, type: 'incident.reopened', data: { from: 'resolved', to: 'open', severity } });
  start(story, incident, { startedAt: at(15), at: at(15.02), code: 'reopened-by-alert' });
  step(story, incident);
  incident.state = 'open';
  act(story, incident, { act: 'resolve', at: at(18) });
}

/** Critical, climbed to its end with nobody's answer; the alarm about that climbs as well. */
function exhausted(story: Story): void {
  const incident = open(
    story,
    accept(story, { key: 'panic-1', site: 'site-2', category: 'panic', severity: 'critical', at: at(5) }),
  );
  for (let n = 0; n < 3; n += 1) step(story, incident);
  const about = alarm(story, { cause: 'escalation-exhausted', subject: incident.id, at: exhaust(story, incident) });
  for (let n = 0; n < 3; n += 1) step(story, about);
  exhaust(story, about);
  const ask = {
    f: 'read' as const,
    op: 'read-foreign',
    what: 'foreign' as const,
    id: incident.id,
    person: idOf('gul'),
  };
  record(story, at(30), { ...ask, ph: 'invoke' });
  record(story, at(30.01), { ...ask, ph: 'fail', httpStatus: 404 });
}

/** A key that the door makes itself; an `info` that joins it, and one that finds nothing to join. */
function byAlertmanager(story: Story): void {
  const where = { site: 'site-3', category: 'technical' } as const;
  const incident = open(
    story,
    accept(story, { key: 'prom-1', ...where, severity: 'medium', at: at(20), door: 'alertmanager' }),
  );
  step(story, incident);
  join(story, accept(story, { key: 'info-1', ...where, severity: 'info', at: at(21) }), incident);
  act(story, incident, { act: 'resolve', at: at(24) });
  const lone = accept(story, { key: 'info-2', site: 'site-2', category: 'tamper', severity: 'info', at: at(25) });
  const data = { alertId: lone.id, key: lone.key, severity: 'info' };
  const stream = '00000000-0000-8000-8000-00000000feed';
  say(story, {
    stream,
    type: 'alert.accepted',
    at: at(25.02),
    site: lone.site,
    data,
    code: 'recorded',
    isIncident: false,
  });
}

/** A kill makes its second step 3 s late, which is said; then it is taken. */
function lateByKill(story: Story): void {
  const incident = open(
    story,
    accept(story, { key: 'fire-1', site: 'site-1', category: 'fire', severity: 'critical', at: at(38) }),
  );
  step(story, incident);
  const kill = { f: 'fault' as const, op: 'kill-1', kind: 'kill' as const, target: 'engine' };
  record(story, at(42.9), { ...kill, ph: 'invoke' });
  record(story, at(43), { ...kill, ph: 'ok' });
  step(story, incident, 3_000);
  const about = alarm(story, { cause: 'timer-late', subject: 'step', at: at(46) });
  for (let n = 0; n < 3; n += 1) step(story, about);
  exhaust(story, about);
  act(story, incident, { act: 'take', at: at(47) });
}
