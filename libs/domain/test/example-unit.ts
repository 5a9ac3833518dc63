import type {
  Act,
  Aggregate,
  AlertSignal,
  ConfigDocument,
  Decision,
  Facts,
  Input,
  Instant,
  PersonConfig,
} from '../src/index.js';
import { decide, decideTimers, defaultTiming, dueTimers, openIncident, SECOND } from '../src/index.js';

/** 2026-11-24T18:00:00Z: a Tuesday, 23:00 in Islamabad. */
export const T0: Instant = Date.UTC(2026, 10, 24, 18) * 1000;

/** Person ids are told by their slugs, so that tests read well. */
export const idOf = (slug: string): string => `person-${slug}`;

export function person(slug: string, over: Partial<PersonConfig> = {}): PersonConfig {
  return {
    slug,
    id: idOf(slug),
    name: { en: slug },
    language: 'en',
    grants: [],
    contacts: [{ channel: 'push' }, { channel: 'email', address: `${slug}@unit.example` }],
    ...over,
  };
}

/** Three steps at 0, 60 and 180 s: the guard, his team, the chief. A short unit that has one of everything. */
export const unit: ConfigDocument = {
  agency: { id: 'unit', name: { en: 'Unit' }, timeZone: 'Asia/Karachi' },
  sites: [
    { id: 'depot', code: '01', name: { en: 'Depot' }, groups: ['north'], zones: [] },
    { id: 'villa', code: '02', name: { en: 'Villa' }, groups: ['south'], zones: [], timeZone: 'Europe/London' },
  ],
  teams: [
    { id: 'red', name: { en: 'Red' }, members: ['ali', 'bela'] },
    { id: 'rota', name: { en: 'Rota' }, members: ['ali', 'bela', 'chen'], schedule: 'duty' },
    { id: 'empty', name: { en: 'Empty' }, members: [] },
  ],
  people: [
    person('ali'),
    person('bela'),
    person('chen'),
    person('chief'),
    person('tess', { test: true }),
    person('mute', { contacts: [] }),
  ],
  schedules: [
    {
      id: 'duty',
      name: { en: 'Duty' },
      timeZone: 'Asia/Karachi',
      layers: [
        {
          id: 'days',
          people: ['ali', 'bela', 'chen'],
          startsAt: '2026-01-05T07:00',
          turn: { unit: 'day', count: 1 },
          windows: [],
        },
      ],
      overrides: [],
    },
    { id: 'vacant', name: { en: 'Vacant' }, timeZone: 'UTC', layers: [], overrides: [] },
  ],
  policies: [
    {
      id: 'standard',
      name: { en: 'Standard' },
      steps: [
        { afterS: 0, targets: [{ kind: 'person', id: 'ali' }] },
        { afterS: 60, targets: [{ kind: 'team', id: 'red' }] },
        {
          afterS: 180,
          targets: [
            { kind: 'person', id: 'chief' },
            { kind: 'channel', id: 'wall' },
          ],
        },
      ],
    },
    {
      id: 'grave',
      name: { en: 'Grave' },
      steps: [
        {
          afterS: 0,
          targets: [
            { kind: 'team', id: 'red' },
            { kind: 'person', id: 'ali' },
          ],
        },
        { afterS: 30, targets: [{ kind: 'person', id: 'chief' }] },
      ],
    },
    { id: 'nobody', name: { en: 'Nobody' }, steps: [{ afterS: 0, targets: [{ kind: 'schedule', id: 'vacant' }] }] },
    { id: 'mute', name: { en: 'Mute' }, steps: [{ afterS: 0, targets: [{ kind: 'person', id: 'mute' }] }] },
    {
      id: 'drill',
      name: { en: 'Drill' },
      steps: [
        {
          afterS: 0,
          targets: [
            { kind: 'person', id: 'ali' },
            { kind: 'person', id: 'tess' },
            { kind: 'channel', id: 'wall' },
          ],
        },
      ],
    },
  ],
  routes: [
    { id: 'drills', match: { realities: ['test'] }, policy: 'drill' },
    { id: 'empty-desk', match: { categories: ['supervision'] }, policy: 'nobody', team: 'empty' },
    { id: 'mute-desk', match: { labels: { desk: 'mute' } }, policy: 'mute' },
    { id: 'grave', match: { severities: ['critical'], groups: ['north'] }, policy: 'grave', team: 'red' },
    {
      id: 'machines',
      match: { categories: ['technical', 'fire'] },
      policy: 'standard',
      team: 'red',
      autoResolve: true,
    },
    { id: 'rest', match: {}, policy: 'standard', team: 'red' },
  ],
  sources: [],
  channels: [{ id: 'wall', kind: 'webhook', name: { en: 'Wall' }, address: 'https://wall.example/hook' }],
  silences: [],
  timing: defaultTiming,
};

