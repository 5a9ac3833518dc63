import type { ConfigIssue, Located, LocatedMap, Place, Scalar } from './read-config-yaml.js';

export type RefKind = 'site' | 'group' | 'team' | 'person' | 'schedule' | 'policy' | 'source' | 'channel';
/** A name that must be that of something in the folder. */
export interface Reference {
  readonly kind: RefKind;
  readonly id: string;
  readonly at: Place;
}

/** What is gathered while a folder is read: faults, references to check at the end, and where each object stands. */
export class Gathered {
  readonly issues: ConfigIssue[] = [];
  readonly references: Reference[] = [];
  private readonly places = new WeakMap<object, { readonly at: Place; readonly fields?: LocatedMap['fields'] }>();

  refuse(at: Place, message: string): undefined {
    this.issues.push({ ...at, message });
  }

  /** Remembers where `value` stands, and each of its fields. */
  keep<T extends object>(value: T, at: Place, fields?: LocatedMap['fields']): T {
    this.places.set(value, { at, fields });
    return value;
  }

  /** Where `value` stands, or its `field`, written or not. */
  placeOf(value: object, field?: string): Place {
    const { at, fields } = this.places.get(value) ?? { at: { file: '', line: 1, field: '' } };
    return field === undefined ? at : (fields?.get(field)?.at ?? within(at, field));
  }
}

/** Reads a located value. Law: returns undefined exactly when it has noted at least one fault. */
export type Decoder<T> = (value: Located, gathered: Gathered) => T | undefined;
export interface Field<T> {
  readonly decode: Decoder<T>;
  /** What stands for a field that is not there; without it the field is needed. */
  readonly otherwise?: () => T;
}

export const needed = <T>(decode: Decoder<T>): Field<T> => ({ decode });
export const optional = <T, D = undefined>(decode: Decoder<T>, otherwise?: D): Field<T | D> => ({
  decode,
  otherwise: () => otherwise as D,
});

export interface TextRule {
  readonly max?: number;
  readonly pattern?: RegExp;
  /** Completes "must be ...". */
  readonly what?: string;
}

/** Text as people write it: no control characters (PostgreSQL's jsonb refuses U+0000), no half characters, not empty. */
export function text({ max = 512, pattern, what = 'text' }: TextRule = {}): Decoder<string> {
  return (value, gathered) => {
    if (value.is !== 'scalar') return gathered.refuse(value.at, `must be ${what}`);
    if (typeof value.value !== 'string') return gathered.refuse(value.at, `must be ${what}${quoteAdvice(value.value)}`);
    if (value.value.trim() === '') return gathered.refuse(value.at, `must be ${what}, and is empty`);
    if (value.value.length > max)
      return gathered.refuse(value.at, `may have ${max} characters, and has ${value.value.length}`);
    if (/(?![\n\t])\p{Cc}|\p{Surrogate}/u.test(value.value)) {
      return gathered.refuse(value.at, 'contains a control character or half a character');
    }
    if (pattern !== undefined && !pattern.test(value.value)) {
      return gathered.refuse(value.at, `must be ${what}, not ${JSON.stringify(value.value)}`);
    }
    return value.value;
  };
}

/** The id by which everything else, and the wire, knows a thing. */
export const slug = text({
  max: 64,
  pattern: /^[a-z0-9]+(?:[-_.][a-z0-9]+)*$/,
  what: 'an id (small letters, digits, - _ .)',
});

/** A slug that must be the id of a `kind` of this folder. */
export function reference(kind: RefKind): Decoder<string> {
  return (value, gathered) => {
    const id = slug(value, gathered);
    if (id !== undefined) gathered.references.push({ kind, id, at: value.at });
    return id;
  };
}

export function oneOf<T extends string>(words: readonly T[]): Decoder<T> {
  return (value, gathered) => {
    if (value.is === 'scalar' && words.includes(value.value as T)) return value.value as T;
    const given = value.is === 'scalar' ? `, not ${JSON.stringify(value.value)}` : '';
    return gathered.refuse(value.at, `must be one of ${words.join(', ')}${given}`);
  };
}

