import { mayFollow } from './episodes';
import { type Check, Findings } from './finding';

/**
 * I3 idempotence: all `ok` of one key name the same alertId; n submissions, 1 alert: per firing episode, so that a second
 * alert of a key is one only after the first had ended.
 */
export const idempotence: Check = (context) => {
  const findings = new Findings('I3');
  for (const [key, rows] of context.alertsOfKey) {
    const history = context.keys.get(key);
    if (history === undefined) continue;
    findings.look();
    for (const [index, next] of rows.entries()) {
      const before = rows[index - 1];
      if (before !== undefined && !mayFollow(context, history, before, next))
        findings.violate(key, `stored as ${before.id} and, while that still fired, again as ${next.id}`);
    }
  }
  return findings;
};
