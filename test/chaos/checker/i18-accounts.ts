import type { ApiIncident, IncidentRow } from '../dumps/shapes';
import type { Context } from './context';
import { type Check, Findings } from './finding';
import { isAfterRead } from './skew';

/**
 * I18 accounts: API dump = SQL dump, incident by incident, but for what happened between the two reads; each is listed
 * once; so the sum of incident states = |incidents|. (Counters of processes do not outlive a kill and prove nothing.)
 */
export const accounts: Check = (context) => {
  const findings = new Findings('I18');
  const { incidents: listed, readAt } = context.dumps.api;
  const { readerNow } = context.dumps.sql;
  const byId = new Map(listed.map((incident) => [incident.id, incident]));
  if (byId.size !== listed.length) findings.violate('api', `lists ${listed.length - byId.size} incidents twice`);
  for (const incident of context.incidents.values()) {
    findings.look();
    const what = difference(context, incident, byId.get(incident.id));
    if (what !== undefined) findings.violate(incident.id, what);
  }
  for (const id of byId.keys())
    if (!context.incidents.has(id) && readAt < readerNow) findings.violate(id, 'is listed by the API and not stored');
  return findings;
};

function difference(context: Context, row: IncidentRow, api: ApiIncident | undefined): string | undefined {
  const { number, state, severity, site, alertCount } = row;
  const stored = { number, seq: Number(row.headSeq), state, severity, site, alertCount };
  const at = Math.min(context.dumps.api.readAt, context.dumps.sql.readerNow);
  if (api === undefined)
    return isAfterRead(context, { incident: row.id, seq: 0, at }) ? undefined : 'is not listed by the API';
  const names = Object.keys(stored) as (keyof typeof stored)[];
  const field = names.find((name) => stored[name] !== api[name]);
  if (field === undefined) return undefined;
  const seq = Math.min(stored.seq, api.seq);
  if (stored.seq !== api.seq && isAfterRead(context, { incident: row.id, seq, at })) return undefined;
  return `has ${field} ${stored[field]}, the API says ${api[field]}`;
}
