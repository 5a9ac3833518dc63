import type { Declared, Draft, KindName } from './read-config-draft.js';
import { itemsOf, textsOf } from './read-config-raw.js';
import { type RefKind, suggestion } from './read-config-fields.js';
import type { ConfigIssue, LocatedMap } from './read-config-yaml.js';
import { checkMeaning } from './validate-config-meaning.js';
import { checkRoutes } from './validate-config-routes.js';
import { warnings } from './validate-config-warnings.js';

export interface Verdict {
  /** Any of them, and nothing of the folder is used. In the order of files and lines. */
  readonly faults: readonly ConfigIssue[];
  /** Allowed, and probably not what was meant. */
  readonly warnings: readonly ConfigIssue[];
}

/**
 * The folder as a whole: every id once, every reference to something, the routes complete, times that rise. All faults
 * together, each with file, line and field. Documents with faults of their own still count as declared, so that
 * one fault is reported once.
 */
export function validateDraft(draft: Draft): Verdict {
  checkIds(draft);
  checkMeaning(draft);
  if (!draft.torn) {
    checkReferences(draft);
    checkRoutes(draft);
  }
  const faults = unique(draft.gathered.issues).sort(byPlace);
  return { faults, warnings: faults.length > 0 ? [] : warnings(draft).sort(byPlace) };
}

function checkIds({ declared, gathered }: Draft): void {
  const first = new Map<string, Declared>();
  for (const item of declared) {
    const key = `${item.kind} ${item.id}`;
    const other = first.get(key);
    if (other === undefined) first.set(key, item);
    else
      gathered.refuse(item.at, `${item.id} is already the id of the ${item.kind} at ${other.at.file}:${other.at.line}`);
  }
  for (const { document, kind } of declared) {
    for (const field of nested[kind] ?? []) checkNested(document, field, gathered);
  }
}

/** Lists whose entries have ids of their own, unique within the document. */
const nested: Partial<Record<KindName, readonly string[]>> = { Site: ['zones'], Schedule: ['layers', 'overrides'] };

function checkNested(document: LocatedMap, field: string, gathered: Draft['gathered']): void {
  const seen = new Set<string>();
  for (const item of itemsOf(document, field)) {
    const id = item.is === 'map' ? item.fields.get('id')?.value : undefined;
    if (id?.is !== 'scalar' || typeof id.value !== 'string') continue;
    if (seen.has(id.value)) gathered.refuse(id.at, `${id.value} stands twice in ${field}`);
    seen.add(id.value);
  }
}

const kindOfRef: Readonly<Record<Exclude<RefKind, 'group'>, KindName>> = {
  site: 'Site',
  team: 'Team',
  person: 'Person',
  schedule: 'Schedule',
  policy: 'Policy',
  source: 'Source',
  channel: 'Channel',
};

function checkReferences({ declared, gathered }: Draft): void {
  const known = new Map<RefKind, Set<string>>();
  for (const [ref, kind] of Object.entries(kindOfRef) as [RefKind, KindName][]) {
    known.set(ref, new Set(declared.filter((item) => item.kind === kind).map(({ id }) => id)));
  }
  // The product's own faults come from a source that no file declares.
  known.get('source')?.add('system');
  const sites = declared.filter(({ kind }) => kind === 'Site');
  known.set('group', new Set(sites.flatMap(({ document }) => textsOf(document, 'groups'))));
  for (const { kind, id, at } of gathered.references) {
    const ids = known.get(kind) ?? new Set();
    if (!ids.has(id)) gathered.refuse(at, `there is no ${kind} ${id}${suggestion(id, ids)}`);
  }
}

/** The parser says some things twice. */
const unique = (issues: readonly ConfigIssue[]): ConfigIssue[] => [
  ...new Map(issues.map((issue) => [JSON.stringify(issue), issue])).values(),
];

function byPlace(a: ConfigIssue, b: ConfigIssue): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line;
}
