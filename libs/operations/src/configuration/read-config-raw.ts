import type { Draft } from './read-config-draft.js';
import type { Located, LocatedMap } from './read-config-yaml.js';

/** Zones and groups of every site of the folder, the faulty ones included. */
export function placesOf(draft: Draft): { id: string; groups: string[]; zones: string[] }[] {
  const sites = draft.declared.filter(({ kind }) => kind === 'Site');
  return sites.map(({ id, document }) => ({
    id,
    groups: textsOf(document, 'groups'),
    zones: itemsOf(document, 'zones').flatMap((zone) => (zone.is === 'map' ? textOfField(zone, 'id') : [])),
  }));
}

/** The entries of a list as they stand in the file, whether or not the document is faultless. */
export function itemsOf(document: LocatedMap, field: string): readonly Located[] {
  const value = document.fields.get(field)?.value;
  return value?.is === 'list' ? value.items : [];
}

export const textsOf = (document: LocatedMap, field: string): string[] =>
  itemsOf(document, field).flatMap((item) =>
    item.is === 'scalar' && typeof item.value === 'string' ? [item.value] : [],
  );

function textOfField(map: LocatedMap, field: string): string[] {
  const value = map.fields.get(field)?.value;
  return value?.is === 'scalar' && typeof value.value === 'string' ? [value.value] : [];
}
