import fc from 'fast-check';
import type { Ok } from '../../test/example-unit.js';
import { factsOf, okay, signal, T0, unit } from '../../test/example-unit.js';
import type { Act, Aggregate, AlertSignal, Facts, Input, Instant } from '../index.js';
import {
  assignmentTransitions,
  decide,
  decideTimers,
  dueTimers,
  incidentTransitions,
  instantText,
  neverSilent,
  openIncident,
  SECOND,
} from '../index.js';

/** Any order of what people, sources, clocks and outages can do to one incident. */
type Move =
  | { readonly do: 'act'; readonly act: Act; readonly who: string; readonly waitS: number }
  | {
      readonly do: 'hear';
      readonly kind: 'alert' | 'repeat' | 'restore' | 'stale';
      readonly over: Partial<AlertSignal>;
      readonly waitS: number;
    }
  | { readonly do: 'outage'; readonly waitS: number };

const severity = fc.constantFrom('critical', 'high', 'medium', 'low', 'info' as const) as fc.Arbitrary<
  AlertSignal['severity']
>;
const who = fc.constantFrom('ali', 'bela', 'chen', 'chief');
/** Mostly seconds, sometimes long enough for idle times, no-answers, exhaustion and repeats. */
const waitS = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 20 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 400 }) },
);
const plain = [
  'acknowledge',
  'take',
  'release',
  'recall',
  'stand-down',
  'escalate',
  'close',
  'reopen',
  'accept',
  'decline',
  'en-route',
  'on-scene',
  'clear',
  'resolve',
] as const;
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...plain).map((name) => ({ act: name }) as Act) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Act>(
      { act: 'dispatch' },
      { act: 'dispatch', people: ['chen'] },
      { act: 'dispatch', teams: ['rota'] },
      { act: 'transfer', to: 'bela' },
    ),
  },
  { weight: 2, arbitrary: severity.map((to) => ({ act: 'regrade', severity: to }) as Act) },
  { weight: 1, arbitrary: fc.constant<Act>({ act: 'note', text: 'x' }) },
);
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('act' as const), act, who, waitS }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('hear' as const),
      kind: fc.constantFrom('alert' as const, 'repeat' as const, 'restore' as const, 'stale' as const),
      over: fc.record({ severity, zone: fc.constantFrom('gate', 'roof', 'yard', null), firing: fc.boolean() }),
      waitS,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('outage' as const), waitS: fc.integer({ min: 1, max: 3000 }) }) },
);

class Walk {
  aggregate: Aggregate;
  now: Instant = T0;
  readonly seen = new Set<string>();

  constructor(
    readonly facts: Facts,
    first: AlertSignal,
    readonly watch: (decision: Ok, now: Instant) => void = () => {},
  ) {
    this.aggregate = openIncident(first, 'g', facts, T0);
    this.apply({ kind: 'alert', signal: first });
    this.fire();
  }

  step(one: Move): void {
    if (one.do === 'outage') this.now += one.waitS * SECOND;
    else this.pass(one.waitS);
    if (one.do === 'act') this.apply({ kind: 'act', act: one.act, actor: { kind: 'person', id: `person-${one.who}` } });
    if (one.do === 'hear')
      this.apply({ kind: one.kind, signal: signal({ acceptedAt: this.now, lastSignalAt: this.now, ...one.over }) });
    this.fire();
  }

  private pass(seconds: number): void {
    const until = this.now + seconds * SECOND;
    for (let next = this.nextDue(); next <= until; next = this.nextDue()) {
      this.now = Math.max(this.now, next);
      this.fire();
    }
    this.now = until;
  }

  private nextDue(): Instant {
    return this.aggregate.timers.reduce((least, timer) => Math.min(least, timer.dueAt), Infinity);
  }

  private apply(input: Input): void {
    const decision = decide(this.aggregate, input, this.facts, this.now);
    if (decision.ok) this.check(decision);
  }

  private fire(): void {
    for (let due = dueTimers(this.aggregate, this.now); due.length > 0; due = dueTimers(this.aggregate, this.now)) {
      const before = this.aggregate;
      this.check(okay(decideTimers(before, due, this.facts, this.now)));
      if (this.aggregate === before)
        throw new Error(`due, and nothing came of it: ${due.map(({ kind }) => kind).join()}`);
    }
  }

