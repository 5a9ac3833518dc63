import i18next, { type TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { visible } from '../i18n/visible.js';
import { useLive } from '../live/store.js';
import { useDirectory } from '../people/directory.js';
import { type Language, say } from '../people/names.js';
import type { AssignmentState, Incident } from '../wire.js';
import { grade, isUntaken } from './sections.js';

/**
 * A source's title in the reader's language when the phrasebook knows it, else as it came. Never as a default of `t`, which
 * would fill in its own words where an alarm says `$t(...)` or `{{...}}`.
 */
export const titleOf = (t: TFunction, title: string): string => known(t, `word.title.${slug(title)}`) || visible(title);
const known = (t: TFunction, key: string): string => t(key, { defaultValue: '' });
const slug = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '') || '-';

/** "page-failed: <id>": the cause in the reader's language; an id becomes a number or a name, or is left out. */
export function faultOf(t: TFunction, title: string): string {
  const [, cause = '', subject = ''] = /^([a-z][a-z-]+)(?:: (.*))?$/.exec(title) ?? [];
  const word = cause && known(t, `word.fault.${cause}`);
  if (!word) return titleOf(t, title);
  const said = subjectOf(subject);
  return said ? `${word}: ${said}` : word;
}
function subjectOf(subject: string): string {
  const person = useDirectory.getState().people.get(subject);
  if (person) return say(person.name, i18next.language as Language);
  const incident = useLive.getState().world.incidents.get(subject);
  if (incident) return incident.number;
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(subject) ? '' : subject;
}

export const categoryOf = (t: TFunction, category: string): string =>
  known(t, `word.category.${slug(category)}`) || visible(category);
/** A word of the dictionary at the head of a line: a capital where the script has one. */
export const headed = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
export const gradeWord = (t: TFunction, i: Incident): string =>
  grade(i) === 'sys' ? t('word.severity.system') : t(`word.severity.${i.severity}`);
export const gradeName = (t: TFunction, i: Incident): string => t(`word.grade.${grade(i)}`);

/** The drill and test words that stand before a title: never a colour alone, never left out. */
export const realityWord = (t: TFunction, i: Incident): string =>
  i.reality === 'actual' ? '' : `${t(`word.reality.${i.reality}`)} · `;

const furthest: readonly AssignmentState[] = ['on_scene', 'en_route', 'accepted', 'notified'];

/** The second line of the owner's column: what stands between the alarm and help. */
export function response(t: TFunction, i: Incident): string {
  if (i.condition === 'normal' && isUntaken(i)) return t('row.returned');
  const sent = (i.assignments ?? []).filter((a) => furthest.includes(a.state));
  if (sent.length === 0)
    return isUntaken(i) ? stepWord(t, i) : i.state === 'acknowledged' && i.assignments ? t('row.nobodySent') : '';
  const best = furthest.find((state) => sent.some((a) => a.state === state)) ?? 'notified';
  const n = sent.filter((a) => a.state === best).length;
  if (best === 'accepted' || best === 'notified') {
    return t('row.accepted', { n: sent.filter((a) => a.state !== 'notified').length, of: sent.length });
  }
  return t(best === 'on_scene' ? 'row.onScene' : 'row.enRoute', { n });
}
const stepWord = (t: TFunction, i: Incident): string =>
  i.escalation && i.escalation.step > 1 ? t('row.step', { step: i.escalation.step }) : '';

export function useWords(): { t: TFunction; title: (i: Incident) => string } {
  const { t } = useTranslation();
  return { t, title: (i) => realityWord(t, i) + (i.class === 'system' ? faultOf(t, i.title) : titleOf(t, i.title)) };
}
