import { isUtf8 } from 'node:buffer';
import { isStorableText } from '@tocsin/contracts';
import { Refused } from './refused.js';

const mostDepth = 16;
const refusedNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * A body -> plain JSON in which nothing can surprise a rule: valid UTF-8, at most 16 deep, no name that could reach a
 * prototype or that is given twice, no text that PostgreSQL cannot keep. An empty body is `{}`: most acts say everything in their address.
 * Throws Refused.
 */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {};
  if (!isUtf8(body)) throw new Refused('invalid-encoding');
  const text = body.toString('utf8');
  const value = parse(text);
  const names = check(value, 1);
  // Of a name that an object gives twice, JSON.parse silently takes the last.
  if (names !== text.replace(texts, '').split(':').length - 1) throw new Refused('duplicate-name');
  return value;
}

const texts = /"(?:[^"\\]|\\.)*"/g;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refused('invalid-json');
    throw error;
  }
}

/** Depth is bounded before it goes deeper, so the call stack is too. @returns how many names the value holds */
function check(value: unknown, depth: number): number {
  if (typeof value === 'string' && !isStorableText(value)) throw new Refused('forbidden-text');
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > mostDepth) throw new Refused('too-deep');
  if (Array.isArray(value)) return value.reduce<number>((count, child) => count + check(child, depth + 1), 0);
  let count = 0;
  for (const [name, child] of Object.entries(value)) {
    if (refusedNames.has(name))
      throw new Refused('forbidden-name', { errors: [{ path: name, message: 'is a refused name' }] });
    if (!isStorableText(name)) throw new Refused('forbidden-text');
    count += 1 + check(child, depth + 1);
  }
  return count;
}
