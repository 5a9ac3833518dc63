import type { ConfigDocument } from '@tocsin/domain';
import { defaultTiming } from '@tocsin/domain';
import { type Draft, readDraft } from './read-config-draft.js';
import { readConfigFolder } from './read-config-folder.js';
import type { PersonInFiles, UnitInFiles } from './read-config-kinds.js';
import type { ConfigIssue } from './read-config-yaml.js';
import { validateDraft } from './validate-config.js';

/** A faultless folder. It becomes a ConfigDocument when every person has an id. */
export interface UnitFiles {
  /** null: no document of kind Unit; the database's own unit, or a default, stands for it. */
  readonly unit: UnitInFiles | null;
  readonly people: readonly PersonInFiles[];
  readonly draft: Draft;
}
export type ConfigRead = { readonly folderHash: Buffer } & (
  | { readonly ok: true; readonly files: UnitFiles; readonly warnings: readonly ConfigIssue[] }
  | { readonly ok: false; readonly faults: readonly ConfigIssue[] }
);

/** Reads and checks a folder as a whole. Touches nothing. Throws only what the file system throws. */
export function readConfig(dir: string): ConfigRead {
  const folder = readConfigFolder(dir);
  const draft = readDraft(folder);
  const { faults, warnings } = validateDraft(draft);
  if (faults.length > 0) return { ok: false, folderHash: folder.hash, faults };
  return {
    ok: true,
    folderHash: folder.hash,
    warnings,
    files: { unit: draft.units[0] ?? null, people: draft.people, draft },
  };
}

export const defaultUnit: UnitInFiles = { id: 'unit', name: { en: 'Unit' }, timeZone: 'UTC', timing: {} };

/** The document of a folder. `idOf` gives each person's UUID by slug. */
export function documentOf(
  { unit, people, draft }: UnitFiles,
  known: UnitInFiles | null,
  idOf: (slug: string) => string,
): ConfigDocument {
  const { id, name, timeZone, timing } = unit ?? known ?? defaultUnit;
  return {
    agency: { id, name, timeZone },
    sites: draft.sites,
    teams: draft.teams,
    people: people.map((person) => ({ ...person, id: idOf(person.slug) })),
    schedules: draft.schedules.map((schedule) => ({ ...schedule, timeZone: schedule.timeZone ?? timeZone })),
    policies: draft.policies,
    routes: draft.routes,
    sources: draft.sources,
    channels: draft.channels,
    silences: draft.silences,
    timing: { ...defaultTiming, ...timing },
  };
}

/** Thrown by an apply: the folder was not used and nothing changed. The message has a line per fault. */
export class ConfigFault extends Error {
  constructor(readonly faults: readonly ConfigIssue[]) {
    super(`The configuration was not applied:\n${faults.map((fault) => `  ${issueText(fault)}`).join('\n')}`);
    this.name = 'ConfigFault';
  }
}

/** "routes.yaml:12 match.sites[0]: there is no site hq". */
export const issueText = ({ file, line, field, message }: ConfigIssue): string =>
  `${file}:${line}${field === '' ? '' : ` ${field}`}: ${message}`;