export interface NumberRule {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}
export function number({ min, max, whole = false }: NumberRule): Decoder<number> {
  const what = `a ${whole ? 'whole ' : ''}number from ${min} to ${max}`;
  return (value, gathered) => {
    const given = value.is === 'scalar' ? value.value : undefined;
    if (typeof given === 'number' && given >= min && given <= max && (!whole || Number.isInteger(given))) return given;
    return gathered.refuse(value.at, `must be ${what}${given === undefined ? '' : `, not ${JSON.stringify(given)}`}`);
  };
}

export const yesOrNo: Decoder<boolean> = (value, gathered) =>
  value.is === 'scalar' && typeof value.value === 'boolean'
    ? value.value
    : gathered.refuse(value.at, 'must be true or false');

export function list<T>(decode: Decoder<T>, { min = 0, max = 2_000, what = 'a list' } = {}): Decoder<T[]> {
  return (value, gathered) => {
    if (value.is !== 'list') return gathered.refuse(value.at, `must be ${what}, as in [one, two]`);
    if (value.items.length < min) return gathered.refuse(value.at, 'is an empty list: it needs at least one entry');
    if (value.items.length > max)
      return gathered.refuse(value.at, `may have ${max} entries, and has ${value.items.length}`);
    const items = value.items.map((item) => decode(item, gathered));
    return items.includes(undefined) ? undefined : (items as T[]);
  };
}

/** Field names that the unit chooses: `{ name: value }`. */
export function mapOf<T>(decode: Decoder<T>, max: number): Decoder<Record<string, T>> {
  const nameRule = text({ max: 64 });
  return (value, gathered) => {
    if (value.is !== 'map') return gathered.refuse(value.at, 'must be names with values, as in { name: value }');
    if (value.fields.size > max) return gathered.refuse(value.at, `may have ${max} entries`);
    const entries = [...value.fields].map(([name, field]) => {
      const wellNamed = nameRule({ is: 'scalar', at: field.at, value: name }, gathered);
      const decoded = decode(field.value, gathered);
      return wellNamed === undefined || decoded === undefined ? undefined : ([name, decoded] as const);
    });
    return entries.includes(undefined) ? undefined : Object.fromEntries(entries as [string, T][]);
  };
}

/**
 * An object with exactly these fields: what is missing is named, what is not known is refused (a misspelt field would
 * otherwise be a rule that never holds). Fields that are absent and have no default are left out of the result.
 */
export function record<T extends object>(fields: { readonly [K in keyof Required<T>]: Field<T[K]> }): Decoder<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return (value, gathered) => {
    if (value.is !== 'map') return gathered.refuse(value.at, `must be fields: ${names.join(', ')}`);
    const faultsBefore = gathered.issues.length;
    for (const [name, { at }] of value.fields) {
      if (!names.includes(name as keyof T & string))
        gathered.refuse(at, `is not a field here${suggestion(name, names)}`);
    }
    const result: Partial<T> = {};
    for (const name of names) {
      const decoded = decodeField(value, name, fields[name] as Field<T[typeof name]>, gathered);
      if (decoded !== undefined) result[name] = decoded;
    }
    return gathered.issues.length > faultsBefore ? undefined : gathered.keep(result as T, value.at, value.fields);
  };
}

function decodeField<T>(value: LocatedMap, name: string, field: Field<T>, gathered: Gathered): T | undefined {
  const given = value.fields.get(name);
  if (given !== undefined) return field.decode(given.value, gathered);
  if (field.otherwise !== undefined) return field.otherwise();
  return gathered.refuse(within(value.at, name), 'is missing');
}

export const within = (at: Place, name: string): Place => ({
  ...at,
  field: at.field === '' ? name : `${at.field}.${name}`,
});

/** ", did you mean ...?" when one of `names` is at most two edits away. */
export function suggestion(name: string, names: Iterable<string>): string {
  let best: { name: string; distance: number } | undefined;
  for (const candidate of names) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance <= 2 && distance < candidate.length && (best === undefined || distance < best.distance))
      best = { name: candidate, distance };
  }
  return best === undefined ? '' : `; did you mean ${best.name}?`;
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function quoteAdvice(given: Scalar): string {
  return given === null ? ', and is empty' : `: put it in quotes, as in "${given}"`;
}
