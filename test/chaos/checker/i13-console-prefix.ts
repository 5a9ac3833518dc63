import { type Check, Findings } from './finding';

/**
 * I13 console prefix: at every moment the seqs that a console has applied per incident are 1..m: no hole applied, doubles
 * dropped. Only two consoles write down every event that they apply, with the seq that they held before where they
 * know it; each writes down a hole. A snapshot replaces what it holds.
 */
export const consolePrefix: Check = ({ records }) => {
  const findings = new Findings('I13');
  const held = new Map<string, Map<string, number>>();
  for (const { console: name, what, incident, seq, after, hole } of records.obs) {
    if (what === 'snapshot') held.delete(name);
    if (what !== 'event' || incident === undefined || seq === undefined) continue;
    findings.look();
    const seqs = held.get(name) ?? new Map<string, number>();
    held.set(name, seqs);
    const before = after ?? seqs.get(incident);
    if (hole === true) findings.violate(name, `applied ${seq} of incident ${incident} over a hole`);
    else if (before !== undefined && seq !== before + 1)
      findings.violate(
        name,
        `applied ${seq} of incident ${incident} on ${before}: ${seq > before ? 'a hole' : 'a double'}`,
      );
    seqs.set(incident, seq);
  }
  return findings;
};
