import { instantOf } from '../clock';
import { page } from './pages';
import { idOf, scene } from './scene';
import { instantText, record, say, type Story } from './story';
import { arm, type Incident, pending, policyOf, runOf } from './tell';

/** The next step of the ladder, `lateMs` after it was due, and its pages. */
export function step(story: Story, incident: Incident, lateMs = 30): void {
  const run = runOf(story, incident);
  const timer = pending(story, run, 'step');
  const ms = timer.dueAt + lateMs;
  [timer.state, timer.endedAt, run.step] = ['fired', ms, timer.ordinal];
  const { steps, id: policy } = policyOf((run.plan as { policy: string }).policy);
  const late = lateMs > 2_000;
  const slugs = (steps[timer.ordinal - 1]?.targets ?? []).flatMap(({ kind, id }) =>
    kind === 'team' ? (scene.teams.find((team) => team.id === id)?.members ?? []) : [id],
  );
  const targets = slugs.map((slug) => ({ kind: 'person', id: idOf(slug) }));
  const data = {
    step: timer.ordinal,
    repeat: 0,
    policy,
    dueAt: instantText(timer.dueAt),
    ...(late ? { late } : {}),
    targets,
  };
  const said = say(story, {
    stream: incident.id,
    type: 'escalation.step',
    at: ms,
    site: incident.site,
    data,
    code: late ? 'step-late' : 'step-due',
  });
  for (const { id: target } of targets)
    page(story, { incident, run, target, step: timer.ordinal, dueAt: instantOf(said.data?.['dueAt']), at: ms });
}

/** Holds or ends the ladder by an act of amina, answered 15 ms later and read at once. */
export function act(
  story: Story,
  incident: Incident,
  { act: name, at: ms }: { act: 'acknowledge' | 'take' | 'resolve'; at: number },
): void {
  const { id: stream, site, severity, state: from } = incident;
  const to = name === 'resolve' ? 'resolved' : 'acknowledged';
  const by = idOf('amina');
  const about = { f: 'act' as const, op: `act-${story.ids++}`, act: name, incident: stream, person: by };
  record(story, ms - 5, { ...about, ph: 'invoke' });
  incident.state = to;
  say(story, { stream, type: `incident.${to}`, at: ms, site, data: { from, to, severity }, code: to, by });
  const run = runOf(story, incident);
  if (run.state === 'running') {
    const code = to === 'resolved' ? 'run-ended' : 'run-held';
    say(story, {
      stream,
      type: 'escalation.cancelled',
      at: ms,
      site,
      data: { runId: run.id, step: run.step },
      code,
      by,
    });
  }
  for (const timer of story.rows.timers)
    if (timer.run === run.id && timer.state === 'pending') [timer.state, timer.endedAt] = ['cancelled', ms];
  if (to === 'resolved') [run.state, run.endedAt, run.endedBy, incident.resolvedAt] = ['ended', ms, 'resolve', ms];
  else {
    [run.state, incident.acknowledgedAt] = ['held', ms];
    arm(story, run, { kind: 'taken-idle', ordinal: 0, dueAt: ms + (severity === 'critical' ? 60 : 300) * 1_000 });
  }
  record(story, ms + 15, { ...about, ph: 'ok', httpStatus: 200, ms: 20 });
  const read = { f: 'read' as const, op: `read-${story.ids++}`, what: 'incident' as const, id: stream, person: by };
  record(story, ms + 20, { ...read, ph: 'invoke' });
  record(story, ms + 30, { ...read, ph: 'ok', httpStatus: 200, state: to });
}

/** Nobody answered: the ladder is exhausted, and its last step will be repeated. */
export function exhaust(story: Story, incident: Incident): number {
  const run = runOf(story, incident);
  const timer = pending(story, run, 'exhaustion');
  const ms = timer.dueAt + 30;
  [timer.state, timer.endedAt, run.exhaustedAt] = ['fired', ms, ms];
  const data = {
    step: run.step,
    repeat: 0,
    policy: (run.plan as { policy: string }).policy,
    dueAt: instantText(timer.dueAt),
  };
  say(story, {
    stream: incident.id,
    type: 'escalation.exhausted',
    at: ms,
    site: incident.site,
    data,
    code: 'exhausted',
  });
  arm(story, run, { kind: 'repeat', ordinal: 1, dueAt: timer.dueAt + scene.timing.exhaustedRepeatS * 1_000 });
  return ms;
}
