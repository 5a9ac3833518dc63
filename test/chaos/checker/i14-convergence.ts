import type { Replica } from '../dumps/shapes';
import type { Context } from './context';
import { type Check, Findings } from './finding';
import { isAfterRead } from './skew';

const withinMs = 10_000;
const compared = ['number', 'seq', 'state', 'severity', 'site', 'alertCount', 'owner'] as const;

/**
 * I14 convergence: <= 10 s after heal each replica = the public API for that user's scope: every unresolved incident is
 * held, and what is held is equal in seq and all that it shows, but for what happened between the two reads. As soon
 * after a gateway was killed, each console that had hung on it is as far as the API.
 */
export const convergence: Check = (context) => {
  const findings = new Findings('I14');
  for (const replica of context.dumps.replicas) {
    const { console: name, convergedMs } = replica;
    findings.look();
    if (convergedMs === null) findings.violate(name, 'never equalled the API');
    else if (convergedMs > withinMs)
      findings.violate(name, `equalled the API ${convergedMs.toFixed(0)} ms after heal`, convergedMs);
    for (const fault of replicaFaults(context, replica)) findings.violate(name, fault);
  }
  for (const { console: name, ms } of context.records.converged) {
    findings.look();
    if (ms === null) findings.violate(name, 'lost its gateway and did not equal the API again');
    else if (ms > withinMs) findings.violate(name, `equalled the API ${ms.toFixed(0)} ms after its gateway died`, ms);
  }
  return findings;
};

function* replicaFaults(context: Context, { scope, incidents, takenAt }: Replica): Generator<string> {
  const { incidents: listed, readAt } = context.dumps.api;
  const earlier = Math.min(readAt, takenAt);
  for (const server of listed) {
    if (scope !== null && (server.site === null || !scope.includes(server.site))) continue;
    const { id, seq, state } = server;
    const held = incidents[id];
    const field = held && compared.find((one) => server[one] !== held[one]);
    if (held === undefined && (state === 'open' || state === 'acknowledged')) {
      if (!isAfterRead(context, { incident: id, seq: 0, at: earlier })) yield `lacks incident ${id}, which is ${state}`;
    } else if (held !== undefined && field !== undefined) {
      const least = Math.min(seq, held.seq);
      if (held.seq === seq || !isAfterRead(context, { incident: id, seq: least, at: earlier }))
        yield `has ${field} ${held[field]} of incident ${id} at seq ${held.seq}, the API ${server[field]} at ${seq}`;
    }
  }
  for (const id of Object.keys(incidents))
    if (!context.incidents.has(id) && takenAt < context.dumps.sql.readerNow)
      yield `holds incident ${id}, which does not exist`;
}
