import type { Assignment, Delivery, Incident, LiveEvent, Reason, Team } from '../../apps/console/src/wire.js';
import { teams } from './mock-city.js';

export interface Raise {
  readonly id?: string;
  readonly title?: string;
  readonly severity?: Incident['severity'];
  readonly category?: string;
  readonly site?: string | null;
  readonly zone?: string | null;
  readonly team?: string | null;
  readonly class?: Incident['class'];
  readonly state?: Incident['state'];
  readonly condition?: Incident['condition'];
  readonly owner?: string | null;
  readonly alertCount?: number;
  readonly reality?: Incident['reality'];
  /** Seconds before now. */
  readonly ago?: number;
  readonly assignments?: readonly Assignment[];
  readonly escalation?: Incident['escalation'];
  readonly description?: string;
}

type Actor = LiveEvent['actor'];
const machine: Actor = { kind: 'system', id: 'engine', name: 'engine' };
const person = (id: string): Actor => ({ kind: 'person', id, name: null });
const reason = (code: string, text: string, params: Reason['params'] = {}): Reason => ({ code, params, text });
const secret = (base: number, ms: number): string => new Date(base + ms).toISOString().replace('Z', '000Z');

/** The state of a scripted unit: rows, logs, one ordered stream with a cursor. Not the product's rules: just enough. */
export class MockWorld {
  readonly incidents = new Map<string, Incident>();
  readonly logs = new Map<string, LiveEvent[]>();
  readonly all: LiveEvent[] = [];
  readonly deliveries = new Map<string, Delivery[]>();
  /** Hears every committed frame. */
  onCommit: (events: readonly LiveEvent[], rows: readonly Incident[]) => void = () => undefined;
  private number = 2440;

  constructor(readonly now: () => number) {}

  at(agoS = 0): string {
    return secret(this.now(), -agoS * 1000);
  }
  get cursor(): string {
    return `mock:${this.all.length}`;
  }
  since(cursor: string): readonly LiveEvent[] | null {
    const from = Number(cursor.slice(5));
    return cursor.startsWith('mock:') && from <= this.all.length ? this.all.slice(from) : null;
  }

  /** Opens an incident with its first events; `quiet` builds history without telling anybody. */
  raise(raise: Raise, quiet = false): Incident {
    this.number += 1;
    const id = raise.id ?? `i${this.number}`;
    const openedAt = this.at(raise.ago ?? 0);
    const row: Incident = {
      id,
      number: `26-${String(this.number).padStart(5, '0')}`,
      seq: 0,
      class: raise.class ?? 'alarm',
      category: raise.category ?? 'intrusion',
      reality: raise.reality ?? 'actual',
      state: raise.state ?? 'open',
      condition: raise.condition ?? 'active',
      severity: raise.severity ?? 'high',
      site: raise.site === undefined ? 'site-01' : raise.site,
      zone: raise.zone ?? null,
      team: raise.team === undefined ? 'qrf-1' : raise.team,
      title: raise.title ?? 'Door forced',
      description: raise.description ?? null,
      owner: raise.owner ?? null,
      version: 1,
      openedAt,
      occurredAt: null,
      acknowledgedAt: raise.state === 'acknowledged' ? openedAt : null,
      resolvedAt: null,
      closedAt: null,
      alertCount: raise.alertCount ?? 1,
      source: 'panel-1',
      route: 'default',
      assignments: raise.assignments ?? [],
      escalation: raise.escalation === undefined ? (raise.state === undefined ? { step: 1, nextDueAt: secret(this.now(), 27_000) } : null) : raise.escalation,
    };
    this.incidents.set(id, row);
    const events = [
      this.event(id, 'incident.opened', { severity: row.severity, site: row.site, team: row.team }, { kind: 'source', id: 'panel-1', name: 'panel-1' }, reason('opened-by-alert', 'Alert k opened the incident: its group had none.', { key: 'k' }), openedAt),
      this.event(id, 'alert.accepted', { alertId: `a-${id}`, key: 'k', source: 'panel-1', site: row.site, severity: row.severity, title: row.title, count: 1 }, { kind: 'source', id: 'panel-1', name: 'panel-1' }, reason('accepted-opens', 'Alert k was accepted and opened this incident.', { key: 'k' }), openedAt),
      this.event(id, 'incident.routed', { severity: row.severity, site: row.site, team: row.team }, machine, reason('route-matched', `Route ${row.route} matched; policy duress.`, { route: row.route ?? '', policy: 'duress' }), openedAt),
      this.event(id, 'escalation.step', { step: 1, repeat: 0, policy: 'duress', dueAt: openedAt }, machine, reason('step-due', 'Step 1 of policy duress is due.', { step: 1, policy: 'duress' }), openedAt),
    ];
    if (!quiet) this.commit(events);
    return this.incidents.get(id) as Incident;
  }

