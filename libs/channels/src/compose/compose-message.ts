import type { Instant, Reality } from '@tocsin/domain';
import { severities } from '@tocsin/domain';
import type { Language, PageIncident, PageKind, PageMessage, Recipient } from '../channel.js';
import { cleanText, isolate } from './clean-text.js';
import { fill, type PageTexts, texts } from './texts.js';

export interface MessageParts {
  readonly deliveryId: string;
  readonly language: Language;
  /** At least one. */
  readonly incidents: readonly PageIncident[];
  readonly timeZone: string;
  readonly ackCode?: string;
  readonly url: string;
  readonly to: Recipient;
}

/** Incidents that a page names one by one; beyond them it only counts. */
const namedIncidents = 12;

/**
 * The words of one delivery in the reader's language: the gravest incident first, DRILL or TEST before everything else
 * unless something actual is among them. Pure.
 */
export function composeMessage(parts: MessageParts): PageMessage {
  const words = texts[parts.language];
  const incidents = [...parts.incidents].sort(
    (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || a.openedAt - b.openedAt,
  );
  const { deliveryId, language, url, to } = parts;
  return {
    deliveryId,
    kind: kindOf(incidents),
    language,
    title: titleOf(parts, incidents, words),
    body: bodyOf(parts, incidents, words),
    incidents,
    count: incidents.length,
    ...(parts.ackCode === undefined ? {} : { ackCode: parts.ackCode }),
    url,
    to,
  };
}

function titleOf(parts: MessageParts, incidents: readonly PageIncident[], words: PageTexts): string {
  const [gravest] = incidents;
  if (!gravest) return words.notice;
  const what =
    incidents.length === 1
      ? [place(gravest, words), isolate(cleanText(gravest.title, 120), parts.language)]
      : [fill(words.incidents, { count: incidents.length }), sitesOf(incidents, words)];
  const verbs = new Set(incidents.map((incident) => verb(incident, words)));
  const said = verbs.size === 1 ? verb(gravest, words) : '';
  return [words.reality[realityOf(incidents)], words.severity[gravest.severity], said, ...what]
    .filter(Boolean)
    .join(' · ');
}

function bodyOf(parts: MessageParts, incidents: readonly PageIncident[], words: PageTexts): string[] {
  const lines = incidents.slice(0, namedIncidents).map((incident) => lineOf(incident, parts, words));
  if (incidents.length > namedIncidents) lines.push(fill(words.more, { count: incidents.length - namedIncidents }));
  if (kindOf(incidents) === 'response') lines.push(words.accept);
  return lines;
}

function lineOf(incident: PageIncident, { language, timeZone }: MessageParts, words: PageTexts): string {
  const time = clockTime(incident.openedAt, language, timeZone);
  const title = isolate(cleanText(incident.title), language);
  const head = [
    words.reality[incident.reality],
    words.severity[incident.severity],
    verb(incident, words),
    incident.number,
    place(incident, words),
  ];
  return `${head.filter(Boolean).join(' · ')}: ${title} (${fill(words.opened, { time })})`;
}

function kindOf(incidents: readonly PageIncident[]): PageKind {
  const kinds = new Set(incidents.map(({ kind }) => kind));
  return kinds.has('response') ? 'response' : kinds.has('page') ? 'page' : 'notice';
}

function verb({ kind, notice }: PageIncident, words: PageTexts): string {
  if (kind === 'response') return words.dispatched;
  if (kind === 'notice') return words.notices[notice ?? ''] ?? words.notice;
  return '';
}

/** What the title is headed with: anything actual outweighs a drill, a drill a test. */
export function realityOf(incidents: readonly PageIncident[]): Reality {
  const has = (reality: Reality) => incidents.some((incident) => incident.reality === reality);
  return has('actual') ? 'actual' : has('exercise') ? 'exercise' : 'test';
}

function place({ site }: PageIncident, words: PageTexts): string {
  return site ? `${site.code} ${cleanText(site.name, 60)}` : words.unknownSite;
}

function sitesOf(incidents: readonly PageIncident[], words: PageTexts): string {
  const places = [...new Set(incidents.map((incident) => place(incident, words)))];
  return places.length > 3 ? `${places.slice(0, 3).join(', ')} …` : places.join(', ');
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Wall time with the zone's short name, Latin digits, 24 hours. */
function clockTime(at: Instant, language: Language, timeZone: string): string {
  const key = `${language} ${timeZone}`;
  let clock = clocks.get(key);
  if (!clock) {
    clock = new Intl.DateTimeFormat(`${language}-u-nu-latn`, {
      timeZone,
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
    });
    clocks.set(key, clock);
  }
  return clock.format(new Date(at / 1000));
}
