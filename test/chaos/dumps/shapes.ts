/**
 * What is read once, after the run has healed and come to rest: the tables, the public API, and each console's replica.
 * Times are ms since 1970 with a fraction (microseconds of the database); bytes are lower-case hex; bigints are text.
 */
export interface Dumps {
  readonly sql: SqlDump;
  readonly api: ApiDump;
  readonly replicas: readonly Replica[];
}

export interface SqlDump {
  /** The database's clock when it was read, and the wall clock of the reader just then. */
  readonly now: number;
  readonly readerNow: number;
  readonly alerts: readonly AlertRow[];
  readonly incidents: readonly IncidentRow[];
  readonly runs: readonly RunRow[];
  readonly timers: readonly TimerRow[];
  readonly assignments: readonly AssignmentRow[];
  readonly notifications: readonly NotificationRow[];
  readonly deliveries: readonly DeliveryRow[];
  readonly attempts: readonly AttemptRow[];
  /** In order of stream and seq. */
  readonly events: readonly EventRow[];
  readonly streamHeads: readonly {
    readonly stream: string;
    readonly kind: string;
    readonly name: string;
    readonly seq: string;
    readonly hash: string | null;
  }[];
  readonly checkpoints: readonly {
    readonly ordinal: string;
    readonly at: number;
    readonly heads: unknown;
    readonly hash: string;
  }[];
}

export interface AlertRow {
  readonly id: string;
  readonly key: string;
  readonly principalKind: 'source' | 'person' | 'system';
  readonly principal: string;
  readonly site: string | null;
  readonly zone: string | null;
  readonly category: string;
  readonly severity: string;
  readonly reality: string;
  /** Of an alert of the product itself: `cause`, `subject` and what else names its matter. */
  readonly labels: Readonly<Record<string, string>>;
  readonly status: 'firing' | 'resolved';
  readonly count: number;
  readonly groupKey: string | null;
  readonly incident: string | null;
  readonly acceptedAt: number;
  readonly mergedAt: number | null;
  readonly parkedAt: number | null;
  /** Something of it still waits for the engine. */
  readonly isWaiting: boolean;
  /** SHA-256 of the stored request body, and this alert's place in it; null where none is kept. */
  readonly rawSha256: string | null;
  readonly rawIndex: number | null;
}

export interface IncidentRow {
  readonly id: string;
  readonly number: string;
  readonly class: string;
  readonly category: string;
  readonly groupKey: string | null;
  readonly state: 'open' | 'acknowledged' | 'resolved' | 'closed';
  readonly severity: string;
  readonly site: string | null;
  readonly zone: string | null;
  readonly team: string | null;
  readonly route: string | null;
  readonly title: string;
  readonly alertCount: number;
  readonly openedAt: number;
  readonly acknowledgedAt: number | null;
  readonly resolvedAt: number | null;
  readonly headSeq: string;
  readonly headHash: string | null;
}

export interface RunRow {
  readonly id: string;
  readonly incident: string;
  readonly kind: 'alerting' | 'response';
  readonly epoch: number;
  readonly state: 'running' | 'held' | 'ended';
  readonly configVersion: string;
  /** As stored: see libs/store; its steps carry offsets and targets. */
  readonly plan: unknown;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly endedBy: string | null;
  readonly assignment: string | null;
  readonly step: number;
  readonly exhaustedAt: number | null;
}

export interface TimerRow {
  readonly id: string;
  readonly kind: string;
  readonly incident: string;
  readonly run: string | null;
  readonly ordinal: number;
  readonly dueAt: number;
  readonly state: 'pending' | 'fired' | 'cancelled';
  readonly endedAt: number | null;
}

export interface AssignmentRow {
  readonly id: string;
  readonly incident: string;
  readonly person: string;
  readonly state: string;
  readonly run: string;
  readonly dispatchedAt: number;
  readonly changedAt: number;
}

export interface NotificationRow {
  readonly id: string;
  readonly incident: string;
  readonly run: string | null;
  readonly kind: 'page' | 'response' | 'notice';
  readonly notice: string | null;
  readonly step: number;
  readonly repeat: number;
  readonly targetKind: 'person' | 'channel';
  readonly target: string;
  readonly channel: string;
  readonly rung: number;
  readonly severity: string;
  readonly state: 'waiting' | 'sent' | 'delivered' | 'seen' | 'failed' | 'suppressed';
  readonly reason: { readonly code: string } | null;
  readonly dueAt: number;
  readonly delivery: string | null;
  readonly changedAt: number;
}

export interface DeliveryRow {
  readonly id: string;
  readonly targetKind: string;
  readonly target: string;
  readonly channel: string;
  readonly severity: string;
  readonly notifications: readonly string[];
  readonly incidents: readonly string[];
  readonly state: string;
  readonly madeAt: number;
  readonly attempts: number;
}

export interface AttemptRow {
  readonly delivery: string;
  readonly ordinal: number;
  readonly state: 'sending' | 'accepted' | 'failed' | 'unknown' | 'abandoned';
  readonly beganAt: number;
  readonly endedAt: number | null;
  readonly code: string | null;
}

export interface EventRow {
  readonly position: string;
  readonly stream: string;
  readonly seq: string;
  readonly type: string;
  readonly at: number;
  /** `at` and `occurredAt` as the database prints them in UTC with six digits: what is hashed. */
  readonly atText: string;
  readonly occurredAtText: string | null;
  readonly actorKind: string;
  readonly actorId: string;
  readonly onBehalfOf: string | null;
  readonly agency: string;
  readonly reality: string;
  readonly site: string | null;
  readonly isIncident: boolean;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly reason: Readonly<Record<string, unknown>> | null;
  readonly salt: string | null;
  readonly bodyHash: string;
  readonly hash: string;
}

export interface ApiDump {
  /** Wall clock, ms since 1970, when the last page had come: later events are not in it. */
  readonly readAt: number;
  readonly incidents: readonly ApiIncident[];
  /** Of the intake's /metrics: alerts accepted since each process began are useless after kills; 0 where absent. */
  readonly metrics: Readonly<Record<string, number>>;
}
export interface ApiIncident {
  readonly id: string;
  readonly number: string;
  readonly seq: number;
  readonly state: string;
  readonly severity: string;
  readonly site: string | null;
  readonly alertCount: number;
  readonly owner: string | null;
}

export interface Replica {
  readonly console: string;
  /** Sites that its user may see; null = all. */
  readonly scope: readonly string[] | null;
  readonly cursor: string;
  /** Wall clock, ms since 1970, when it was asked for: later events are not in it. */
  readonly takenAt: number;
  /** Rows that it holds: every unresolved one in scope, and the resolved that it has seen since its snapshot. */
  readonly incidents: Readonly<Record<string, ApiIncident>>;
  /** Ms after the last fault until it equalled the API; null = it never did. */
  readonly convergedMs: number | null;
  /** All text that it was ever sent, as a set of the canaries in it. */
  readonly canaries: readonly string[];
}