  /** Appends an event to an incident's log; the row's sequence follows. */
  event(id: string, type: string, data: LiveEvent['data'], actor: Actor = machine, why: Reason | null = null, at = this.at()): LiveEvent {
    const log = this.logs.get(id) ?? [];
    this.logs.set(id, log);
    const event: LiveEvent = { incidentId: id, stream: id, seq: log.length + 1, type, at, actor, data, reason: why };
    log.push(event);
    this.all.push(event);
    const row = this.incidents.get(id);
    if (row) this.incidents.set(id, { ...row, seq: event.seq });
    return event;
  }

  patch(id: string, part: Partial<Incident>): void {
    const row = this.incidents.get(id);
    if (row) this.incidents.set(id, { ...row, ...part });
  }

  commit(events: readonly LiveEvent[]): void {
    const ids = [...new Set(events.map((e) => e.incidentId))];
    this.onCommit(
      events,
      ids.flatMap((id) => (id ? (this.incidents.get(id) ?? []) : [])),
    );
  }

  /** One act of a person, answered like the gateway's door: [status, body]. */
  act(id: string, name: string, body: Record<string, unknown>, by: string): readonly [number, unknown] {
    const row = this.incidents.get(id);
    if (!row) return [404, { code: 'not-found', message: 'no such incident' }];
    const who = typeof body['onBehalfOf'] === 'string' ? body['onBehalfOf'] : by;
    if (body['expectedVersion'] !== undefined && body['expectedVersion'] !== row.version) {
      return [409, { code: 'stale-version', message: 'the incident has moved on', incident: row }];
    }
    const done = this.events(row, name, body, by, who);
    if (done === null) return [409, { code: 'illegal-move', message: `${name} is no legal move`, incident: row }];
    if (done === 'nobody') return [409, { code: 'nobody-on-duty', message: 'nobody is on duty', incident: row }];
    this.commit(done);
    return [200, this.incidents.get(id)];
  }