export function factsOf(over: Partial<ConfigDocument> = {}): Facts {
  let made = 0;
  return {
    config: { ...unit, ...over },
    configVersion: '7',
    matches: (pattern, text) => pattern === text || pattern === '*',
    newId: () => `id-${String((made += 1)).padStart(4, '0')}`,
  };
}

let alerts = 0;
export function signal(over: Partial<AlertSignal> = {}): AlertSignal {
  alerts += 1;
  return {
    alertId: `alert-${alerts}`,
    key: `key-${alerts}`,
    principal: { kind: 'source', id: 'panels' },
    source: 'panels',
    site: 'depot',
    zone: 'gate',
    category: 'intrusion',
    severity: 'high',
    reality: 'actual',
    title: 'Gate forced',
    labels: {},
    acceptedAt: T0,
    count: 1,
    firing: true,
    ...over,
  };
}

export type Ok = Extract<Decision, { ok: true }>;

export function okay(decision: Decision): Ok {
  if (!decision.ok) throw new Error(`refused: ${decision.refusal.code}`);
  return decision;
}

/** One incident with a hand on the clock: what is done to it, in order, and all that came of it. */
export class Story {
  aggregate: Aggregate;
  last: Ok;
  readonly all: Ok[] = [];

  constructor(
    readonly facts: Facts = factsOf(),
    first: AlertSignal = signal(),
    public now: Instant = first.acceptedAt,
  ) {
    this.aggregate = openIncident(first, 'group', facts, now);
    this.last = this.keep(decide(this.aggregate, { kind: 'alert', signal: first }, facts, now));
  }

  get incident(): Aggregate['incident'] {
    return this.aggregate.incident;
  }

  get alerting(): Aggregate['runs'][number] | undefined {
    return this.aggregate.runs.find((run) => run.kind === 'alerting');
  }

  /** Moves the clock, firing every timer at its own due time, as a healthy engine does. */
  advance(seconds: number): this {
    const until = this.now + seconds * SECOND;
    for (;;) {
      const next = this.aggregate.timers.reduce((least, timer) => Math.min(least, timer.dueAt), Infinity);
      if (next > until) break;
      this.now = Math.max(this.now, next);
      const before = this.aggregate;
      this.fire();
      if (this.aggregate === before) throw new Error('a due timer changed nothing');
    }
    this.now = until;
    return this;
  }

  /** The engine is away: time passes, nothing fires. */
  sleep(seconds: number): this {
    this.now += seconds * SECOND;
    return this;
  }

  /** Everything that is due now, as one decision. */
  fire(): Ok {
    return this.keep(decideTimers(this.aggregate, dueTimers(this.aggregate, this.now), this.facts, this.now));
  }

  hear(kind: 'alert' | 'repeat' | 'restore' | 'stale', over: Partial<AlertSignal> = {}): Ok {
    return this.keep(this.tell({ kind, signal: signal({ acceptedAt: this.now, ...over }) }));
  }

  act(act: Act, who = 'ali', over: Partial<Extract<Input, { kind: 'act' }>> = {}): Ok {
    return this.keep(this.try(act, who, over));
  }

  /** Without keeping what comes of it: for refusals. */
  try(act: Act, who = 'ali', over: Partial<Extract<Input, { kind: 'act' }>> = {}): Decision {
    return this.tell({ kind: 'act', act, actor: { kind: 'person', id: idOf(who) }, ...over });
  }

  tell(input: Input): Decision {
    return decide(this.aggregate, input, this.facts, this.now);
  }

  types(from: Ok = this.last): string[] {
    return from.events.map((event) => event.type);
  }

  private keep(decision: Decision): Ok {
    this.last = okay(decision);
    this.aggregate = this.last.next;
    this.all.push(this.last);
    return this.last;
  }
}

/** Who is paged by a decision: `slug step.repeat`, suppressed ones in brackets. */
export function pagesOf(decision: Ok): string[] {
  return decision.effects.flatMap((effect) => {
    if (effect.kind !== 'notify') return [];
    const { target, step, repeat, kind, notice, suppressed } = effect.notification;
    const text = `${target.id.replace('person-', '')} ${kind === 'notice' ? notice : `${step}.${repeat}`}`;
    return [suppressed === undefined ? text : `(${text})`];
  });
}

export function causesOf(decision: Ok): string[] {
  return decision.effects.flatMap((effect) => (effect.kind === 'sys' ? [effect.cause] : []));
}

/** Pending timers as `kind ordinal @ seconds since T0`. */
export function timersOf({ timers }: Aggregate): string[] {
  return timers.map(({ kind, ordinal, dueAt }) => `${kind} ${ordinal} @${(dueAt - T0) / SECOND}`).sort();
}
