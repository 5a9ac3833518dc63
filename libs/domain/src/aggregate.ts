import type { ConfigDocument, PolicyStep, Target } from './config-document.js';
import type { EventType } from './event-types.js';
import type {
  Actor,
  AssignmentState,
  Category,
  ChannelKind,
  Condition,
  Disposition,
  IncidentClass,
  IncidentState,
  Instant,
  Reality,
  Reason,
  Severity,
} from './words.js';

/** An incident with everything that a decision about it needs. Loaded under the incident's lock, decided upon, committed whole. */
export interface Aggregate {
  readonly incident: Incident;
  /** Unended runs only: at most one alerting run, one response run per active assignment. */
  readonly runs: readonly Run[];
  /** Pending timers only. */
  readonly timers: readonly Timer[];
  /** Active assignments (not declined, clear, stood_down, recalled). */
  readonly assignments: readonly Assignment[];
}

export interface Incident {
  readonly id: string;
  readonly agency: string;
  readonly class: IncidentClass;
  readonly category: Category;
  readonly reality: Reality;
  /** null: it neither joins nor is joined (by hand, or opened for a poisoned alert). */
  readonly groupKey: string | null;
  readonly state: IncidentState;
  readonly condition: Condition;
  readonly severity: Severity;
  readonly site: string | null;
  readonly zone: string | null;
  /** Zones seen so far: an alert from another one re-alerts. */
  readonly zones: readonly string[];
  readonly source: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly team: string | null;
  readonly route: string | null;
  readonly title: string;
  readonly description: string | null;
  /** Person id. */
  readonly owner: string | null;
  /** Moves only with state, owner, severity or assignment. */
  readonly version: number;
  readonly openedAt: Instant;
  readonly lastSignalAt: Instant;
  readonly acknowledgedAt: Instant | null;
  readonly resolvedAt: Instant | null;
  readonly resolvedBy: 'person' | 'source' | null;
  readonly closedAt: Instant | null;
  readonly disposition: Disposition | null;
  readonly autoResolve: boolean;
  readonly alertCount: number;
  readonly firingCount: number;
  /** Next free epoch, taken-idle ordinal and whether a note has re-armed the idle timer in this hold. */
  readonly epoch: number;
  readonly idleOrdinal: number;
  readonly idleRearmed: boolean;
  /** Ids of the assignments of the last dispatch, for recall. */
  readonly lastDispatch: readonly string[];
}

export type RunState = 'running' | 'held' | 'ended';
export interface Run {
  readonly id: string;
  readonly kind: 'alerting' | 'response';
  readonly epoch: number;
  readonly state: RunState;
  readonly configVersion: string; // bigint as text
  /** Frozen for the run's life. */
  readonly plan: RunPlan;
  /** Steps are due at startedAt + afterS, never at "now + delay". */
  readonly startedAt: Instant;
  readonly endedAt: Instant | null;
  readonly endedBy: string | null;
  readonly assignmentId: string | null;
  /** Ordinal of the last fired step (1-based); 0 = none yet. */
  readonly step: number;
  /** Highest repeat given per step, so that the next free number is known: index = step. */
  readonly repeats: readonly number[];
  readonly exhaustedAt: Instant | null;
}
export interface RunPlan {
  readonly route: string;
  readonly policy: string;
  readonly team: string | null;
  readonly steps: readonly PolicyStep[];
}

export type TimerKind = 'step' | 'exhaustion' | 'repeat' | 'taken-idle' | 'response-page' | 'no-answer';
export interface Timer {
  readonly id: string;
  readonly kind: TimerKind;
  readonly runId: string;
  readonly ordinal: number;
  readonly dueAt: Instant;
  readonly state: 'pending' | 'fired' | 'cancelled';
}

export interface Assignment {
  readonly id: string;
  readonly person: string; // id
  readonly team: string | null;
  readonly state: AssignmentState;
  readonly runId: string;
  readonly at: Instant;
}

/** What an alert tells its incident. */
export interface AlertSignal {
  readonly alertId: string;
  readonly key: string;
  readonly principal: Actor;
  readonly source: string | null;
  readonly site: string | null;
  readonly zone: string | null;
  readonly category: Category;
  readonly severity: Severity;
  readonly reality: Reality;
  readonly title: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly acceptedAt: Instant;
  readonly count: number;
  /** False: it has ended before the merge. `decide` then records alert.resolved too; send no restore for it. */
  readonly firing: boolean;
  readonly description?: string | null;
  /** The latest signal counted (repeats, restores); without it `acceptedAt`. */
  readonly lastSignalAt?: Instant;
  /** Of a repeat: what the incident was last told. Only what is graver than this re-grades, so that a person's re-grade downwards stands. */
  readonly previousSeverity?: Severity;
  /** Only where the door carries one: its repeats do not reopen for 1 h (decisions.md section 5). */
  readonly startsAt?: Instant | null;
}

