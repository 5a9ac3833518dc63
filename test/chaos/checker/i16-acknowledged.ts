import type { EventRow, NotificationRow } from '../dumps/shapes';
import type { ActRecord, FaultRecord, HistoryRecord, ReadRecord } from '../history/records';
import { clockSlackMs } from './clock';
import type { Context } from './context';
import { grouped } from './context';
import { type Check, Findings } from './finding';
import type { IncidentLog } from './incident-log';

/** A second, and what the recorder of arrivals may be late by before a run is void. */
const graceMs = 1_200;
const stops: ReadonlySet<string> = new Set(['acknowledge', 'take', 'accept', 'dispatch', 'resolve']);
/** What holds a sender or its words back between its claim and the provider; every other fault lets it re-check. */
const pauses: ReadonlySet<FaultRecord['kind']> = new Set(['stall', 'loop-stall', 'delay', 'black-hole', 'cut']);

type Act = HistoryRecord & ActRecord;

/**
 * I16 an acknowledgement holds: after ok(acknowledge), also by take, accept, dispatch or resolve, no escalation page of
 * the run that it held or ended begins > 1 s later, outside a pause of the sender; and every read shows a state that the
 * incident was in at that time.
 */
export const acknowledged: Check = (context) => {
  const findings = new Findings('I16');
  const pagesOf = escalationPages(context);
  for (const act of context.records.act) {
    if (act.ph !== 'ok' || !stops.has(act.act) || !context.isTimed(act.incident)) continue;
    findings.look();
    for (const run of runsStoppedBy(context, act))
      for (const { key, t } of pagesOf.get(run) ?? [])
        if (t > act.t + graceMs && !isPaused(context, act.t, t))
          findings.violate(
            act.incident,
            `delivery ${key} of run ${run} began ${(t - act.t).toFixed(0)} ms after ok(${act.act})`,
            t - act.t,
          );
  }
  for (const { id, what } of readFaults(context)) findings.violate(id, what);
  return findings;
};

/**
 * Arrivals of pages by the run that they escalate; what one delivery carries of several runs counts for each that its text
 * still names: a call that is made again leaves out, and says so, whatever was answered meanwhile. A notice in the same
 * delivery may name the same incident.
 */
function escalationPages({
  records,
  deliveries,
  notifications,
  incidents,
  toMonotonic,
}: Context): Map<string, { key: string; t: number }[]> {
  const arrivals = records.page.flatMap(({ key, t, named }) => {
    const isNamed = (id: string): boolean => named.includes(id) || named.includes(incidents.get(id)?.number ?? '');
    const isLeftOut = ({ state, changedAt }: NotificationRow): boolean =>
      state === 'suppressed' && toMonotonic(changedAt) <= t + clockSlackMs;
    const pages = (deliveries.get(key)?.notifications ?? []).flatMap((id) => notifications.get(id) ?? []);
    const live = pages
      .filter((page) => page.kind === 'page' && isNamed(page.incident) && !isLeftOut(page))
      .map(({ run }) => run ?? '');
    return [...new Set(live)].map((run) => ({ run, key, t }));
  });
  return grouped(arrivals, ({ run }) => run);
}

/** Runs that had been stopped when the act was answered. */
function runsStoppedBy({ logs, toMonotonic }: Context, act: Act): string[] {
  return (logs.get(act.incident)?.runs ?? [])
    .filter(({ stopped }) => stopped !== null && toMonotonic(stopped.at) <= act.t + clockSlackMs)
    .map(({ id }) => id);
}

function isPaused({ faults }: Context, from: number, to: number): boolean {
  return faults.some((fault) => pauses.has(fault.kind) && fault.from <= to && fault.to + graceMs >= from);
}

function* readFaults(context: Context): Generator<{ id: string; what: string }> {
  const invokes = new Map<string, HistoryRecord & ReadRecord>();
  const actsOn = grouped(
    context.records.act.filter(({ ph }) => ph === 'ok'),
    ({ incident }) => incident,
  );
  for (const read of context.records.read) {
    if (read.ph === 'invoke') invokes.set(read.op, read);
    const invoke = invokes.get(read.op);
    const log = context.logs.get(read.id);
    if (
      read.ph !== 'ok' ||
      read.what !== 'incident' ||
      read.state === undefined ||
      !invoke ||
      !log ||
      !context.isTimed(read.id)
    )
      continue;
    const acts = (actsOn.get(read.id) ?? []).filter(({ t }) => t <= invoke.t);
    const states = statesAt(context, { log, acts, from: invoke.t, to: read.t });
    if (!states.includes(read.state))
      yield { id: read.id, what: `was read as ${read.state}, when it was ${states.join(' or ')}` };
  }
}

/**
 * The states that a read may show: not one that an earlier one has replaced for certain, which is by the database's clock
 * with some slack, or by an act that was answered before the read began.
 */
function statesAt(
  context: Context,
  { log, acts, from, to }: { log: IncidentLog; acts: readonly Act[]; from: number; to: number },
): string[] {
  const since = context.toDatabase(from - clockSlackMs);
  const first = log.moves.findLastIndex(
    ({ event }) => event.at <= since || acts.some((act) => isBy(context, act, event)),
  );
  return log.moves
    .slice(Math.max(0, first))
    .filter(({ event }, index) => index === 0 || event.at <= context.toDatabase(to + clockSlackMs))
    .map(({ to: state }) => state);
}

/** Was it this act, answered at its `t`, that wrote the event? */
function isBy({ toDatabase }: Context, act: Act, { actorId, at }: EventRow): boolean {
  const answeredAt = toDatabase(act.t);
  return actorId === act.person && at <= answeredAt + clockSlackMs && at >= answeredAt - (act.ms ?? 0) - clockSlackMs;
}
