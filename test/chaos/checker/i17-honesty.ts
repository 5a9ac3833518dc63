import type { AlertRow, EventRow, IncidentRow } from '../dumps/shapes';
import { alarmFor, alarmWithinMs } from './alarms';
import type { Context } from './context';
import { calmLateMs, windowWithin } from './disturbance';
import { type Check, Findings } from './finding';
import { codeOf, type IncidentLog } from './incident-log';
import { isReached, laddersOf, waysOf } from './ladders';
import { ordinalOf } from './step-times';
import { instantOf } from './clock';

const minuteMs = 60_000;
const loud: ReadonlySet<string> = new Set(['critical', 'high']);

/**
 * I17 honesty: each step later than 2 s, each parked alert, each exhausted ladder of critical or high, each page that
 * failed by every way and each minute with refusals over a budget has an alarm of the product about itself within 15 s
 * (one may stand for those of the 10 s before); where PostgreSQL's clock was stepped, at any time, and that step itself has
 * one. The product's own incidents raise none about themselves.
 */
export const honesty: Check = (context) => {
  const findings = new Findings('I17');
  for (const log of context.logs.values()) {
    const incident = context.incidents.get(log.id) as IncidentRow;
    if (incident.class === 'system') continue;
    const isTimed = context.isTimed(log.id);
    for (const { what, cause, at, subject } of mattersOf(log, isTimed)) {
      findings.look();
      const fits = ({ labels }: AlertRow): boolean => subject === undefined || labels['subject'] === subject;
      const alarm = isTimed ? alarmFor(context, { cause, at, fits }) : context.alarms.get(cause)?.find(fits);
      if (alarm === undefined)
        findings.violate(log.id, `${what}, and no alarm ${cause} says so within ${alarmWithinMs / 1_000} s`);
    }
  }
  for (const alert of context.dumps.sql.alerts) {
    if (alert.parkedAt === null) continue;
    findings.look();
    if (!alarmFor(context, { cause: 'alert-parked', at: alert.parkedAt }))
      findings.violate(alert.key, `alert ${alert.id} was parked, and no alarm says so`);
  }
  for (const { key, what } of [...failedPages(context), ...refusals(context), ...clockSteps(context)]) {
    findings.look();
    if (what !== undefined) findings.violate(key, what);
  }
  return findings;
};

interface Matter {
  readonly what: string;
  readonly cause: string;
  readonly at: number;
  readonly subject?: string;
}

/** A run that replaces another catches up at once and has only just begun: its steps are not late. */
function* mattersOf({ id, runs, events }: IncidentLog, isTimed: boolean): Generator<Matter> {
  for (const run of runs)
    for (const event of run.steps) {
      const late = event.at - instantOf(event.data?.['dueAt']);
      const isLate = isTimed ? late > calmLateMs + 1 : event.data?.['late'] === true;
      if (!isLate || codeOf(event) === 'step-caught-up') continue;
      yield { what: `step ${ordinalOf(event)} was ${late.toFixed(0)} ms late`, cause: 'timer-late', at: event.at };
    }
  for (const event of events)
    if (event.type === 'escalation.exhausted' && loud.has(severityAt(events, event)))
      yield { what: 'its ladder was exhausted', cause: 'escalation-exhausted', at: event.at, subject: id };
}

function severityAt(events: readonly EventRow[], at: EventRow): string {
  const before = events.slice(0, events.indexOf(at)).filter(({ type }) => type.startsWith('incident.'));
  return String(before.findLast(({ data }) => data?.['severity'] !== undefined)?.data?.['severity']);
}

type Answer = { readonly key: string; readonly what: string | undefined };

function* failedPages(context: Context): Generator<Answer> {
  for (const ladder of laddersOf(context.dumps.sql.notifications).values()) {
    const last = ladder.at(-1);
    if (
      last?.state !== 'failed' ||
      ladder.some((page) => isReached(context, page)) ||
      ladder.length < waysOf(context, last)
    )
      continue;
    if (context.incidents.get(last.incident)?.class === 'system') continue;
    const alarm = alarmFor(context, {
      cause: 'page-failed',
      at: last.changedAt,
      fits: ({ labels }) => labels['subject'] === last.target,
    });
    yield { key: last.incident, what: alarm ? undefined : `page ${last.id} failed by every way, and no alarm says so` };
  }
}

/** No time of theirs can be trusted, so that one alarm at whatever time is enough for all of them. */
function* clockSteps({ alarms, faults }: Context): Generator<Answer> {
  const done = faults.filter(({ kind, isNotRun }) => kind === 'clock-postgres' && !isNotRun);
  if (done.length === 0) return;
  const isSaid = (alarms.get('clock-stepped') ?? []).length > 0;
  yield {
    key: 'postgres',
    what: isSaid ? undefined : "PostgreSQL's clock was stepped, and no alarm clock-stepped says so",
  };
}

/** Refused as over budget (429), by source and minute: the alarm of that source, once in that time. */
function* refusals(context: Context): Generator<Answer> {
  const { sql } = context.dumps;
  const minutes = new Map<string, { from: number; source: string }>();
  for (const { httpStatus, t, source } of context.records.submit) {
    if (httpStatus !== 429 || windowWithin(context.windows, t, t) !== undefined) continue;
    const from = context.toDatabase(t);
    minutes.set(`${source} ${Math.floor(from / minuteMs)}`, { from, source });
  }
  for (const { from, source } of minutes.values()) {
    const isSaid = sql.alerts.some(
      ({ principalKind, key, acceptedAt }) =>
        principalKind === 'system' &&
        key.startsWith('source-') &&
        Math.abs(acceptedAt - from) < minuteMs + alarmWithinMs,
    );
    yield { key: source, what: isSaid ? undefined : 'was refused as over budget, and no alarm says so in that minute' };
  }
}
