/**
 * What crosses the wire between gateway and console, as the contract has it. Instants are UTC text with six decimals.
 * Fields marked optional are additive: the console shows more with them and stays true without them.
 */
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';
export type Reality = 'actual' | 'exercise' | 'test';
export type IncidentState = 'open' | 'acknowledged' | 'resolved' | 'closed';
export type Role = 'operator' | 'responder' | 'commander' | 'reviewer' | 'admin';
export type AssignmentState =
  | 'notified'
  | 'accepted'
  | 'en_route'
  | 'on_scene'
  | 'clear'
  | 'declined'
  | 'stood_down'
  | 'recalled';
export type ActName =
  | 'acknowledge'
  | 'take'
  | 'release'
  | 'transfer'
  | 'dispatch'
  | 'recall'
  | 'stand-down'
  | 'accept'
  | 'decline'
  | 'en-route'
  | 'on-scene'
  | 'clear'
  | 'escalate'
  | 'regrade'
  | 'note'
  | 'resolve'
  | 'close'
  | 'reopen';

/** A word of the unit in its languages, or plain text as it came from outside. */
export type Text = string | { readonly en: string; readonly ur?: string; readonly zh?: string };

export interface Assignment {
  readonly id?: string;
  readonly person: string;
  readonly team: string | null;
  readonly state: AssignmentState;
  readonly at?: string;
}

/** The alerting run while it pages; null while it is held, and once it has ended. */
export interface Escalation {
  /** Ordinal of the last fired step; 0 = none yet. */
  readonly step: number;
  readonly nextDueAt: string | null;
  readonly steps?: number;
  readonly policy?: string;
  readonly exhausted?: boolean;
}

export interface Incident {
  readonly id: string;
  readonly number: string;
  /** Of its latest event: where a row joins the stream. */
  readonly seq: number;
  readonly class: 'alarm' | 'manual' | 'system';
  readonly category: string;
  readonly reality: Reality;
  readonly state: IncidentState;
  readonly condition: 'active' | 'normal';
  readonly severity: Severity;
  readonly site: string | null;
  readonly zone?: string | null;
  readonly team: string | null;
  readonly title: string;
  readonly description?: string | null;
  readonly owner: string | null;
  readonly version: number;
  readonly openedAt: string;
  readonly occurredAt?: string | null;
  readonly acknowledgedAt?: string | null;
  readonly resolvedAt?: string | null;
  readonly closedAt?: string | null;
  readonly disposition?: string | null;
  readonly alertCount: number;
  readonly source?: string | null;
  readonly route?: string | null;
  readonly labels?: Readonly<Record<string, string>>;
  readonly assignments?: readonly Assignment[];
  readonly escalation: Escalation | null;
  /** Taken and nobody assigned: when it returns to everybody. */
  readonly returnsAt?: string | null;
}

export interface Reason {
  readonly code: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface LiveEvent {
  readonly incidentId: string | null;
  readonly stream: string;
  readonly seq: number;
  readonly type: string;
  readonly at: string;
  readonly occurredAt?: string | null;
  readonly actor: { readonly kind: 'person' | 'source' | 'system'; readonly id: string; readonly name?: string | null };
  readonly onBehalfOf?: string | null;
  /** null after a redaction, together with `reason`. */
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly reason: Reason | null;
}

export interface Member {
  readonly id: string;
  readonly name: Text;
  readonly onDuty: boolean;
  readonly lead?: boolean;
  readonly assignment?: {
    readonly incidentId: string;
    readonly number: string;
    readonly state: AssignmentState;
  } | null;
}
export interface Team {
  readonly id: string;
  readonly name: Text;
  readonly members: readonly Member[];
}
export interface Person {
  readonly id: string;
  readonly name: Text;
  readonly username?: string | null;
}
export interface Zone {
  readonly id: string;
  readonly name?: Text;
}
export interface Site {
  readonly id: string;
  readonly code?: string | null;
  readonly name: Text;
  readonly zones?: readonly (Zone | string)[];
}

export interface Snapshot {
  readonly incidents: readonly Incident[];
  readonly teams?: readonly Team[];
}
export interface SnapshotFrame {
  readonly cursor: string;
  readonly snapshot: Snapshot;
}
export interface EventsFrame {
  readonly cursor: string;
  readonly events: readonly LiveEvent[];
  /** The current rows of the streams touched, as of `cursor` (additive). */
  readonly incidents?: readonly Incident[];
}
export interface Heartbeat {
  readonly cursor: string;
  readonly at: string;
}

export type DeliveryState = 'waiting' | 'sent' | 'delivered' | 'seen' | 'failed' | 'suppressed';
/** One notification to one person or channel, and the proof of it so far. */
export interface Delivery {
  readonly id: string;
  readonly person?: string | null;
  readonly target?: string | null;
  readonly channel: string;
  readonly step?: number | null;
  readonly kind?: string | null;
  readonly attempt?: number | null;
  readonly state: DeliveryState;
  readonly queuedAt?: string | null;
  readonly sentAt?: string | null;
  readonly deliveredAt?: string | null;
  readonly seenAt?: string | null;
  readonly acknowledgedAt?: string | null;
  readonly failedAt?: string | null;
  readonly reason?: Reason | null;
}

export interface User {
  readonly id: string;
  readonly name: Text;
  readonly username?: string;
  readonly roles: readonly Role[];
  /** Acts that some grant allows somewhere; without it the console goes by the roles. */
  readonly acts?: readonly ActName[];
  readonly language?: string;
}

export interface List<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}
/** What every refusal carries; `incident` is the current state where the act met another one. */
export interface Refusal {
  readonly code: string;
  readonly message?: string;
  readonly incident?: Incident;
  readonly incidentId?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** POST /v1/explain: who would be paged, minute by minute, if nobody did anything. */
export interface Explanation {
  readonly route: { readonly route: string; readonly policy: string; readonly team: string | null };
  readonly moments: readonly {
    readonly afterS: number;
    readonly kind: string;
    readonly step: number;
    readonly pages: readonly {
      readonly target: { readonly kind: string; readonly id: string; readonly name: string };
      readonly channels: readonly { readonly channel: string; readonly afterS: number | null }[];
      readonly suppressed?: Reason;
    }[];
  }[];
}
