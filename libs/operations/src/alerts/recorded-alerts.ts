import type { DomainEvent } from '@tocsin/domain';
import type { StreamName, WaitingAlert } from '@tocsin/store';

export function sourceStream(alert: Pick<WaitingAlert, 'agency_id' | 'principal_id'>): StreamName {
  return { kind: 'source', agency: alert.agency_id, name: alert.principal_id };
}

/** What is recorded of a lone `info` alert: once that it was accepted, then its repeats and its end. */
export type RecordedAs = 'alert.accepted' | 'alert.duplicate' | 'alert.resolved';

/** A lone `info` alert is kept in its source's stream: it opens nothing and pages nobody. */
export function recordedEvent(alert: WaitingAlert, type: RecordedAs): DomainEvent {
  const data = {
    alertId: alert.id,
    key: alert.key,
    source: alert.principal_id,
    site: alert.site_id,
    severity: alert.severity,
    title: alert.title,
    count: alert.count,
  };
  const reason = {
    code: 'recorded',
    params: { severity: alert.severity },
    text: 'Information is recorded; no incident of its group is open.',
  };
  return { type, data, reason, actor: { kind: alert.principal_kind, id: alert.principal_id } };
}
