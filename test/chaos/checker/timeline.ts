import type { HistoryRecord } from '../history/records';
import type { Context } from './context';
import type { Verdict, Violation } from './shapes';

const mostTimelines = 8;
const mostLines = 80;
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/**
 * The worst eight violations, the worst of each invariant first, with all records and rows of what they are about and the
 * faults meanwhile, in order of time: seconds since the first record.
 */
export function timelinesOf(context: Context, violations: readonly Violation[]): Verdict['timelines'] {
  const start = context.history[0]?.t ?? 0;
  return worstOf(violations).map((violation) => {
    const lines = nearest(linesAbout(context, violation.key), violation);
    return {
      violation,
      lines: lines.map(({ t, text }) => `${((t - start) / 1_000).toFixed(3).padStart(9)} s  ${text}`),
    };
  });
}

/** Of too many lines those around the ones that name what the violation names: its run, page or delivery. */
function nearest(lines: readonly Line[], { what }: Violation): Line[] {
  const inOrder = [...lines].sort((a, b) => a.t - b.t);
  if (inOrder.length <= mostLines) return inOrder;
  const ids = what.match(uuid) ?? [];
  const focal = inOrder.flatMap(({ text }, index) => (ids.some((id) => text.includes(id)) ? [index] : []));
  if (focal.length === 0) return [...inOrder.slice(0, mostLines / 2), ...inOrder.slice(-mostLines / 2)];
  const reach = Math.max(3, Math.floor(mostLines / focal.length / 2));
  return inOrder.filter((_, index) => focal.some((one) => Math.abs(one - index) <= reach)).slice(0, mostLines);
}

/** Round by round over the invariants, so that many of one kind do not hide another. */
export function worstOf(violations: readonly Violation[]): Violation[] {
  const ranks = new Map<string, number>();
  return [...violations]
    .sort((a, b) => (b.weight ?? 1) - (a.weight ?? 1))
    .map((violation) => {
      const rank = ranks.get(violation.invariant) ?? 0;
      ranks.set(violation.invariant, rank + 1);
      return { violation, rank };
    })
    .sort((a, b) => a.rank - b.rank)
    .slice(0, mostTimelines)
    .map(({ violation }) => violation);
}

interface Line {
  readonly t: number;
  readonly text: string;
}

function linesAbout(context: Context, key: string): Line[] {
  const alert = context.alerts.get(key) ?? context.alertsOfKey.get(key)?.[0];
  const incident = alert?.incident ?? context.notifications.get(key)?.incident ?? key;
  const about = new Set([key, incident, ...(context.deliveries.get(key)?.incidents ?? [])]);
  const deliveries = context.dumps.sql.deliveries.filter(
    ({ id, incidents }) => about.has(id) || incidents.some((one) => about.has(one)),
  );
  for (const { id } of deliveries) about.add(id);
  const lines = context.history
    .filter((record) => isAbout(record, about))
    .map((record): Line => ({ t: record.t, text: textOf(record) }));
  const at = (databaseMs: number, text: string): number => lines.push({ t: context.toMonotonic(databaseMs), text });
  for (const row of context.alertsOfKey.get(key) ?? (alert ? [alert] : []))
    at(
      row.acceptedAt,
      `row alert ${row.id} accepted: ${row.site} ${row.category} ${row.severity}, incident ${row.incident}`,
    );
  for (const id of about)
    for (const event of context.streams.get(id) ?? [])
      at(event.at, `event ${event.seq} ${event.type} ${String(event.reason?.['code'])} ${short(event.data)}`);
  for (const row of context.dumps.sql.timers)
    if (about.has(row.incident)) at(row.dueAt, `due: timer ${row.kind} ${row.ordinal} of run ${row.run}, ${row.state}`);
  for (const row of deliveries)
    at(row.madeAt, `row delivery ${row.id} to ${row.target} by ${row.channel}: ${row.state}`);
  for (const { id } of deliveries)
    for (const one of context.attemptsOf.get(id) ?? [])
      at(one.beganAt, `row attempt ${one.ordinal} of ${id}: ${one.state} ${one.code ?? ''}`);
  return withFaults(context, lines);
}

function isAbout(record: HistoryRecord, about: ReadonlySet<string>): boolean {
  switch (record.f) {
    case 'submit':
    case 'page':
      return about.has(record.key);
    case 'act':
      return about.has(record.incident);
    case 'read':
      return about.has(record.id);
    case 'obs':
      return about.has(record.console);
    default:
      return false;
  }
}

/** Faults that touched the time of the lines. */
function withFaults({ faults }: Context, lines: readonly Line[]): Line[] {
  const from = Math.min(...lines.map(({ t }) => t));
  const to = Math.max(...lines.map(({ t }) => t));
  const touching = faults.filter((fault) => fault.from <= to && fault.to >= from);
  const marks = touching.flatMap(({ kind, target, detail, from: began, to: ended }) => [
    { t: began, text: `FAULT ${kind} ${target} ${detail} begins` },
    ...(Number.isFinite(ended) && ended > began ? [{ t: ended, text: `FAULT ${kind} ${target} is over` }] : []),
  ]);
  return [...lines, ...marks];
}

/** A record without its stamp. */
function textOf(record: HistoryRecord): string {
  const { f, ph, v: _v, run: _run, rec, n: _n, t: _t, w: _w, ...rest } = record;
  return `${rec} ${f} ${ph} ${short(rest)}`;
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > 240 ? `${text.slice(0, 239)}…` : text;
}
