import { clockSlackMs } from './clock';
import { type Check, Findings } from './finding';

/**
 * I2 nothing invented: every stored alert of a source has an `invoke` with its key, begun before it was accepted; a key
 * whose ops are all `fail` is absent. Where PostgreSQL's own clock was stepped, no time of acceptance can be trusted.
 */
export const nothingInvented: Check = ({ dumps, keys, keyOf, alertsOfKey, toMonotonic, faults }) => {
  const findings = new Findings('I2');
  const isTimed = !faults.some(({ kind }) => kind === 'clock-postgres');
  for (const alert of dumps.sql.alerts) {
    if (alert.principalKind !== 'source') continue;
    findings.look();
    const history = keys.get(keyOf(alert) ?? '');
    if (history === undefined) {
      findings.violate(alert.key, `alert ${alert.id} is stored, and nobody sent its key`);
      continue;
    }
    const early = Math.min(...history.firing.map(({ invoke }) => invoke.t)) - toMonotonic(alert.acceptedAt);
    if (early > clockSlackMs && isTimed)
      findings.violate(alert.key, `accepted ${early.toFixed(0)} ms before it was sent`, early);
  }
  for (const { key, firing } of keys.values())
    if (firing.length > 0 && firing.every(({ end }) => end?.ph === 'fail') && alertsOfKey.has(key))
      findings.violate(key, `all of its ${firing.length} submissions were refused, and it is stored`);
  return findings;
};
