import { createHash } from 'node:crypto';
import type { Dumps, EventRow, SqlDump } from '../../dumps/shapes';
import type { Entry, HistoryRecord } from '../../history/records';

export type Mutable<T> = unknown extends T
  ? T
  : T extends string | number | boolean | null | undefined
    ? T
    : { -readonly [K in keyof T]: Mutable<T[K]> };

/** A line of the history. */
export type Line = Mutable<HistoryRecord>;

/** An event before its stream is sealed: without seq, position and hashes. */
export type Draft = Omit<Mutable<EventRow>, 'seq' | 'position' | 'salt' | 'bodyHash' | 'hash'>;

/** When the example plays, in the database's ms; CLOCK_MONOTONIC began then. */
const epoch = 1_800_000_000_000;
export const at = (seconds: number): number => epoch + Math.round(seconds * 1_000);
export const instantText = (ms: number): string => new Date(ms).toISOString().replace('Z', '000Z');
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A run under way of being told: rows, unsealed events and records, all of which a mutation may change. */
export interface Story {
  rows: Mutable<
    Pick<
      SqlDump,
      'alerts' | 'incidents' | 'runs' | 'timers' | 'assignments' | 'notifications' | 'deliveries' | 'attempts'
    >
  >;
  events: Draft[];
  history: Line[];
  replicas: Mutable<Dumps['replicas']>;
  ids: number;
  /** When the dumps are read. */
  endsAt: number;
}

export function newStory(endsAt: number): Story {
  const rows = {
    alerts: [],
    incidents: [],
    runs: [],
    timers: [],
    assignments: [],
    notifications: [],
    deliveries: [],
    attempts: [],
  };
  return { rows, events: [], history: [], replicas: [], ids: 0, endsAt };
}

export function newId(story: Story): string {
  story.ids += 1;
  return `00000000-0000-7000-8000-${story.ids.toString(16).padStart(12, '0')}`;
}

export function record(story: Story, ms: number, entry: Entry): void {
  story.history.push({
    v: 1,
    run: 'example',
    rec: 'driver',
    n: 0,
    t: ms - epoch,
    w: ms,
    ...structuredClone(entry),
  } as Line);
}

export interface Said {
  readonly stream: string;
  readonly type: string;
  readonly at: number;
  readonly site: string | null;
  readonly data: Record<string, unknown>;
  readonly code: string;
  readonly by?: string;
  readonly isIncident?: boolean;
}

export function say(story: Story, { stream, type, at: ms, site, data, code, by, isIncident = true }: Said): Draft {
  const draft: Draft = {
    stream,
    type,
    at: ms,
    atText: instantText(ms),
    occurredAtText: null,
    actorKind: by === undefined ? 'system' : 'person',
    actorId: by ?? 'tocsin',
    onBehalfOf: null,
    agency: 'testland',
    reality: 'actual',
    site,
    isIncident,
    data,
    reason: { code, params: {}, text: code },
  };
  story.events.push(draft);
  return draft;
}
