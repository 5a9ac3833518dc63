import { type Check, Findings } from './finding';

/**
 * I13 console prefix: at every moment the seqs that a console has applied per incident are 1..m: no hole applied, doubles
 * dropped. A snapshot replaces what it holds.
 */
export const consolePrefix: Check = ({ records }) => {
  const findings = new Findings('I13');
  const held = new Map<string, Map<string, number>>();
  for (const { console: name, what, incident, seq, after } of records.obs) {
    if (what === 'snapshot') held.delete(name);
    if (what !== 'event' || incident === undefined || seq === undefined) continue;
    findings.look();
    const seqs = held.get(name) ?? new Map<string, number>();
    held.set(name, seqs.set(incident, seq));
    if (after !== undefined && seq !== after + 1)
      findings.violate(
        name,
        `applied ${seq} of incident ${incident} on ${after}: ${seq > after ? 'a hole' : 'a double'}`,
      );
  }
  return findings;
};
