import type { ConfigDocument } from '@tocsin/domain';

export interface ConfigChange {
  readonly kind: string;
  readonly id: string;
  readonly change: 'added' | 'removed' | 'changed' | 'moved';
  /** For `changed`: each field that differs. */
  readonly fields: readonly { readonly path: string; readonly from?: unknown; readonly to?: unknown }[];
}

type Entry = { readonly id: string };
const kinds: readonly (readonly [kind: string, of: (document: ConfigDocument) => readonly Entry[]])[] = [
  ['Unit', ({ agency, timing }) => [{ ...agency, timing } as Entry]],
  ['Site', ({ sites }) => sites],
  ['Team', ({ teams }) => teams],
  // By slug: a UUID is given, not chosen.
  ['Person', ({ people }) => people.map(({ slug, ...rest }) => ({ ...rest, id: slug }))],
  ['Schedule', ({ schedules }) => schedules],
  ['Policy', ({ policies }) => policies],
  ['Route', ({ routes }) => routes],
  ['Source', ({ sources }) => sources],
  ['Channel', ({ channels }) => channels],
  ['Silence', ({ silences }) => silences],
];

/** What turns `before` into `after`, by kind and id. Law: empty exactly when both say the same. Routes also by their order. */
export function diffConfig(before: ConfigDocument | null, after: ConfigDocument): ConfigChange[] {
  const changes: ConfigChange[] = [];
  for (const [kind, entriesOf] of kinds) {
    const old = new Map((before === null ? [] : entriesOf(before)).map((entry) => [entry.id, entry]));
    for (const entry of entriesOf(after)) {
      const was = old.get(entry.id);
      old.delete(entry.id);
      if (was === undefined) changes.push({ kind, id: entry.id, change: 'added', fields: [] });
      else changes.push(...changed(kind, was, entry));
    }
    for (const id of old.keys()) changes.push({ kind, id, change: 'removed', fields: [] });
  }
  return before === null ? changes : [...changes, ...movedRoutes(before, after)];
}

function changed(kind: string, was: Entry, is: Entry): ConfigChange[] {
  const fields: { path: string; from?: unknown; to?: unknown }[] = [];
  compare(was, is, '', fields);
  return fields.length === 0 ? [] : [{ kind, id: is.id, change: 'changed', fields }];
}

function compare(
  from: unknown,
  to: unknown,
  path: string,
  into: { path: string; from?: unknown; to?: unknown }[],
): void {
  if (isObject(from) && isObject(to) && Array.isArray(from) === Array.isArray(to)) {
    for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
      const inner = Array.isArray(to) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`;
      compare(from[name], to[name], inner, into);
    }
  } else if (from !== to) {
    into.push({ path, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** The first route that matches decides, so their order is a rule of its own. */
function movedRoutes(before: ConfigDocument, after: ConfigDocument): ConfigChange[] {
  const both = new Set(after.routes.map(({ id }) => id).filter((id) => before.routes.some((route) => route.id === id)));
  const was = before.routes.map(({ id }) => id).filter((id) => both.has(id));
  const is = after.routes.map(({ id }) => id).filter((id) => both.has(id));
  const index = is.findIndex((id, at) => id !== was[at]);
  if (index < 0) return [];
  return [
    {
      kind: 'Route',
      id: is[index] as string,
      change: 'moved',
      fields: [{ path: 'order', from: was.join(' '), to: is.join(' ') }],
    },
  ];
}

const signs = { added: '+', removed: '-', changed: '~', moved: '~' } as const;

/** One line per change and one per field, for a terminal. */
export function diffText(changes: readonly ConfigChange[]): string {
  const lines = changes.flatMap(({ kind, id, change, fields }) => [
    `${signs[change]} ${kind} ${id}${change === 'moved' ? ' (order)' : ''}`,
    ...fields.map(({ path, from, to }) => `    ${path}: ${valueText(from)} -> ${valueText(to)}`),
  ]);
  return lines.join('\n');
}

function valueText(value: unknown): string {
  if (value === undefined) return '(none)';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
