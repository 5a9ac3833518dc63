import type { ApiIncident } from '../dumps/shapes';
import { type Check, Findings } from './finding';

const withinMs = 10_000;
const compared = ['number', 'seq', 'state', 'severity', 'site', 'alertCount'] as const;

/**
 * I14 convergence: <= 10 s after heal each replica = the public API for that user's scope: every incident that is not
 * closed, equal in seq and all that it shows; and nothing beyond the scope.
 */
export const convergence: Check = ({ dumps }) => {
  const findings = new Findings('I14');
  for (const { console: name, scope, incidents, convergedMs } of dumps.replicas) {
    findings.look();
    if (convergedMs === null) findings.violate(name, 'never equalled the API');
    else if (convergedMs > withinMs)
      findings.violate(name, `equalled the API after ${convergedMs.toFixed(0)} ms`, convergedMs);
    const visible = dumps.api.incidents.filter(
      ({ site, state }) => state !== 'closed' && (scope === null || (site !== null && scope.includes(site))),
    );
    const fault = visible.map((incident) => difference(incident, incidents[incident.id])).find(Boolean);
    if (fault !== undefined) findings.violate(name, fault);
    const known = new Set(dumps.api.incidents.map(({ id }) => id));
    const stray = Object.keys(incidents).find((id) => !known.has(id));
    if (stray !== undefined) findings.violate(name, `holds incident ${stray}, which does not exist`);
  }
  return findings;
};

function difference(server: ApiIncident, held: ApiIncident | undefined): string | undefined {
  if (held === undefined) return `lacks incident ${server.id}`;
  const field = compared.find((name) => server[name] !== held[name]);
  return field && `has ${field} ${held[field]} of incident ${server.id}, the API ${server[field]}`;
}
