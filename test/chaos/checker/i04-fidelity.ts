import type { AlertRow } from '../dumps/shapes';
import { type Check, Findings } from './finding';
import type { KeyHistory } from './submissions';

/** I4 fidelity: sha256(stored raw payload) = that of what was sent; site, zone, category and severity as sent. */
export const fidelity: Check = ({ dumps, keys, keyOf }) => {
  const findings = new Findings('I4');
  for (const alert of dumps.sql.alerts) {
    if (alert.principalKind !== 'source') continue;
    const history = keys.get(keyOf(alert) ?? '');
    if (history === undefined) continue;
    findings.look();
    for (const fault of faultsOf(alert, history)) findings.violate(alert.key, fault);
  }
  return findings;
};

function* faultsOf(alert: AlertRow, { firing }: KeyHistory): Generator<string> {
  const isSent = firing.some(({ invoke }) => invoke.sha256 === alert.rawSha256 && invoke.index === alert.rawIndex);
  if (!isSent) yield `the stored body ${alert.rawSha256} (item ${alert.rawIndex}) is none that was sent`;
  const sent = firing[0]?.invoke;
  if (sent === undefined) return;
  for (const field of ['site', 'zone', 'category', 'severity'] as const)
    if (alert[field] !== sent[field]) yield `${field} was sent as ${sent[field]} and stored as ${alert[field]}`;
}
