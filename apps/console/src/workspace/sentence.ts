import type { TFunction } from 'i18next';
import { ms } from '../live/clock.js';
import { localTime } from '../i18n/times.js';
import { visible } from '../i18n/visible.js';
import type { Names } from '../people/names.js';
import type { LiveEvent, Reason } from '../wire.js';

/** Why, in the reader's language when the code is known, else the English text that came with it. */
export function reasonText(t: TFunction, reason: Reason | null | undefined, names: Names): string {
  if (!reason) return '';
  const key = `reason.${reason.code}`;
  const text = t(key, { ...named(reason.params, names), ...worded(t, reason.params), defaultValue: '' });
  return text || reason.text;
}

/** Words of the dictionary that stand in a reason: acts, states and severities, in the reader's language. */
function worded(t: TFunction, params: Reason['params']): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [key, value] of Object.entries(params)) {
    const kind = {
      code: 'code',
      channel: 'channel',
      act: 'act',
      by: 'act',
      state: 'state',
      severity: 'severity',
      from: 'severity',
      to: 'severity',
    }[key];
    const word = kind && typeof value === 'string' ? wordOf(t, kind, value) : '';
    if (word) out[key] = word;
  }
  return out;
}

/** "from" may be a severity or a channel: the dictionary that knows it says which. */
const wordOf = (t: TFunction, kind: string, value: string): string =>
  t(`word.${kind}.${value}`, { defaultValue: '' }) || t(`word.channel.${value}`, { defaultValue: '' });

/** Ids of people, teams and sites in a bag of values become names; instants become times of the day. */
function named(values: Readonly<Record<string, unknown>>, names: Names): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [key, value] of Object.entries(values)) out[key] = oneValue(key, value, names);
  return out;
}
function oneValue(key: string, value: unknown, names: Names): string {
  if (value === null || value === undefined) return '—';
  if (Array.isArray(value)) return value.map((v) => oneValue(key, v, names)).join(', ');
  if (typeof value === 'object') return '';
  const text = visible(String(value));
  if (/At$|^until$|^from$/.test(key) && /^\d{4}-\d\d-\d\dT/.test(text)) return localTime(ms(text));
  if (key === 'team') return names.team(text);
  if (key === 'site') return names.siteName(text);
  return names.person(text);
}

export interface Line {
  readonly who: string;
  readonly what: string;
}

/** One event of the log as a line: who, and what in words. An event type nobody translated still says its reason. */
export function lineOf(t: TFunction, event: LiveEvent, names: Names): Line {
  const data = withWords(t, event, names);
  const key = `event.${event.type.replace('.', '_')}`;
  const what = t(key, { ...data, defaultValue: '' }) || reasonText(t, event.reason, names) || event.type;
  return {
    who: actorName(t, event, names),
    what: event.onBehalfOf ? `${what} · ${t('event.onBehalf', { person: names.person(event.onBehalfOf) })}` : what,
  };
}

export function actorName(t: TFunction, event: LiveEvent, names: Names): string {
  const { kind, id, name } = event.actor;
  if (kind === 'system') return t('event.machine');
  return kind === 'person' ? names.person(id) || name || id : name || id;
}

/** The data of an event with every word put into the reader's language, and a value for every word a sentence may ask for. */
function withWords(t: TFunction, event: LiveEvent, names: Names): Record<string, string> {
  const data: Record<string, string> = {
    step: '—',
    channel: '',
    person: '',
    team: '',
    to: '',
    from: '',
    text: '',
    count: '',
    title: '',
    severity: '',
  };
  const given = event.data ?? {};
  Object.assign(data, named(given, names));
  const raw = (key: string): string => (typeof given[key] === 'string' ? given[key] : '');
  if (!data['person'] && raw('target')) data['person'] = raw('target');
  for (const key of ['severity', 'from', 'to']) {
    const word = t(`word.severity.${raw(key)}`, { defaultValue: '' });
    if (raw(key) && word) data[key] = word;
  }
  if (raw('channel')) data['channel'] = t(`word.channel.${raw('channel')}`, { defaultValue: raw('channel') });
  if (raw('disposition'))
    data['disposition'] = t(`word.disposition.${raw('disposition')}`, { defaultValue: raw('disposition') });
  data['why'] = reasonText(t, event.reason, names);
  return data;
}

const markOf: Readonly<Record<string, string>> = {
  'incident.opened': 'T1',
  'incident.taken': 'T3',
  'incident.acknowledged': 'T3',
  'assignment.dispatched': 'T4',
  'notification.delivered': 'T5',
  'assignment.accepted': 'T6',
  'assignment.en_route': 'T7',
  'assignment.on_scene': 'T8',
  'incident.resolved': 'T9',
  'incident.closed': 'T10',
};

/** The T-mark of the first event of each kind, by sequence. */
export function marksOf(events: readonly LiveEvent[]): ReadonlyMap<number, string> {
  const seen = new Set<string>();
  const marks = new Map<number, string>();
  for (const event of events) {
    const mark = markOf[event.type];
    if (!mark || seen.has(mark)) continue;
    seen.add(mark);
    marks.set(event.seq, mark);
  }
  return marks;
}