  private events(row: Incident, name: string, body: Record<string, unknown>, by: string, who: string): readonly LiveEvent[] | null | 'nobody' {
    const { id } = row;
    const live = row.state === 'open' || row.state === 'acknowledged';
    const move = (part: Partial<Incident>): void => this.patch(id, { ...part, version: row.version + 1 });
    const say = (type: string, data: LiveEvent['data'] = {}): LiveEvent => this.event(id, type, data, person(by));
    const held = { state: 'acknowledged', acknowledgedAt: row.acknowledgedAt ?? this.at(), escalation: null } as const;
    const assignment = (state: Assignment['state'], type: string): readonly LiveEvent[] | null => {
      const list = row.assignments ?? [];
      if (!live || (state !== 'accepted' && !list.some((a) => a.person === who))) return null;
      const rest = list.filter((a) => a.person !== who);
      const team = list.find((a) => a.person === who)?.team ?? null;
      move({ ...(state === 'accepted' ? held : {}), assignments: [...rest, { person: who, team, state, at: this.at() }] });
      return [say(type, { person: who })];
    };
    switch (name) {
      case 'acknowledge':
        if (row.state !== 'open') return row.state === 'acknowledged' ? [] : null;
        move(held);
        return [say('incident.acknowledged')];
      case 'take':
        if (!live) return null;
        move({ ...held, owner: who });
        return [...(row.state === 'open' ? [say('incident.acknowledged')] : []), say('incident.taken', { to: who })];
      case 'release':
        move({ owner: null, state: 'open', escalation: { step: 1, nextDueAt: secret(this.now(), 30_000) } });
        return [say('incident.released'), this.event(id, 'incident.returned', {}, machine, reason('returned-released', 'Released with nobody sent; open again.'))];
      case 'transfer':
        move({ owner: String(body['to']) });
        return [say('incident.transferred', { from: row.owner, to: body['to'] })];
      case 'dispatch':
        return this.dispatch(row, body, say, (part) => move({ ...held, ...part }));
      case 'recall':
      case 'stand-down': {
        const state = name === 'recall' ? 'recalled' : 'stood_down';
        move({ assignments: (row.assignments ?? []).map((a) => ({ ...a, state })) });
        return (row.assignments ?? []).map((a) => say(`assignment.${state}`, { person: a.person, team: a.team }));
      }
      case 'accept':
        return assignment('accepted', 'assignment.accepted');
      case 'decline':
        return assignment('declined', 'assignment.declined');
      case 'en-route':
        return assignment('en_route', 'assignment.en_route');
      case 'on-scene':
        return assignment('on_scene', 'assignment.on_scene');
      case 'clear':
        return assignment('clear', 'assignment.clear');
      case 'escalate':
        this.patch(id, { escalation: { step: (row.escalation?.step ?? 0) + 1, nextDueAt: secret(this.now(), 30_000) } });
        return [this.event(id, 'escalation.step', { step: (row.escalation?.step ?? 0) + 1, policy: 'duress' }, person(by), reason('escalated', 'Escalated by hand to step 2.', { step: 2 }))];
      case 'regrade':
        move({ severity: body['severity'] as Incident['severity'] });
        return [say('incident.regraded', { from: row.severity, to: body['severity'], severity: body['severity'] })];
      case 'note':
        return [say('note.added', { text: body['text'] })];
      case 'resolve':
        if (!live) return null;
        move({ state: 'resolved', resolvedAt: this.at(), escalation: null, disposition: String(body['disposition'] ?? 'unknown') });
        return [say('incident.resolved', { disposition: body['disposition'] })];
      case 'close':
        if (row.state !== 'resolved') return null;
        move({ state: 'closed', closedAt: this.at() });
        return [say('incident.closed')];
      case 'reopen':
        move({ state: 'open', owner: null, resolvedAt: null, closedAt: null, escalation: { step: 1, nextDueAt: secret(this.now(), 30_000) } });
        return [say('incident.reopened')];
      default:
        return null;
    }
  }

  private dispatch(row: Incident, body: Record<string, unknown>, say: (type: string, data: LiveEvent['data']) => LiveEvent, move: (part: Partial<Incident>) => void): readonly LiveEvent[] | 'nobody' {
    const wanted = (body['teams'] as string[] | undefined) ?? (body['people'] ? [] : [row.team]);
    const crews = teams.filter((t) => wanted.includes(t.id)).flatMap((t) => t.members.filter((m) => m.onDuty).map((m) => ({ person: m.id, team: t.id as string | null })));
    const singles = ((body['people'] as string[] | undefined) ?? []).map((id) => ({ person: id, team: null as string | null }));
    const sent = [...crews, ...singles];
    if (sent.length === 0) return 'nobody';
    const kept = (row.assignments ?? []).filter((a) => !sent.some((s) => s.person === a.person));
    move({ assignments: [...kept, ...sent.map((s) => ({ ...s, state: 'notified' as const, at: this.at() }))] });
    this.deliveries.set(row.id, [
      ...(this.deliveries.get(row.id) ?? []),
      ...sent.map((s) => ({ id: `d-${row.id}-${s.person}-${this.all.length}`, person: s.person, channel: 'push', state: 'sent' as const, queuedAt: this.at(), sentAt: this.at() })),
    ]);
    return sent.map((s) => say('assignment.dispatched', s));
  }

  /** The teams, each member with what he is on. */
  teams(): readonly Team[] {
    const busy = new Map<string, NonNullable<Team['members'][number]['assignment']>>();
    for (const i of this.incidents.values()) {
      if (i.state !== 'open' && i.state !== 'acknowledged') continue;
      for (const a of i.assignments ?? []) {
        if (['notified', 'accepted', 'en_route', 'on_scene'].includes(a.state)) busy.set(a.person, { incidentId: i.id, number: i.number, state: a.state });
      }
    }
    return teams.map((t) => ({ ...t, members: t.members.map((m) => ({ ...m, assignment: busy.get(m.id) ?? null })) }));
  }
}
