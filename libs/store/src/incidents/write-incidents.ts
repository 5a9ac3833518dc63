import { Fault, type Incident, type Instant, instantText } from '@tocsin/domain';
import { type Column, insertOf, run, type Statement, textArray, updateOf } from '../column-arrays.js';
import type { Head } from './load-aggregates.js';
import type { Tx } from '../pool.js';

/** An incident as it shall stand, with its stream's new head. */
export interface IncidentWrite {
  readonly incident: Incident;
  readonly head: Head;
}
type IncidentColumn = Column<IncidentWrite>;

const text = (name: string, of: (incident: Incident) => string | null): IncidentColumn => ({
  name,
  type: 'text',
  of: ({ incident }) => of(incident),
});
const integer = (name: string, of: (incident: Incident) => number): IncidentColumn => ({
  name,
  type: 'int',
  of: ({ incident }) => of(incident),
});
const flag = (name: string, of: (incident: Incident) => boolean): IncidentColumn => ({
  name,
  type: 'boolean',
  of: ({ incident }) => of(incident),
});
const time = (name: string, of: (write: IncidentWrite) => Instant | null): IncidentColumn => ({
  name,
  type: 'timestamptz',
  of: (write) => {
    const instant = of(write);
    return instant === null ? null : instantText(instant);
  },
});

const id: IncidentColumn = { name: 'id', type: 'uuid', of: ({ incident }) => incident.id };

/** What no rule ever changes. */
const fixed: readonly IncidentColumn[] = [
  text('agency_id', ({ agency }) => agency),
  text('class', (incident) => incident.class),
  text('reality', ({ reality }) => reality),
  text('group_key', ({ groupKey }) => groupKey),
  time('opened_at', ({ incident }) => incident.openedAt),
];

const head: readonly IncidentColumn[] = [
  { name: 'head_seq', type: 'bigint', of: (write) => write.head.seq },
  { name: 'head_hash', type: 'bytea', of: (write) => write.head.hash },
  time('head_at', (write) => write.head.at),
];

const moving: readonly IncidentColumn[] = [
  text('category', ({ category }) => category),
  text('state', ({ state }) => state),
  text('condition', ({ condition }) => condition),
  text('severity', ({ severity }) => severity),
  text('site_id', ({ site }) => site),
  text('zone', ({ zone }) => zone),
  { name: 'zones', type: 'text[]', of: ({ incident }) => textArray(incident.zones) },
  text('source_id', ({ source }) => source),
  { name: 'labels', type: 'jsonb', of: ({ incident }) => JSON.stringify(incident.labels) },
  text('team_id', ({ team }) => team),
  text('route_id', ({ route }) => route),
  text('title', ({ title }) => title),
  text('description', ({ description }) => description),
  { name: 'owner', type: 'uuid', of: ({ incident }) => incident.owner },
  integer('version', ({ version }) => version),
  time('last_signal_at', ({ incident }) => incident.lastSignalAt),
  time('acknowledged_at', ({ incident }) => incident.acknowledgedAt),
  time('resolved_at', ({ incident }) => incident.resolvedAt),
  text('resolved_by', ({ resolvedBy }) => resolvedBy),
  time('closed_at', ({ incident }) => incident.closedAt),
  text('disposition', ({ disposition }) => disposition),
  flag('auto_resolve', ({ autoResolve }) => autoResolve),
  integer('alert_count', ({ alertCount }) => alertCount),
  integer('firing_count', ({ firingCount }) => firingCount),
  integer('epoch', ({ epoch }) => epoch),
  integer('idle_ordinal', ({ idleOrdinal }) => idleOrdinal),
  flag('idle_rearmed', ({ idleRearmed }) => idleRearmed),
  { name: 'last_dispatch', type: 'uuid[]', of: ({ incident }) => `{${incident.lastDispatch.join(',')}}` },
  ...head,
];

/**
 * Year of opening in the unit's own zone, and the sequence; it grows beyond five digits when it must. The inner select
 * names the row: PostgreSQL asks a sequence once for the whole batch when nothing in the select changes from row to row.
 */
const number: IncidentColumn = {
  name: 'number',
  type: 'text',
  of: () => null,
  as: `(SELECT to_char(r.opened_at AT TIME ZONE coalesce((SELECT time_zone FROM agency WHERE agency.id = r.agency_id), 'UTC'), 'YY')
    || '-' || lpad(n::text, greatest(5, length(n::text)), '0') FROM (SELECT nextval('incident_number') AS n WHERE r.id IS NOT NULL) AS next)`,
};

const insertIncidentRows = insertOf(
  'incident',
  [id, number, ...fixed, ...moving],
  // Every writer inserts in the byte order of the group keys: two merges cannot wait for each other's key.
  `ORDER BY r.group_key COLLATE "C", r.id ON CONFLICT DO NOTHING RETURNING id, number`,
);
const updateIncidentRows = updateOf('incident', [id, ...moving]);
const updateHeads = updateOf('incident', [id, ...head]);

/**
 * Inserts incidents and returns their radio numbers by id. Throws Fault 'begin-again' when another transaction has
 * opened an incident of the same group meanwhile: on the next run the caller finds it and joins.
 */
export async function insertIncidents(tx: Tx, incidents: readonly IncidentWrite[]): Promise<Map<string, string>> {
  const { rows } = await run<IncidentWrite, { id: string; number: string }>(tx, insertIncidentRows, incidents);
  if (rows.length < incidents.length)
    throw new Fault('begin-again', { message: 'an incident of the same group was opened meanwhile' });
  return new Map(rows.map((row) => [row.id, row.number]));
}

/** Writes back incidents whose rows the caller has locked. */
export async function updateIncidents(tx: Tx, incidents: readonly IncidentWrite[]): Promise<void> {
  await update(tx, updateIncidentRows, incidents);
}

/** The same where only the stream has grown, as with every page that is sent or answered: 4 columns instead of 33. */
export async function updateIncidentHeads(tx: Tx, incidents: readonly IncidentWrite[]): Promise<void> {
  await update(tx, updateHeads, incidents);
}

async function update(tx: Tx, statement: Statement<IncidentWrite>, incidents: readonly IncidentWrite[]): Promise<void> {
  const { rowCount } = await run(tx, statement, incidents);
  if (rowCount !== incidents.length) throw new Error(`${incidents.length - rowCount} incidents are gone`);
}
