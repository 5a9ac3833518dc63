import type {
  Aggregate,
  AlertSignal,
  Assignment,
  Decision,
  DomainEvent,
  Effect,
  Incident,
  Instant,
  NewNotification,
  Reason,
  Run,
  Timer,
} from '@tocsin/domain';
import { v7 } from 'uuid';

type OkDecision = Extract<Decision, { ok: true }>;

/** 2026-11-24T18:00:00Z, a Tuesday evening in Islamabad: when nothing else is said, it is now. */
export const testNow: Instant = Date.UTC(2026, 10, 24, 18) * 1_000;

export const aReason = (code = 'because', text = 'Because a test says so.'): Reason => ({ code, params: {}, text });

export function anEvent(over: Partial<DomainEvent> = {}): DomainEvent {
  return {
    type: 'note.added',
    data: { text: 'checked the fence' },
    reason: aReason(),
    actor: { kind: 'system', id: 'engine' },
    ...over,
  };
}

export function aSignal(over: Partial<AlertSignal> = {}): AlertSignal {
  const alertId = over.alertId ?? v7();
  return {
    alertId,
    key: `door-${alertId.slice(-6)}`,
    principal: { kind: 'source', id: 'panels' },
    source: 'panels',
    site: 'north-depot',
    zone: 'gate',
    category: 'intrusion',
    severity: 'high',
    reality: 'actual',
    title: 'Gate forced',
    labels: {},
    acceptedAt: testNow,
    count: 1,
    firing: true,
    ...over,
  };
}

export function anIncident(over: Partial<Incident> = {}): Incident {
  return {
    id: v7(),
    agency: 'unit',
    class: 'alarm',
    category: 'intrusion',
    reality: 'actual',
    groupKey: null,
    state: 'open',
    condition: 'active',
    severity: 'high',
    site: 'north-depot',
    zone: 'gate',
    zones: ['gate'],
    source: 'panels',
    labels: {},
    team: 'response',
    route: 'everything',
    title: 'Gate forced',
    description: null,
    owner: null,
    version: 1,
    openedAt: testNow,
    lastSignalAt: testNow,
    acknowledgedAt: null,
    resolvedAt: null,
    resolvedBy: null,
    closedAt: null,
    disposition: null,
    autoResolve: false,
    alertCount: 1,
    firingCount: 1,
    epoch: 1,
    idleOrdinal: 0,
    idleRearmed: false,
    lastDispatch: [],
    ...over,
  };
}

export function aRun(over: Partial<Run> = {}): Run {
  const steps = [0, 60, 120, 300].map((afterS) => ({ afterS, targets: [{ kind: 'schedule' as const, id: 'duty' }] }));
  return {
    id: v7(),
    kind: 'alerting',
    epoch: 0,
    state: 'running',
    configVersion: '1',
    plan: { route: 'everything', policy: 'standard', team: 'response', steps },
    startedAt: testNow,
    endedAt: null,
    endedBy: null,
    assignmentId: null,
    step: 0,
    repeats: [],
    exhaustedAt: null,
    ...over,
  };
}

export function aTimer(over: Partial<Timer> & Pick<Timer, 'runId'>): Timer {
  return { id: v7(), kind: 'step', ordinal: 1, dueAt: testNow, state: 'pending', ...over };
}

export function anAssignment(over: Partial<Assignment> & Pick<Assignment, 'runId'>): Assignment {
  return { id: v7(), person: v7(), team: 'response', state: 'notified', at: testNow, ...over };
}

export function aNotification(over: Partial<NewNotification> & Pick<NewNotification, 'runId'>): NewNotification {
  return {
    id: v7(),
    kind: 'page',
    step: 1,
    repeat: 0,
    target: { kind: 'person', id: v7() },
    channel: 'push',
    rung: 0,
    severity: 'high',
    dueAt: testNow,
    ...over,
  };
}

export function aDecision(next: Aggregate, over: Partial<OkDecision> = {}): OkDecision {
  return {
    ok: true,
    next,
    ended: { runs: [], timers: [], assignments: [] },
    events: [],
    effects: [],
    reason: aReason(),
    ...over,
  };
}

/**
 * What opening an incident amounts to, without the rules: an aggregate with nothing in it, and a decision with a run,
 * the timers of its four steps, five events and the first notification.
 */
export function anOpening(over: Partial<Incident> = {}): { readonly opened: Aggregate; readonly decision: OkDecision } {
  const incident = anIncident(over);
  const opened: Aggregate = { incident, runs: [], timers: [], assignments: [] };
  const run = aRun();
  const timers = run.plan.steps.map((step, index) =>
    aTimer({
      runId: run.id,
      ordinal: index + 1,
      dueAt: run.startedAt + step.afterS * 1_000_000,
      state: index === 0 ? 'fired' : 'pending',
    }),
  );
  const data = {
    alertId: v7(),
    key: 'door-1',
    source: 'panels',
    site: incident.site,
    severity: incident.severity,
    title: incident.title,
    count: 1,
  };
  const types = [
    'incident.opened',
    'alert.accepted',
    'incident.routed',
    'escalation.started',
    'escalation.step',
  ] as const;
  const notify: Effect = { kind: 'notify', notification: aNotification({ runId: run.id }) };
  const decision = aDecision(
    { incident, runs: [run], timers: timers.slice(1), assignments: [] },
    {
      ended: { runs: [], timers: timers.slice(0, 1), assignments: [] },
      events: types.map((type) => anEvent({ type, data })),
      effects: [notify],
    },
  );
  return { opened, decision };
}
