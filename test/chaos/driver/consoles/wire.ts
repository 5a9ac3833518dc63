import type { ApiIncident } from '../../dumps/shapes';

/** What the gateway sends, as far as we look at it (contract.md, "Live"). */
export interface WireIncident extends ApiIncident {
  readonly openedAt: string;
  readonly escalation: { readonly step: number; readonly nextDueAt: string | null } | null;
  readonly assignments: readonly { readonly person: string; readonly state: string }[];
}
export interface WireEvent {
  readonly incidentId: string | null;
  readonly stream: string;
  readonly seq: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>> | null;
}
export interface SnapshotFrame {
  readonly cursor: string;
  readonly snapshot: { readonly incidents: readonly WireIncident[] };
}
export interface EventsFrame {
  readonly cursor: string;
  readonly events?: readonly WireEvent[];
  readonly incidents?: readonly WireIncident[];
}
export type SubscribeAnswer = SnapshotFrame | EventsFrame | { readonly code: string; readonly message: string };

export const apiIncidentOf = (of: ApiIncident): ApiIncident => {
  const { id, number, seq, state, severity, site, alertCount, owner } = of;
  return { id, number, seq, state, severity, site, alertCount, owner };
};
