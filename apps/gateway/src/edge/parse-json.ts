import { isStorableText } from '@tocsin/contracts';
import { Refused } from './refused.js';

const mostDepth = 16;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
const refusedNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * A body -> plain JSON in which nothing can surprise a rule: valid UTF-8, at most 16 deep, no name that could reach a
 * prototype, no text that PostgreSQL cannot keep. An empty body is `{}`: most acts say everything in their address.
 * Throws Refused.
 */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {};
  const value = parse(decode(body));
  check(value, 1);
  return value;
}

function decode(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch (error) {
    if (error instanceof TypeError) throw new Refused('invalid-encoding');
    throw error;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refused('invalid-json');
    throw error;
  }
}

/** Depth is bounded before it goes deeper, so the call stack is too. */
function check(value: unknown, depth: number): void {
  if (typeof value === 'string') {
    if (!isStorableText(value)) throw new Refused('forbidden-text');
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth > mostDepth) throw new Refused('too-deep');
  for (const [name, child] of Object.entries(value)) {
    if (refusedNames.has(name) && !Array.isArray(value)) throw new Refused('forbidden-name', { errors: [{ path: name, message: 'is a refused name' }] });
    if (!isStorableText(name)) throw new Refused('forbidden-text');
    check(child, depth + 1);
  }
}
