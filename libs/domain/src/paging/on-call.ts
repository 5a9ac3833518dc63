import type { OverrideConfig, RotationConfig, ScheduleConfig } from '../config-document.js';
import { parseInstant } from '../instant-text.js';
import { because } from '../reason.js';
import { isInWindows, nextWindowEdge } from '../routing/time-window.js';
import type { Instant, Reason } from '../words.js';
import { HOUR } from '../words.js';
import { DAY, instantAtLocal, localTime, parseLocal } from '../routing/zone-clock.js';

export interface OnCall {
  /** Slug; null = a gap in the cover. */
  readonly person: string | null;
  readonly layer: string | null;
  readonly override: string | null;
  /** The answer holds until here; null = for good. */
  readonly until: Instant | null;
  readonly reason: Reason;
}

type Who = Pick<OnCall, 'person' | 'layer' | 'override'>;

/**
 * Who is on call, and until when. A later layer lies over an earlier one, overrides lie over all; a layer is off outside
 * its windows, before its start and without people. Turns and windows follow the wall clock of the schedule's zone.
 */
export function onCall(schedule: ScheduleConfig, at: Instant): OnCall {
  const who = whoIsOn(schedule, at);
  const params = { schedule: schedule.id, person: who.person, layer: who.layer, override: who.override };
  const code = who.person === null ? 'on-call-nobody' : who.override !== null ? 'on-call-override' : 'on-call-layer';
  return { ...who, until: nextChange(schedule, at, who), reason: because(code, params) };
}

/** As `onCall` without `until`: what paging asks. */
export function whoIsOn(schedule: ScheduleConfig, at: Instant): Who {
  let who: Who = { person: null, layer: null, override: null };
  for (let i = schedule.layers.length - 1; i >= 0 && who.person === null; i -= 1) {
    const layer = schedule.layers[i] as RotationConfig;
    const person = personOfLayer(schedule.timeZone, layer, at);
    if (person !== null) who = { person, layer: layer.id, override: null };
  }
  for (const override of schedule.overrides) {
    const { from, to } = spanOf(override);
    const applies = from <= at && at < to && (override.replaces === undefined || override.replaces === who.person);
    if (applies) who = { person: override.person, layer: who.layer, override: override.id };
  }
  return who;
}

function personOfLayer(zone: string, layer: RotationConfig, at: Instant): string | null {
  if (layer.people.length === 0) return null;
  const turn = turnAt(zone, layer, at);
  if (turn < 0) return null;
  if (layer.windows.length > 0 && !isInWindows(zone, layer.windows, at)) return null;
  return layer.people[turn % layer.people.length] ?? null;
}

/** Turn k begins when the wall clock reads start + k x length; negative before the start, NaN-safe (a bad start is off). */
function turnAt(zone: string, layer: RotationConfig, at: Instant): number {
  const { start, length } = turnsOf(layer);
  if (!(length > 0) || Number.isNaN(start)) return -1;
  // The wall clock's own count, then one step to either side: a clock put back reads less than it has read before.
  let turn = Math.floor((localTime(zone, at) - start) / length) + 1;
  while (turn >= 0 && instantAtLocal(zone, start + turn * length) > at) turn -= 1;
  return turn;
}

const unitLength = { hour: HOUR, day: DAY, week: 7 * DAY } as const;

interface Turns {
  readonly start: number;
  readonly length: number;
}

const turns = new WeakMap<RotationConfig, Turns>();

function turnsOf(layer: RotationConfig): Turns {
  let known = turns.get(layer);
  if (known === undefined) {
    known = { start: parseLocal(layer.startsAt), length: unitLength[layer.turn.unit] * layer.turn.count };
    turns.set(layer, known);
  }
  return known;
}

const spans = new WeakMap<OverrideConfig, { from: Instant; to: Instant }>();

function spanOf(override: OverrideConfig): { from: Instant; to: Instant } {
  let known = spans.get(override);
  if (known === undefined) {
    // An override without sound bounds never applies.
    known = { from: parseInstant(override.from) ?? Infinity, to: parseInstant(override.to) ?? -Infinity };
    spans.set(override, known);
  }
  return known;
}

/** Edges to look at before answering "at least until here": two years of daily turns. */
const edgesLooked = 800;

/** The first edge after `at` at which somebody else is on call; null when no edge is left. */
function nextChange(schedule: ScheduleConfig, at: Instant, who: Who): Instant | null {
  let edge = nextEdge(schedule, at);
  for (let i = 0; i < edgesLooked && edge !== null; i += 1) {
    const then = whoIsOn(schedule, edge);
    if (then.person !== who.person || then.layer !== who.layer || then.override !== who.override) return edge;
    edge = nextEdge(schedule, edge);
  }
  return edge;
}

function nextEdge(schedule: ScheduleConfig, at: Instant): Instant | null {
  let next: Instant | null = null;
  const consider = (edge: Instant | null): void => {
    if (edge !== null && Number.isFinite(edge) && edge > at && (next === null || edge < next)) next = edge;
  };
  for (const layer of schedule.layers) {
    consider(nextTurn(schedule.timeZone, layer, at));
    if (layer.windows.length > 0) consider(nextWindowEdge(schedule.timeZone, layer.windows, at));
  }
  for (const override of schedule.overrides) {
    consider(spanOf(override).from);
    consider(spanOf(override).to);
  }
  return next;
}

function nextTurn(zone: string, layer: RotationConfig, at: Instant): Instant | null {
  const { start, length } = turnsOf(layer);
  if (!(length > 0) || Number.isNaN(start) || layer.people.length === 0) return null;
  let turn = Math.max(turnAt(zone, layer, at) + 1, 0);
  // One person alone takes every turn: only his first begin is an edge.
  if (layer.people.length === 1 && turn > 0) return null;
  // Two turns begin at once where the clock jumps over one of them.
  while (instantAtLocal(zone, start + turn * length) <= at) turn += 1;
  return instantAtLocal(zone, start + turn * length);
}
