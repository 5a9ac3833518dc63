import type { ApiIncident, IncidentRow } from '../dumps/shapes';
import { type Check, Findings } from './finding';

/**
 * I18 accounts: API dump = SQL dump, incident by incident; where the intake's own counter of accepted alerts was read over
 * a run without kills, it equals |alerts|; sum of incident states = |incidents|.
 */
export const accounts: Check = ({ dumps, incidents, alertsOfKey }) => {
  const findings = new Findings('I18');
  const byApi = new Map(dumps.api.incidents.map((incident) => [incident.id, incident]));
  if (byApi.size !== dumps.api.incidents.length) findings.violate('api', 'lists an incident twice');
  for (const incident of incidents.values()) {
    findings.look();
    const what = difference(incident, byApi.get(incident.id));
    if (what !== undefined) findings.violate(incident.id, what);
  }
  for (const id of byApi.keys()) if (!incidents.has(id)) findings.violate(id, 'is listed by the API and not stored');
  const counted = dumps.api.metrics['accepted'];
  const stored = [...alertsOfKey.values()].reduce((sum, rows) => sum + rows.length, 0);
  if (counted !== undefined && counted !== stored)
    findings.violate('intake', `counts ${counted} accepted alerts, ${stored} are stored`);
  return findings;
};

function difference(row: IncidentRow, api: ApiIncident | undefined): string | undefined {
  if (api === undefined) return 'is stored and not listed by the API';
  const { number, state, severity, site, alertCount } = row;
  const stored = { number, seq: Number(row.headSeq), state, severity, site, alertCount };
  const names = Object.keys(stored) as (keyof typeof stored)[];
  const field = names.find((name) => stored[name] !== api[name]);
  return field && `has ${field} ${stored[field]}, the API says ${api[field]}`;
}
