import { IsOptional, Matches, ValidateBy, ValidateIf } from 'class-validator';
import { IsInstantText } from '../alerts/alert-rules.js';

/** Slugs of the configuration: sites, teams, policies ... */
export const slugPattern = /^[\p{L}\p{N}][\p{L}\p{N}._:-]{0,127}$/u;
/** UUIDs of any version: ids are opaque to a door. */
export const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export { IsInstantText };

/** False for U+0000, which PostgreSQL cannot keep, and for lone surrogates, which are not text. */
export function isStorableText(text: string): boolean {
  return !text.includes('\u0000') && (text as string & { isWellFormed(): boolean }).isWellFormed();
}

/** A text that people wrote: 1 to `max` characters, not only blanks, storable. */
export function IsPlainText(max: number): PropertyDecorator {
  return ValidateBy({
    name: 'isPlainText',
    constraints: [max],
    validator: {
      validate: (value: unknown) =>
        typeof value === 'string' && value.length <= max && /\S/.test(value) && isStorableText(value),
      defaultMessage: () =>
        '$property must be a text of 1 to $constraint1 characters, not blank, without U+0000 or half a surrogate pair',
    },
  });
}

export function IsSlug(options: { each?: boolean } = {}): PropertyDecorator {
  return Matches(slugPattern, { ...options, message: '$property must be an id as the configuration writes it' });
}

export function IsId(options: { each?: boolean } = {}): PropertyDecorator {
  return Matches(uuidPattern, { ...options, message: '$property must be a UUID' });
}

/** May be left out; a given null is refused, since it would mean something else than leaving it out. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** Null where it does not apply: for what the service answers. */
export function MayBeNull(): PropertyDecorator {
  return IsOptional();
}

/** JSON Schema of the rules above, by name, as `alertSchemas` for intake's. */
export const peopleSchemas = {
  isPlainText: ({ constraints }: { constraints?: readonly unknown[] }) => ({
    type: 'string',
    minLength: 1,
    maxLength: constraints?.[0],
  }),
} as const;
