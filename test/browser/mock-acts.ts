import type { Assignment, Incident, LiveEvent } from '../../apps/console/src/wire.js';
import { teams } from './mock-city.js';
import { type MockWorld, person, reason } from './mock-world.js';

type Body = Readonly<Record<string, unknown>>;
interface Press {
  readonly world: MockWorld;
  readonly row: Incident;
  readonly body: Body;
  /** Who pressed, and for whom it counts. */
  readonly by: string;
  readonly who: string;
}
/** The events of the act; null: no legal move; a text: refused with that code. */
type Done = readonly LiveEvent[] | null | string;

/** One act of a person, answered like the gateway's door: [status, body]. */
export function pressAct(
  world: MockWorld,
  press: { id: string; name: string; body: Body; by: string },
): readonly [number, unknown] {
  const row = world.incidents.get(press.id);
  const act = acts[press.name];
  if (!row || !act) return [404, { code: 'not-found', message: 'no such incident or act' }];
  const { expectedVersion, onBehalfOf } = press.body;
  if (expectedVersion !== undefined && expectedVersion !== row.version)
    return [409, { code: 'stale-version', message: 'the incident has moved on', incident: row }];
  const who = typeof onBehalfOf === 'string' ? onBehalfOf : press.by;
  const done = act({ world, row, body: press.body, by: press.by, who });
  if (done === null) return [409, { code: 'illegal-move', message: 'no legal move', incident: row }];
  if (typeof done === 'string') return [409, { code: done, message: done, incident: row }];
  world.commit(done);
  return [200, world.incidents.get(press.id)];
}

const live = (row: Incident): boolean => row.state === 'open' || row.state === 'acknowledged';
const move = ({ world, row }: Press, part: Partial<Incident>): void =>
  world.patch(row.id, { ...part, version: row.version + 1 });
const say = ({ world, row, by }: Press, type: string, data: LiveEvent['data'] = {}): LiveEvent =>
  world.event(row.id, type, data, { by: person(by) });
const held = ({ world, row }: Press): Partial<Incident> => ({
  state: 'acknowledged',
  acknowledgedAt: row.acknowledgedAt ?? world.at(),
  escalation: null,
});

function assign(p: Press, state: Assignment['state'], type: string): Done {
  const list = p.row.assignments ?? [];
  const theirs = list.find((a) => a.person === p.who);
  if (!live(p.row) || (state !== 'accepted' && !theirs)) return null;
  const rest = list.filter((a) => a.person !== p.who);
  const now: Assignment = { person: p.who, team: theirs?.team ?? null, state, at: p.world.at() };
  move(p, { ...(state === 'accepted' ? held(p) : {}), assignments: [...rest, now] });
  return [say(p, type, { person: p.who })];
}

function callBack(p: Press, state: 'recalled' | 'stood_down'): Done {
  const list = p.row.assignments ?? [];
  move(p, { assignments: list.map((a) => ({ ...a, state })) });
  return list.map((a) => say(p, `assignment.${state}`, { person: a.person, team: a.team }));
}

function dispatch(p: Press): Done {
  const { world, row, body } = p;
  const wanted = (body['teams'] as string[] | undefined) ?? (body['people'] ? [] : [row.team]);
  const crews = teams
    .filter((t) => wanted.includes(t.id))
    .flatMap((t) =>
      t.members
        .filter((m) => m.onDuty)
        .map((m): { person: string; team: string | null } => ({ person: m.id, team: t.id })),
    );
  const singles = ((body['people'] as string[] | undefined) ?? []).map((id) => ({ person: id, team: null }));
  const sent = [...crews, ...singles];
  if (sent.length === 0) return 'nobody-on-duty';
  const kept = (row.assignments ?? []).filter((a) => !sent.some((s) => s.person === a.person));
  const fresh = sent.map((s): Assignment => ({ ...s, state: 'notified', at: world.at() }));
  move(p, { ...held(p), assignments: [...kept, ...fresh] });
  const notice = (to: string) =>
    ({
      id: `d-${row.id}-${to}-${world.all.length}`,
      person: to,
      channel: 'push',
      state: 'sent',
      queuedAt: world.at(),
      sentAt: world.at(),
    }) as const;
  world.deliveries.set(row.id, [...(world.deliveries.get(row.id) ?? []), ...sent.map((s) => notice(s.person))]);
  return sent.map((s) => say(p, 'assignment.dispatched', s));
}

const acts: Readonly<Record<string, (press: Press) => Done>> = {
  acknowledge: (p) => {
    if (p.row.state !== 'open') return p.row.state === 'acknowledged' ? [] : null;
    move(p, held(p));
    return [say(p, 'incident.acknowledged')];
  },
  take: (p) => {
    if (!live(p.row)) return null;
    move(p, { ...held(p), owner: p.who });
    const seen = p.row.state === 'open' ? [say(p, 'incident.acknowledged')] : [];
    return [...seen, say(p, 'incident.taken', { to: p.who })];
  },
  release: (p) => {
    move(p, { owner: null, state: 'open', escalation: { step: 1, nextDueAt: p.world.at(-30) } });
    const why = reason('returned-released', 'Released with nobody sent; open again.');
    return [say(p, 'incident.released'), p.world.event(p.row.id, 'incident.returned', {}, { why })];
  },
  transfer: (p) => {
    move(p, { owner: String(p.body['to']) });
    return [say(p, 'incident.transferred', { from: p.row.owner, to: p.body['to'] })];
  },
  dispatch,
  recall: (p) => callBack(p, 'recalled'),
  'stand-down': (p) => callBack(p, 'stood_down'),
  accept: (p) => assign(p, 'accepted', 'assignment.accepted'),
  decline: (p) => assign(p, 'declined', 'assignment.declined'),
  'en-route': (p) => assign(p, 'en_route', 'assignment.en_route'),
  'on-scene': (p) => assign(p, 'on_scene', 'assignment.on_scene'),
  clear: (p) => assign(p, 'clear', 'assignment.clear'),
  escalate: (p) => {
    const step = (p.row.escalation?.step ?? 0) + 1;
    p.world.patch(p.row.id, { escalation: { step, nextDueAt: p.world.at(-30) } });
    const why = reason('escalated', `Escalated by hand to step ${step}.`, { step });
    return [p.world.event(p.row.id, 'escalation.step', { step, policy: 'duress' }, { by: person(p.by), why })];
  },
  regrade: (p) => {
    const severity = p.body['severity'] as Incident['severity'];
    move(p, { severity });
    return [say(p, 'incident.regraded', { from: p.row.severity, to: severity, severity })];
  },
  note: (p) => [say(p, 'note.added', { text: p.body['text'] })],
  resolve: (p) => {
    if (!live(p.row)) return null;
    const disposition = String(p.body['disposition'] ?? 'unknown');
    move(p, { state: 'resolved', resolvedAt: p.world.at(), escalation: null, disposition });
    return [say(p, 'incident.resolved', { disposition })];
  },
  close: (p) => {
    if (p.row.state !== 'resolved') return null;
    move(p, { state: 'closed', closedAt: p.world.at() });
    return [say(p, 'incident.closed')];
  },
  reopen: (p) => {
    move(p, {
      state: 'open',
      owner: null,
      resolvedAt: null,
      closedAt: null,
      escalation: { step: 1, nextDueAt: p.world.at(-30) },
    });
    return [say(p, 'incident.reopened')];
  },
};