  /** What must hold of every decision, whatever came before. */
  private check(decision: Ok): void {
    const before = this.aggregate;
    const { next, ended, effects } = decision;
    this.aggregate = next;
    this.watch(decision, this.now);
    const ids = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);
    for (const kind of ['runs', 'timers', 'assignments'] as const) {
      const after = new Set([...ids(next[kind]), ...ids(ended[kind])]);
      for (const id of ids(before[kind])) if (!after.has(id)) throw new Error(`${kind} ${id} vanished`);
    }
    if (next.runs.filter(({ kind }) => kind === 'alerting').length > 1) throw new Error('two alerting runs');
    if (new Set(next.assignments.map(({ person }) => person)).size !== next.assignments.length)
      throw new Error('a person twice assigned');
    for (const timer of next.timers)
      if (!next.runs.some(({ id }) => id === timer.runId)) throw new Error(`timer ${timer.kind} without its run`);
    this.checkLegal(before, decision);
    for (const timer of ended.timers) this.once(`timer ${timer.kind} ${timer.runId} ${timer.ordinal}`);
    for (const effect of effects) {
      if (effect.kind !== 'notify') continue;
      const { runId, kind, step, repeat, target, notice } = effect.notification;
      this.once(`page ${runId} ${kind} ${step} ${repeat} ${target.id} ${notice ?? ''}`);
      if (kind === 'page' && effect.notification.suppressed === undefined && next.incident.state !== 'open')
        throw new Error(`pages while ${next.incident.state}`);
    }
  }

  private checkLegal(before: Aggregate, { next, ended }: Ok): void {
    const from = before.incident.state;
    const to = next.incident.state;
    // A re-alert or an escalation by a person may return; `resolve` of a source passes through no other state.
    if (from !== to && !Object.values(incidentTransitions[from]).includes(to)) throw new Error(`${from} -> ${to}`);
    for (const was of before.assignments) {
      const is = [...next.assignments, ...ended.assignments].find(({ id }) => id === was.id)?.state ?? 'lost';
      if (is !== was.state && !(Object.values(assignmentTransitions[was.state]) as string[]).includes(is))
        throw new Error(`${was.state} -> ${is}`);
    }
  }

  /** The database's unique indexes: nothing is numbered twice. */
  private once(mark: string): void {
    if (this.seen.has(mark)) throw new Error(`twice: ${mark}`);
    this.seen.add(mark);
  }
}

const start = fc.record({ severity, category: fc.constantFrom('intrusion', 'panic', 'technical', 'supervision') });

it('20,000 random walks never fall silent, never number anything twice, and move only along the tables', () => {
  const facts = factsOf();
  fc.assert(
    fc.property(start, fc.array(move, { minLength: 4, maxLength: 24 }), (over, moves) => {
      const walk = new Walk(facts, signal(over));
      for (const one of moves) {
        walk.step(one);
        if (!neverSilent(walk.aggregate)) throw new Error(`silent after ${JSON.stringify(one)}`);
      }
    }),
    { numRuns: 20_000 },
  );
}, 120_000);

it('an incident that nobody touches reaches every step on time, whatever alerts keep coming', () => {
  const facts = factsOf({ routes: unit.routes.filter(({ id }) => id === 'rest') });
  const heard = fc.record({
    do: fc.constant('hear' as const),
    kind: fc.constantFrom('alert' as const, 'alert' as const, 'repeat' as const, 'restore' as const, 'stale' as const),
    over: fc.record({ severity, zone: fc.constantFrom('gate', 'roof', 'yard', 'cellar', null) }),
    waitS: fc.integer({ min: 0, max: 30 }),
  });
  fc.assert(
    fc.property(fc.array(heard, { maxLength: 40 }), (moves) => {
      const fired: [unknown, unknown][] = [];
      const walk = new Walk(facts, signal({ severity: 'high' }), (decision, now) => {
        for (const { type, data } of decision.events)
          if (type === 'escalation.step' && data.repeat === 0) fired.push([data.step, instantText(now)]);
      });
      for (const one of moves) walk.step(one);
      walk.step({ do: 'hear', kind: 'repeat', over: { severity: 'low' }, waitS: 300 });
      const due = (afterS: number): string => instantText(T0 + afterS * SECOND);
      expect(fired).toEqual([
        [1, due(0)],
        [2, due(60)],
        [3, due(180)],
      ]);
    }),
    { numRuns: 1000 },
  );
}, 60_000);
