import type { Assignment, Delivery, Incident, LiveEvent, Reason, Team } from '../../apps/console/src/wire.js';
import { teams } from './mock-city.js';

export type Actor = LiveEvent['actor'];
export interface Raise extends Partial<Omit<Incident, 'number' | 'seq' | 'openedAt'>> {
  /** Seconds before now at which it was opened. */
  readonly ago?: number;
}
export interface Said {
  readonly by?: Actor;
  readonly why?: Reason;
  /** Seconds before now. */
  readonly ago?: number;
}

export const machine: Actor = { kind: 'system', id: 'engine', name: 'engine' };
export const person = (id: string): Actor => ({ kind: 'person', id, name: null });
const panel: Actor = { kind: 'source', id: 'panel-1', name: 'panel-1' };
export const reason = (code: string, text: string, params: Reason['params'] = {}): Reason => ({ code, params, text });

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

  /** UTC text with six decimals, `agoS` seconds before now (negative: after). */
  at(agoS = 0): string {
    return new Date(this.now() - agoS * 1000).toISOString().replace('Z', '000Z');
  }
  get cursor(): string {
    return `mock:${this.all.length}`;
  }
  since(cursor: string): readonly LiveEvent[] | null {
    const from = Number(cursor.slice(5));
    return cursor.startsWith('mock:') && from <= this.all.length ? this.all.slice(from) : null;
  }

  /** Opens an incident with its first events; `quiet` builds history without telling anybody. */
  raise({ ago = 0, ...raise }: Raise = {}, quiet = false): Incident {
    this.number += 1;
    const id = raise.id ?? `i${this.number}`;
    this.incidents.set(id, { ...this.blank(id, ago), ...raise, id });
    const row = this.incidents.get(id) as Incident;
    if (row.state !== 'open' && raise.acknowledgedAt === undefined)
      this.patch(id, { acknowledgedAt: row.openedAt, escalation: null });
    const { severity, site, team, title, route } = row;
    const alert = { alertId: `a-${id}`, key: 'k', source: panel.id, site, severity, title, count: 1 };
    const events = [
      this.event(id, 'incident.opened', { severity, site, team }, { by: panel, ago }),
      this.event(id, 'alert.accepted', alert, {
        by: panel,
        ago,
        why: reason('accepted-opens', 'Alert k was accepted and opened this incident.', { key: 'k' }),
      }),
      this.event(
        id,
        'incident.routed',
        { severity, site, team },
        {
          ago,
          why: reason('route-matched', `Route ${route} matched; policy duress.`, { route, policy: 'duress' }),
        },
      ),
      this.event(
        id,
        'escalation.step',
        { step: 1, repeat: 0, policy: 'duress' },
        {
          ago,
          why: reason('step-due', 'Step 1 of policy duress is due.', { step: 1, policy: 'duress' }),
        },
      ),
    ];
    if (!quiet) this.commit(events);
    return this.incidents.get(id) as Incident;
  }

  private blank(id: string, ago: number): Incident {
    return {
      id,
      number: `26-${String(this.number).padStart(5, '0')}`,
      seq: 0,
      class: 'alarm',
      category: 'intrusion',
      reality: 'actual',
      state: 'open',
      condition: 'active',
      severity: 'high',
      site: 'site-01',
      zone: null,
      team: 'qrf-1',
      title: 'Door forced',
      description: null,
      owner: null,
      version: 1,
      openedAt: this.at(ago),
      occurredAt: null,
      acknowledgedAt: null,
      resolvedAt: null,
      closedAt: null,
      alertCount: 1,
      source: panel.id,
      route: 'default',
      assignments: [],
      escalation: { step: 1, steps: 3, nextDueAt: this.at(-27) },
      returnsAt: null,
    };
  }

  /** Appends an event to an incident's log; the row's sequence follows. */
  event(id: string, type: string, data: LiveEvent['data'], { by = machine, why, ago = 0 }: Said = {}): LiveEvent {
    const log = this.logs.get(id) ?? [];
    this.logs.set(id, log);
    const at = this.at(ago);
    const event: LiveEvent = {
      incidentId: id,
      stream: id,
      seq: log.length + 1,
      type,
      at,
      actor: by,
      data,
      reason: why ?? null,
    };
    log.push(event);
    this.all.push(event);
    this.patch(id, { seq: event.seq });
    return event;
  }

  patch(id: string, part: Partial<Incident>): void {
    const row = this.incidents.get(id);
    if (row) this.incidents.set(id, { ...row, ...part });
  }

  /** What a transaction of the product leaves: its events, and the rows that they touched. */
  commit(events: readonly LiveEvent[]): void {
    const ids = [...new Set(events.map((e) => e.incidentId))];
    this.onCommit(
      events,
      ids.flatMap((id) => (id ? (this.incidents.get(id) ?? []) : [])),
    );
  }

  /** The teams, each member with what he is on. */
  teams(): readonly Team[] {
    const busy = new Map<string, NonNullable<Team['members'][number]['assignment']>>();
    const active: readonly Assignment['state'][] = ['notified', 'accepted', 'en_route', 'on_scene'];
    for (const i of this.incidents.values()) {
      if (i.state !== 'open' && i.state !== 'acknowledged') continue;
      for (const a of i.assignments ?? [])
        if (active.includes(a.state)) busy.set(a.person, { incidentId: i.id, number: i.number, state: a.state });
    }
    return teams.map((t) => ({
      ...t,
      members: t.members.map((m) => ({ ...m, assignment: busy.get(m.id) ?? null })),
    }));
  }
}