export type Act =
  | { readonly act: 'acknowledge' | 'take' | 'release' | 'recall' | 'stand-down' | 'escalate' | 'close' | 'reopen' }
  | { readonly act: 'accept' | 'en-route' | 'on-scene' | 'clear' }
  | { readonly act: 'decline'; readonly why?: string }
  | { readonly act: 'transfer'; readonly to: string }
  | { readonly act: 'dispatch'; readonly teams?: readonly string[]; readonly people?: readonly string[] }
  | { readonly act: 'regrade'; readonly severity: Severity }
  | { readonly act: 'note'; readonly text: string }
  | { readonly act: 'resolve'; readonly disposition?: Disposition };
export type ActName = Act['act'];

export type Input =
  /** A new episode joins; also the first alert of an incident that `openIncident` has just made. */
  | { readonly kind: 'alert'; readonly signal: AlertSignal }
  /** Repeats of a firing alert, counted by intake and reported now. */
  | { readonly kind: 'repeat'; readonly signal: AlertSignal }
  /** An alert of the incident stopped firing, by its source's word. */
  | { readonly kind: 'restore'; readonly signal: AlertSignal }
  | { readonly kind: 'stale'; readonly signal: AlertSignal }
  | { readonly kind: 'timer'; readonly timer: Timer }
  | {
      readonly kind: 'act';
      readonly act: Act;
      readonly actor: Actor;
      /** Whose word it is (radio): the act counts for this person. */
      readonly onBehalfOf?: string;
      readonly occurredAt?: Instant;
      readonly expectedVersion?: number;
      /** Another unresolved incident of the same group, found by the caller (for reopen). */
      readonly groupHolder?: string;
    };

/** The world as the rules may know it. Live: people, rotations, overrides, silences. */
export interface Facts {
  readonly config: ConfigDocument;
  readonly configVersion: string;
  /** Glob match, compiled outside (never a user's regular expression on V8). */
  readonly matches: (pattern: string, text: string) => boolean;
  /** Fresh UUIDs v7. The domain has no randomness of its own. */
  readonly newId: () => string;
}

export interface DomainEvent {
  readonly type: EventType;
  readonly data: Readonly<Record<string, unknown>>;
  readonly reason: Reason;
  readonly actor: Actor;
  readonly onBehalfOf?: string;
  readonly occurredAt?: Instant;
}

export type Effect =
  /** A new row that waits for the notifier. */
  | { readonly kind: 'notify'; readonly notification: NewNotification }
  /** Waiting notifications of this run end as `suppressed`. */
  | { readonly kind: 'suppress'; readonly runId: string; readonly reason: Reason }
  /** Raise an alert of the built-in source `system`. */
  | {
      readonly kind: 'sys';
      readonly cause: string;
      readonly subject: string;
      readonly params: Readonly<Record<string, string | number>>;
    };

export interface NewNotification {
  readonly id: string;
  /** null for a notice (recall, stand-down), which no run fences. */
  readonly runId: string | null;
  readonly kind: 'page' | 'response' | 'notice';
  readonly step: number;
  readonly repeat: number;
  readonly target: { readonly kind: 'person'; readonly id: string } | { readonly kind: 'channel'; readonly id: string };
  readonly channel: ChannelKind;
  /** Index into the person's contacts: the ladder goes on from here. */
  readonly rung: number;
  readonly severity: Severity;
  /** When it should have left: the step's due time. */
  readonly dueAt: Instant;
  /** Text code for a notice: `recalled`, `stood_down`, `taken` ... */
  readonly notice?: string;
  /** Set when it is born suppressed (silence): it is recorded and never sent. */
  readonly suppressed?: Reason;
}

export type Refusal =
  | {
      readonly code:
        | 'illegal-move'
        | 'stale-version'
        | 'nobody-on-duty'
        | 'not-assigned'
        | 'unknown-person'
        | 'unknown-team';
      readonly reason: Reason;
    }
  | { readonly code: 'group-has-open-incident'; readonly incidentId: string; readonly reason: Reason };

/** `ok: false` changes nothing. An act that is already true is `ok` with no events. */
export type Decision =
  | {
      readonly ok: true;
      readonly next: Aggregate;
      readonly ended: Ended;
      readonly events: readonly DomainEvent[];
      readonly effects: readonly Effect[];
      readonly reason: Reason;
    }
  | { readonly ok: false; readonly refusal: Refusal };

/** What left the aggregate in this decision (ended runs, fired and cancelled timers, inactive assignments): the store writes them too. */
export interface Ended {
  readonly runs: readonly Run[];
  readonly timers: readonly Timer[];
  readonly assignments: readonly Assignment[];
}

export type { Target };
