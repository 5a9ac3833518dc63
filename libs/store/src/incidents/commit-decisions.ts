import type { Instant, NewNotification } from '@tocsin/domain';
import { chainEvents, insertEvents } from '../log/append-events.js';
import { type Change, foldChange, type Folded, suppressionsOf } from './fold-change.js';
import type { Head } from './load-aggregates.js';
import type { Tx } from '../pool.js';
import { together } from '../together.js';
import { insertSystemAlerts, type SystemCause } from '../alerts/system-alerts.js';
import { insertIncidents, type IncidentWrite, updateIncidentHeads, updateIncidents } from './write-incidents.js';
import { insertNotifications, suppressWaiting } from './write-notifications.js';
import { writeRuns } from './write-runs.js';

export interface NewNotificationRow extends NewNotification {
  readonly incidentId: string;
}

export interface Committed {
  /** Inserted now, those born suppressed included. */
  readonly notifications: readonly NewNotificationRow[];
  /** How many events were added. */
  readonly events: number;
  /** Where each touched stream now ends. */
  readonly streams: readonly { readonly incidentId: string; readonly seq: number }[];
  /** Radio numbers of the incidents that are new. */
  readonly numbers: ReadonlyMap<string, string>;
  /** Alerts of the built-in source `system` that were inserted: they wait for the merge. */
  readonly systemAlerts: readonly string[];
}

/**
 * The last third of every handler: writes what the rules decided, set-based, in about ten statements and one
 * round trip whatever the number of incidents (one more where waiting pages are taken back). The caller holds the locks of
 * all of them (loadAggregates), `now` was read under these locks, and COMMIT is the caller's. Each incident stands at most once in `changes`.
 * Throws Fault 'begin-again' when a new incident's group has got another one meanwhile.
 */
export async function commitDecisions(tx: Tx, now: Instant, changes: readonly Change[]): Promise<Committed> {
  const suppressed = await suppressWaiting(tx, now, changes.flatMap(suppressionsOf));
  const folded = changes.map((change) => foldChange(change, suppressed));
  const chained = chainEvents(now, [...folded].sort(byIncident).map(growthOf));
  const notifications = folded.flatMap(({ next, notifications: own }) =>
    own.map((notification) => ({ incident: next.incident, notification })),
  );
  const [numbers, , , , systemAlerts] = await together(
    writeIncidents(tx, folded, chained.heads),
    writeRuns(tx, now, folded),
    insertNotifications(tx, now, notifications),
    insertEvents(tx, chained.rows),
    insertSystemAlerts(tx, now, oncePerSubject(folded.flatMap(causesOf))),
  );
  return {
    notifications: notifications.map(({ incident, notification }) => ({ ...notification, incidentId: incident.id })),
    events: chained.rows.length,
    streams: [...chained.heads].map(([incidentId, { seq }]) => ({ incidentId, seq })),
    numbers,
    systemAlerts,
  };
}

async function writeIncidents(
  tx: Tx,
  folded: readonly Folded[],
  heads: ReadonlyMap<string, Head>,
): Promise<Map<string, string>> {
  const write = ({ next, loaded }: Folded): IncidentWrite => ({
    incident: next.incident,
    head: heads.get(next.incident.id) ?? loaded.head,
  });
  const known = folded.filter(({ isNew }) => !isNew);
  const isChanged = ({ next, loaded }: Folded): boolean => next.incident !== loaded.aggregate.incident;
  const [numbers] = await together(
    insertIncidents(tx, folded.filter(({ isNew }) => isNew).map(write)),
    updateIncidents(tx, known.filter(isChanged).map(write)),
    updateIncidentHeads(tx, known.filter((one) => !isChanged(one) && one.events.length > 0).map(write)),
  );
  return numbers;
}

function growthOf({ next: { incident }, loaded, events }: Folded) {
  const { id: stream, agency, reality, site } = incident;
  return { stream, head: loaded.head, agency, reality, site, isIncident: true, events };
}

function causesOf({ next, sys }: Folded): SystemCause[] {
  return sys.map(({ cause, subject, params }) => ({ cause, subject, params, agency: next.incident.agency }));
}

/** After an outage hundreds of incidents of one commit say the same of the same: one alert, with the count held back. */
function oncePerSubject(causes: readonly SystemCause[]): SystemCause[] {
  const kept = new Map<string, { readonly cause: SystemCause; held: number }>();
  for (const cause of causes) {
    const key = `${cause.agency}\n${cause.cause}\n${cause.subject}`;
    const known = kept.get(key);
    if (known === undefined) kept.set(key, { cause, held: 0 });
    else known.held += 1;
  }
  return [...kept.values()].map(({ cause, held }) =>
    held === 0 ? cause : { ...cause, params: { ...cause.params, held } },
  );
}

const byIncident = (a: Folded, b: Folded): number => (a.next.incident.id < b.next.incident.id ? -1 : 1);
