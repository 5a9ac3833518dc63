import type {
  AlertRow,
  AttemptRow,
  DeliveryRow,
  Dumps,
  EventRow,
  IncidentRow,
  NotificationRow,
  RunRow,
} from '../dumps/shapes';
import type { HistoryRecord } from '../history/records';
import type { Scene } from '../scene/shapes';
import { type Clocks, clockSlackMs, clocksOf } from './clock';
import { disturbedWindows, type Fault, faultsOf, type Window } from './disturbance';
import { timedIncidents } from './timed';
import { type IncidentLog, incidentLogOf } from './incident-log';
import type { CheckInput } from './shapes';
import { type KeyHistory, keyFinder, keyHistoriesOf } from './submissions';

type RecordOf<F extends HistoryRecord['f']> = Extract<HistoryRecord, { f: F }>;

/** Everything that invariants look things up in: built once, each lookup O(1) or O(log n). */
export interface Context extends Clocks {
  readonly scene: Scene;
  readonly dumps: Dumps;
  readonly history: readonly HistoryRecord[];
  readonly checksLiveness: boolean;
  readonly records: { readonly [F in HistoryRecord['f']]: readonly RecordOf<F>[] };
  readonly faults: readonly Fault[];
  readonly windows: readonly Window[];
  /** False for what was written to since PostgreSQL's own clock was stepped: its times prove nothing. */
  readonly isTimed: (incident: string) => boolean;
  readonly keys: ReadonlyMap<string, KeyHistory>;
  readonly alertsOfKey: ReadonlyMap<string, readonly AlertRow[]>;
  readonly keyOf: (alert: AlertRow) => string | undefined;
  readonly alertsOfIncident: ReadonlyMap<string, readonly AlertRow[]>;
  readonly alerts: ReadonlyMap<string, AlertRow>;
  readonly incidents: ReadonlyMap<string, IncidentRow>;
  readonly streams: ReadonlyMap<string, readonly EventRow[]>;
  readonly logs: ReadonlyMap<string, IncidentLog>;
  readonly runs: ReadonlyMap<string, RunRow>;
  readonly notifications: ReadonlyMap<string, NotificationRow>;
  readonly deliveries: ReadonlyMap<string, DeliveryRow>;
  readonly attemptsOf: ReadonlyMap<string, readonly AttemptRow[]>;
  /** By delivery; `isDumped`: it came before the tables were read, so that these must know of it. */
  readonly arrivalsOf: ReadonlyMap<string, readonly RecordOf<'page'>[]>;
  readonly isDumped: (record: HistoryRecord) => boolean;
  /** What the product said about itself, by cause, in order of time. */
  readonly alarms: ReadonlyMap<string, readonly AlertRow[]>;
}

export function contextOf({ history, dumps, scene, checksLiveness = true }: CheckInput): Context {
  const { sql } = dumps;
  const records = recordsByKind(history);
  const faults = faultsOf(records.fault);
  const keys = keyHistoriesOf(records.submit);
  const keyOf = keyFinder(keys);
  const bySource = sql.alerts.filter(({ principalKind }) => principalKind === 'source');
  const clocks = clocksOf(history, sql);
  const dumpedAt = clocks.toMonotonic(sql.now) - clockSlackMs;
  const streams = grouped(sql.events, ({ stream }) => stream);
  return {
    scene,
    dumps,
    history,
    checksLiveness,
    records,
    ...clocks,
    isDumped: ({ t }) => t < dumpedAt,
    faults,
    windows: disturbedWindows(faults),
    isTimed: timedIncidents({ faults, observations: records.obs, streams }),
    keys,
    keyOf,
    alertsOfKey: grouped([...bySource].sort(byAcceptance), keyOf),
    alertsOfIncident: grouped(sql.alerts, ({ incident }) => incident ?? undefined),
    alerts: indexed(sql.alerts),
    incidents: indexed(sql.incidents),
    streams,
    logs: new Map(sql.incidents.map(({ id }) => [id, incidentLogOf(id, streams.get(id) ?? [])])),
    runs: indexed(sql.runs),
    notifications: indexed(sql.notifications),
    deliveries: indexed(sql.deliveries),
    attemptsOf: grouped(sql.attempts, ({ delivery }) => delivery),
    arrivalsOf: grouped(records.page, ({ key }) => key),
    alarms: grouped(
      sql.alerts.filter(({ principalKind }) => principalKind === 'system').sort(byAcceptance),
      ({ key }) => key,
    ),
  };
}

const byAcceptance = (a: AlertRow, b: AlertRow): number => a.acceptedAt - b.acceptedAt;

function recordsByKind(history: readonly HistoryRecord[]): Context['records'] {
  const kinds = {
    submit: [],
    act: [],
    page: [],
    fault: [],
    obs: [],
    read: [],
    converged: [],
    lag: [],
    stolen: [],
    phase: [],
  };
  for (const record of history) (kinds[record.f] as HistoryRecord[]).push(record);
  return kinds;
}

export function indexed<T extends { readonly id: string }>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.map((row) => [row.id, row]));
}

/** In the order of the rows; those without a key are left out. */
export function grouped<T>(rows: readonly T[], keyOf: (row: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}
