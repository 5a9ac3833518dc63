/**
 * What recorders write down while a run goes on: NDJSON, one file a recorder, merged by `t`. Nothing here comes out of
 * the service's own tables; those are read once, at the end (dumps/shapes.ts).
 */

/** Every line has these. */
export interface Stamp {
  readonly v: 1;
  /** Of the run: a UUID. */
  readonly run: string;
  /** Recorder: `conductor`, `driver`, `consoles`, `sinks`. */
  readonly rec: string;
  /** Line of this recorder, from 0, without a hole. */
  readonly n: number;
  /** CLOCK_MONOTONIC in ms with a fraction: one clock for all processes of the machine, untouched by any step of time. */
  readonly t: number;
  /** Wall clock, ms since 1970: for telling apart from and comparing with the database's times. */
  readonly w: number;
}

/**
 * invoke: about to be done; ok: a positive answer was seen; fail: a definite refusal (4xx); info: unknown (cut, timeout,
 * 5xx after the body was sent). Each op has one invoke and at most one of the others; none = the recorder ended first.
 */
export type Phase = 'invoke' | 'ok' | 'fail' | 'info';

/** One submission of one alert over one door. A retry is a further submission (own `op`) of the same key. */
export interface SubmitRecord {
  readonly f: 'submit';
  readonly ph: Phase;
  readonly op: string;
  /** The alert's key, its own within the run. All submissions of a key carry the same bytes, except `resolve`. */
  readonly key: string;
  readonly door: 'own' | 'own-array' | 'alertmanager';
  readonly source: string;
  readonly status: 'firing' | 'resolved';
  readonly site: string;
  readonly zone: string;
  readonly category: string;
  readonly severity: Severity;
  /** SHA-256 (hex) of the request's body, and the place of this alert in it. */
  readonly sha256: string;
  readonly index: number;
  /** A word that stands in the alert's text and must be seen by nobody whose scope is another site's. */
  readonly canary: string;
  /** With ok. */
  readonly alertId?: string;
  /** HTTP status; absent where none came. */
  readonly httpStatus?: number;
  /** From invoke to answer. */
  readonly ms?: number;
}
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** An act of a person on an incident, by REST. */
export interface ActRecord {
  readonly f: 'act';
  readonly ph: Phase;
  readonly op: string;
  readonly act: 'acknowledge' | 'take' | 'accept' | 'decline' | 'resolve' | 'close' | 'reopen' | 'dispatch' | 'note';
  readonly incident: string;
  readonly person: string;
  readonly httpStatus?: number;
  readonly ms?: number;
}

/** A message that arrived at a fake provider. */
export interface PageRecord {
  readonly f: 'page';
  readonly ph: 'ok';
  readonly sink: 'webhook' | 'email' | 'push';
  /** Idempotency key: the delivery's id. */
  readonly key: string;
  /** Whom it was sent to: the address. */
  readonly target: string;
  /** Radio numbers or ids of incidents that its text names. */
  readonly named: readonly string[];
  /** What the provider did: answered, cut the connection after 200 was begun, or nothing. */
  readonly answer: '200' | '429' | '500' | '410' | 'timeout' | '200-then-cut' | 'accept-then-nothing';
  /** The text, for the search of canaries; at most 4 kB. */
  readonly text: string;
}

/** A fault began (invoke) and was over (ok); `fail` = it could not be done and counts as not run. */
export interface FaultRecord {
  readonly f: 'fault';
  readonly ph: 'invoke' | 'ok' | 'fail';
  readonly op: string;
  readonly kind: FaultKind;
  /** intake, engine, notifier, gateway, postgres, redis, the provider of a channel, or a build. */
  readonly target: string;
  /** Says more: the signal's length, the label of a crash point, the size of a clock step. */
  readonly detail?: string;
}
export type FaultKind =
  | 'kill'
  | 'stall' // SIGSTOP, later SIGCONT
  | 'crash-point'
  | 'pg-immediate'
  | 'pg-restart'
  | 'pg-slow'
  | 'pg-disk-full'
  | 'flushall'
  | 'redis-nosave'
  | 'redis-outage'
  | 'redis-oom'
  | 'redis-readonly'
  | 'redis-hang'
  | 'cut' // connections cut at some byte
  | 'black-hole'
  | 'delay'
  | 'commit-answer-lost'
  | 'clock'
  | 'clock-postgres'
  | 'loop-stall'
  | 'provider'
  | 'deploy'
  | 'outage' // all of the service is stopped, and started again
  | 'power-cut';

/** What a console applied. */
export interface ObservationRecord {
  readonly f: 'obs';
  readonly ph: 'ok';
  readonly console: string;
  readonly what: 'snapshot' | 'event' | 'connected' | 'disconnected';
  /** With event: the incident, its seq, and the seq that the console held before it (0: none of this incident). */
  readonly incident?: string;
  readonly seq?: number;
  readonly after?: number;
  readonly type?: string;
  /** An event of this incident before this one was never sent to the console (I13). Recorded for every console. */
  readonly hole?: true;
  /** Alert key of an `alert.accepted`, for the time from sender to console. */
  readonly key?: string;
}

/** What somebody asked and was told: e.g. the incident right after an acknowledgement. */
export interface ReadRecord {
  readonly f: 'read';
  readonly ph: Phase;
  readonly op: string;
  readonly what: 'incident' | 'alert' | 'foreign'; // foreign: of a site that is none of the reader's; must be 404
  readonly id: string;
  readonly person: string;
  readonly httpStatus?: number;
  readonly state?: string;
}

/** How long one of the consoles that had lost their gateway took to hold again what the API tells; null: longer than was waited for. */
export interface ConvergedRecord {
  readonly f: 'converged';
  readonly ph: 'ok';
  readonly console: string;
  readonly ms: number | null;
}

/** How late a recorder's own event loop was: over 200 ms makes the run void, but of consoles, whose figures only look worse by it. */
export interface LagRecord {
  readonly f: 'lag';
  readonly ph: 'ok';
  readonly ms: number;
}

/** What share of the processors' time (0 to 1) the host gave to others in the 5 s before. */
export interface StolenRecord {
  readonly f: 'stolen';
  readonly ph: 'ok';
  readonly share: number;
}

/** The conductor's phases. */
export interface PhaseRecord {
  readonly f: 'phase';
  readonly ph: 'invoke' | 'ok';
  readonly phase: 'warm' | 'faults' | 'calm' | 'heal' | 'dump';
  /** Of a part of the grade whose figures are told apart. */
  readonly name?: string;
}

export type Entry =
  | SubmitRecord
  | ActRecord
  | PageRecord
  | FaultRecord
  | ObservationRecord
  | ReadRecord
  | ConvergedRecord
  | LagRecord
  | StolenRecord
  | PhaseRecord;
export type HistoryRecord = Stamp & Entry;

/** All lines of all recorders in the order of `t`. */
export type History = readonly HistoryRecord[];
