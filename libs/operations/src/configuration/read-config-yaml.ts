import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type YAMLMap,
} from 'yaml';

/** Where something stands in the configuration folder: file, line (from 1) and field ("steps[1].afterS"). */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly field: string;
}
export interface ConfigIssue extends Place {
  readonly message: string;
}

export type Scalar = string | number | boolean | null;
/** A YAML value that still knows where it stands. */
export type Located =
  | { readonly is: 'scalar'; readonly at: Place; readonly value: Scalar }
  | { readonly is: 'list'; readonly at: Place; readonly items: readonly Located[] }
  | {
      readonly is: 'map';
      readonly at: Place;
      readonly fields: ReadonlyMap<string, { readonly at: Place; readonly value: Located }>;
    };
export type LocatedMap = Extract<Located, { is: 'map' }>;

/** Nothing of ours is nested more than six deep; a bomb is. */
const maxDepth = 16;

interface Reading {
  readonly file: string;
  readonly lines: LineCounter;
  readonly issues: ConfigIssue[];
}

/**
 * The documents of one YAML 1.2 file, all faults of its syntax together. Law: total; no code, no tag of one's own, no
 * anchor and no alias is honoured, so that a file is as large as it looks. Empty documents are left out.
 */
export function readYaml(file: string, text: string): { documents: LocatedMap[]; issues: ConfigIssue[] } {
  const reading: Reading = { file, lines: new LineCounter(), issues: [] };
  const documents: LocatedMap[] = [];
  for (const document of parse(reading, text)) {
    const faults = [...document.errors, ...document.warnings];
    for (const fault of faults) note(reading, lineAt(reading, fault.pos[0]), '', firstLine(fault.message));
    refuseDirectives(reading, document);
    if (faults.length > 0 || document.contents === null) continue;
    const located = locate(reading, document.contents, '', 0);
    if (located?.is === 'map') documents.push(located);
    else if (located !== undefined && !(located.is === 'scalar' && located.value === null)) {
      note(reading, located.at.line, '', 'a document must be fields with values, beginning with `kind:`');
    }
  }
  return { documents, issues: reading.issues };
}

function parse(reading: Reading, text: string): Document.Parsed[] {
  try {
    const parsed = parseAllDocuments(text, {
      lineCounter: reading.lines,
      prettyErrors: false,
      schema: 'core',
      // Seen below in one pass: the parser compares each key with all before it (80,000 keys of 1 MB: 213 s).
      uniqueKeys: false,
    });
    return Array.isArray(parsed) ? (parsed as Document.Parsed[]) : [];
  } catch (error) {
    // The parser recurses: brackets nested by the thousand end its stack, not the process.
    if (!(error instanceof RangeError)) throw error;
    note(reading, 1, '', 'is nested too deeply to be read');
    return [];
  }
}

function refuseDirectives(reading: Reading, document: Document.Parsed): void {
  const { yaml, tags } = document.directives;
  if (yaml.explicit === true || Object.keys(tags).some((handle) => handle !== '!!')) {
    note(reading, lineAt(reading, document.range[0]), '', 'directives (%YAML, %TAG) are not read here');
  }
}

function locate(reading: Reading, node: Node, field: string, depth: number): Located | undefined {
  const at = { file: reading.file, line: lineAt(reading, node.range?.[0] ?? 0), field };
  const refuse = (message: string): undefined => note(reading, at.line, field, message);
  if (isAlias(node)) return refuse('aliases (*name) are not read here: write the value out');
  if (node.tag !== undefined && !node.tag.startsWith('tag:yaml.org,2002:'))
    return refuse(`the tag ${node.tag} is not read here`);
  if ('anchor' in node && node.anchor !== undefined) return refuse('anchors (&name) are not read here');
  if (depth > maxDepth) return refuse('is nested too deeply');
  if (isMap(node)) return locateMap(reading, node, at, depth);
  if (isSeq(node)) {
    const items = node.items.map((item, index) => locate(reading, item as Node, `${field}[${index}]`, depth + 1));
    return items.includes(undefined) ? undefined : { is: 'list', at, items: items as Located[] };
  }
  if (!isScalar(node)) return refuse('is not a value that can be read');
  const { value } = node;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return { is: 'scalar', at, value };
  return typeof value === 'number' ? { is: 'scalar', at, value } : refuse('is not a value that can be read');
}

function locateMap(reading: Reading, node: YAMLMap, at: Place, depth: number): Located | undefined {
  const fields = new Map<string, { at: Place; value: Located }>();
  let whole = true;
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : undefined;
    const line = lineAt(reading, (key as Node).range?.[0] ?? node.range?.[0] ?? 0);
    const field = at.field === '' ? `${name}` : `${at.field}.${name}`;
    if (name === undefined || isAlias(key) || (key as { anchor?: string }).anchor !== undefined) {
      whole = note(reading, line, at.field, 'the name of a field must be plain text') ?? false;
      continue;
    }
    const here = { file: reading.file, line, field };
    if (fields.has(name)) whole = note(reading, line, field, 'stands twice') ?? false;
    const located = value === null ? nothing(here) : locate(reading, value as Node, field, depth + 1);
    if (located === undefined) whole = false;
    else fields.set(name, { at: here, value: located });
  }
  return whole ? { is: 'map', at, fields } : undefined;
}

const nothing = (at: Place): Located => ({ is: 'scalar', at, value: null });

function note(reading: Reading, line: number, field: string, message: string): undefined {
  reading.issues.push({ file: reading.file, line, field, message });
}

const lineAt = (reading: Reading, offset: number): number => Math.max(reading.lines.linePos(offset).line, 1);
const firstLine = (message: string): string => message.split('\n')[0] ?? message;
