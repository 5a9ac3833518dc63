import { useTranslation } from 'react-i18next';
import { visible } from '../i18n/visible.js';
import type { Incident, Site, Text } from '../wire.js';
import { useDirectory } from './directory.js';

export type Language = 'en' | 'ur' | 'zh';
export const languages: readonly Language[] = ['en', 'ur', 'zh'];

/** A text in the reader's language, else in English, else as it came. */
export function say(text: Text | null | undefined, language: Language): string {
  if (!text) return '';
  return typeof text === 'string' ? text : (text[language] ?? text.en);
}

export interface Names {
  readonly person: (id: string | null | undefined) => string;
  readonly team: (id: string | null | undefined) => string;
  readonly siteCode: (id: string | null | undefined) => string;
  readonly siteName: (id: string | null | undefined) => string;
  readonly zone: (site: string | null | undefined, zone: string | null | undefined) => string;
  readonly text: (text: Text | null | undefined) => string;
}

/** The unit's names in the reader's language. An id that nobody knows is shown as it is, never hidden. */
export function useNames(): Names {
  const { i18n } = useTranslation();
  const { people, sites, teams } = useDirectory();
  const language = i18n.language as Language;
  const text = (t: Text | null | undefined): string => say(t, language);
  const site = (id: string | null | undefined): Site | undefined => (id ? sites.get(id) : undefined);
  return {
    text,
    person: (id) => (id ? text(people.get(id)?.name) || id : ''),
    team: (id) => (id ? text(teams.find((t) => t.id === id)?.name) || id : ''),
    siteCode: (id) => site(id)?.code ?? '',
    siteName: (id) => (id ? text(site(id)?.name) || visible(id) : ''),
    zone: (siteId, zone) => {
      if (!zone) return '';
      const found = site(siteId)?.zones?.find((z) => typeof z !== 'string' && z.id === zone);
      return found && typeof found !== 'string' ? text(found.name) || visible(zone) : visible(zone);
    },
  };
}

/** "07 Tunnel Works · Gate B" as its parts, so that code, name and zone can be set apart. */
export function placeOf(
  i: Pick<Incident, 'site' | 'zone'>,
  names: Names,
): { code: string; name: string; zone: string } {
  return { code: names.siteCode(i.site), name: names.siteName(i.site), zone: names.zone(i.site, i.zone) };
}
