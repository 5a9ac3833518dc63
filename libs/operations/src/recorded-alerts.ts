import { createHash } from 'node:crypto';
import type { DomainEvent } from '@tocsin/domain';
import type { WaitingAlert } from '@tocsin/store';

/** The stream of a source has an id of its own, derived from its name, so that any copy may make it. */
export function sourceStream(alert: Pick<WaitingAlert, 'agency_id' | 'principal_id'>): { agency: string; id: string; name: string; stream: string } {
  const { agency_id: agency, principal_id: id } = alert;
  return { agency, id, name: id, stream: streamId('source', agency, id) };
}

/** UUID v8 (RFC 9562: custom) from SHA-256 of kind, agency and name. */
export function streamId(kind: string, agency: string, name: string): string {
  const bytes = createHash('sha256').update(`${kind}\n${agency}\n${name}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A lone `info` alert is kept in its source's stream: it opens nothing and pages nobody. */
export function recordedEvent(alert: WaitingAlert): DomainEvent {
  const data = { alertId: alert.id, key: alert.key, source: alert.principal_id, site: alert.site_id, severity: alert.severity, title: alert.title, count: alert.count };
  const reason = { code: 'recorded', params: { severity: alert.severity }, text: 'Information is recorded; no incident of its group is open.' };
  return { type: 'alert.accepted', data, reason, actor: { kind: alert.principal_kind, id: alert.principal_id } };
}
