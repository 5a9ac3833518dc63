import { type FieldError, plainValidator } from '@tocsin/contracts';
import { Refused } from './refused.js';

type Class<T extends object> = new () => T;
const validators = new Map<Class<object>, (value: unknown, at: string) => FieldError[]>();

/** The body as its DTO class documents it, or 422 with every faulty field. Unknown fields are refused. */
export function validBody<T extends object>(target: Class<T>, value: unknown): T {
  const errors = errorsOf(target, value);
  if (errors.length > 0) throw new Refused('invalid', { errors });
  return value as T;
}

/** The same for a query: 400. */
export function validQuery<T extends object>(target: Class<T>, value: unknown): T {
  const errors = errorsOf(target, value);
  if (errors.length > 0) throw new Refused('invalid-query', { errors });
  return value as T;
}

export function errorsOf(target: Class<object>, value: unknown): FieldError[] {
  let validator = validators.get(target);
  if (validator === undefined) {
    validator = plainValidator(target, { foreign: false });
    validators.set(target, validator);
  }
  return validator(value, '');
}
