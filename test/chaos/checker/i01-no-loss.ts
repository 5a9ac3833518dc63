import { type Check, Findings } from './finding';
import { isOk } from './submissions';

/**
 * I1 no loss: for every key with an `ok`, |{a in d: a.key = k}| = 1, per firing episode: the alert that was answered is
 * there. (More than one row of an episode is I3's.)
 */
export const noLoss: Check = ({ keys, alertsOfKey, alerts }) => {
  const findings = new Findings('I1');
  for (const { key, firing } of keys.values()) {
    const oks = firing.filter(isOk);
    if (oks.length === 0) continue;
    findings.look();
    if (!alertsOfKey.has(key)) {
      findings.violate(key, `answered with ok ${oks.length} times, and no such alert is stored`);
      continue;
    }
    for (const id of new Set(oks.flatMap(({ end }) => end?.alertId ?? [])))
      if (!alerts.has(id)) findings.violate(key, `answered as alert ${id}, which is not stored`);
  }
  return findings;
};
