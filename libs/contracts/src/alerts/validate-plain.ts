import { type ValidationError, validateSync } from 'class-validator';
import type { FieldError } from '../errors.js';
import { compileValidator, instanceOf, unknownFields } from './compile-validator.js';

type Class = new () => object;

/** More would help nobody and would let a bad request be answered with a large one. */
const errorsAtMost = 100;

/**
 * A synchronous validator of plain JSON by a DTO class: `[]` or what is wrong, by path below `at` (`[3]` -> `[3].severity`).
 * `foreign` formats tolerate fields that they do not know. The value itself is never changed.
 */
export function plainValidator(
  target: Class,
  options: { foreign: boolean },
): (value: unknown, at: string) => FieldError[] {
  const passes = compileValidator(target, options);
  return (value, at) => {
    if (passes(value)) return [];
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return [{ path: at, message: 'must be an object' }];
    const unknown = options.foreign ? [] : unknownFields(target, value, (name) => pathBelow(at, name));
    const found: FieldError[] = unknown.map((path) => ({ path, message: 'is not a known field' }));
    collect(validateSync(instanceOf(target, value)), at, found);
    return found.length > 0 ? found.slice(0, errorsAtMost) : [{ path: at, message: 'is not as documented' }];
  };
}

function collect(errors: readonly ValidationError[], at: string, found: FieldError[]): void {
  for (const error of errors) {
    const path = pathBelow(at, error.property);
    for (const message of Object.values(error.constraints ?? {}))
      found.push({ path, message: readable(message, error) });
    collect(error.children ?? [], path, found);
  }
}

/** The path is beside the message already. */
function readable(message: string, error: ValidationError): string {
  return message.startsWith(`${error.property} `) ? message.slice(error.property.length + 1) : message;
}

/** `[3]` and `severity` -> `[3].severity`; an index or an odd name goes in brackets. */
export function pathBelow(at: string, name: string): string {
  if (/^\d+$/.test(name)) return `${at}[${name}]`;
  if (!/^[\w-]{1,64}$/.test(name)) return `${at}[${JSON.stringify(name.slice(0, 64))}]`;
  return at === '' ? name : `${at}.${name}`;
}
