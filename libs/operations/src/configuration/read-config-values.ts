import type { RouteMatch, Scope, Target, Text3, TimeWindow } from '@tocsin/domain';
import { realities, severities } from '@tocsin/domain';
import {
  type Decoder,
  list,
  mapOf,
  needed,
  number,
  oneOf,
  optional,
  record,
  reference,
  slug,
  text,
} from './read-config-fields.js';
import type { Located } from './read-config-yaml.js';

const texts = record<Text3>({
  en: needed(text()),
  ur: optional(text()),
  zh: optional(text()),
});
/** `{ en, ur, zh }`, or a plain text for English alone. */
export const text3: Decoder<Text3> = (value, gathered) => {
  if (value.is === 'map') return texts(value, gathered);
  const en = text({ what: 'a name, or { en, ur, zh }' })(value, gathered);
  return en === undefined ? undefined : { en };
};

export const seconds = number({ min: 0, max: 86_400, whole: true });
export const address = text({ max: 320 });
/** One of the dictionary's categories, or a unit's own word. */
export const category = slug;

/** An IANA name ("Asia/Karachi"); an offset is none, because it knows no summer time. */
export const timeZone: Decoder<string> = (value, gathered) => {
  const name = text({ max: 64, pattern: /^[A-Za-z]/, what: 'a time zone such as Asia/Karachi' })(value, gathered);
  if (name === undefined) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone === undefined
      ? undefined
      : name;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return gathered.refuse(value.at, `is no time zone that is known: ${name} (Asia/Karachi is one)`);
  }
};

/** A real day and minute without a zone: "2026-01-05T07:00". */
export const localTime: Decoder<string> = (value, gathered) => {
  const what = 'a local date and time such as 2026-01-05T07:00';
  const given = text({ pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/, what })(value, gathered);
  if (given === undefined || isRealTime(given)) return given;
  return gathered.refuse(value.at, `must be ${what}: there is no ${given}`);
};

/** An instant with its offset: "2027-03-09T19:00:00+05:00". */
export const instant: Decoder<string> = (value, gathered) => {
  const what = 'an instant with its offset such as 2027-03-09T19:00:00+05:00';
  const pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
  const given = text({ pattern, what })(value, gathered);
  if (given === undefined || isRealTime(given.slice(0, 19))) return given;
  return gathered.refuse(value.at, `must be ${what}: there is no ${given}`);
};

function isRealTime(local: string): boolean {
  const withSeconds = local.length === 16 ? `${local}:00` : local;
  const parsed = new Date(`${withSeconds}Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(withSeconds);
}

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const clock = text({ pattern: /^([01]\d|2[0-3]):[0-5]\d$/, what: 'a time of day such as "07:00"' });
const window = record<{ days?: (typeof days)[number][]; from: string; to: string }>({
  days: optional(list(oneOf(days), { min: 1, what: 'a list of days' })),
  from: needed(clock),
  to: needed(clock),
});
export const timeWindow: Decoder<TimeWindow> = (value, gathered) => {
  const read = window(value, gathered);
  if (read === undefined) return undefined;
  const numbers = (read.days ?? days).map((day) => days.indexOf(day) + 1);
  return gathered.keep({ days: [...new Set(numbers)].sort(), from: read.from, to: read.to }, value.at);
};

/** `unit`, `{ group: north }` or `{ site: headquarters }`. */
export const scope: Decoder<Scope> = (value, gathered) => {
  if (value.is === 'scalar' && value.value === 'unit') return { kind: 'unit' };
  const what = 'a scope: unit, { group: ... } or { site: ... }';
  return keyed(value, { group: reference('group'), site: reference('site') }, what)(gathered);
};

/** `{ team: ... }`, `{ schedule: ... }`, `{ person: ... }` or `{ channel: ... }`. */
export const target: Decoder<Target> = (value, gathered) => {
  const kinds = {
    team: reference('team'),
    schedule: reference('schedule'),
    person: reference('person'),
    channel: reference('channel'),
  };
  return keyed(
    value,
    kinds,
    'a target: { team: ... }, { schedule: ... }, { person: ... } or { channel: ... }',
  )(gathered);
};

function keyed<K extends string>(value: Located, kinds: Record<K, Decoder<string>>, what: string) {
  return (gathered: Parameters<Decoder<string>>[1]): { kind: K; id: string } | undefined => {
    const [only, ...others] = value.is === 'map' ? [...value.fields] : [];
    if (only === undefined || others.length > 0 || !(only[0] in kinds))
      return gathered.refuse(value.at, `must be ${what}`);
    const kind = only[0] as K;
    const id = kinds[kind](only[1].value, gathered);
    return id === undefined ? undefined : gathered.keep({ kind, id }, only[1].value.at);
  };
}

const some = { min: 1 };
/** An empty mapping matches everything; an empty list would match nothing and is refused. */
export const routeMatch: Decoder<RouteMatch> = record<RouteMatch>({
  sites: optional(list(reference('site'), some)),
  groups: optional(list(reference('group'), some)),
  zones: optional(list(slug, some)),
  severities: optional(list(oneOf(severities), some)),
  categories: optional(list(category, some)),
  realities: optional(list(oneOf(realities), some)),
  sources: optional(list(reference('source'), some)),
  labels: optional(mapOf(text({ max: 1_024 }), 64)),
  windows: optional(list(timeWindow, some)),
});
