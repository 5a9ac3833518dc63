import { parseInstant } from '@tocsin/domain';
import { ValidateBy, type ValidationOptions } from 'class-validator';
import { alertLimits } from './alert-limits.js';

/**
 * Rules that class-validator does not bring. Each is total and synchronous; its name is the key under which
 * `alertSchemas` describes it in JSON Schema.
 */

/** RFC 3339 date-time with an offset, up to nanoseconds, between the years 1970 and 2255 (an `Instant` is exact there). */
export function IsInstantText(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isInstantText',
      validator: {
        validate: isInstantText,
        defaultMessage: () => '$property must be an RFC 3339 time with an offset, such as 2026-11-24T22:39:00Z',
      },
    },
    options,
  );
}

/** 2255-01-01: beyond it microseconds are no safe integers. */
const instantsEnd = Date.UTC(2255, 0, 1) * 1_000;

function isInstantText(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > 48) return false;
  const at = parseInstant(value);
  return at !== null && at >= 0 && at < instantsEnd;
}

/** A text of 1 to `max` characters with something to see in it. */
export function IsSomeText(max: number, options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isSomeText',
      constraints: [max],
      validator: {
        validate: (value: unknown) =>
          typeof value === 'string' && value.length > 0 && value.length <= max && /\S/.test(value),
        defaultMessage: () => '$property must be a text of 1 to $constraint1 characters that is not blank',
      },
    },
    options,
  );
}

/** `{ name: text }`: at most 64 labels, names of 1 to 64 characters, texts of at most 1,024. */
export function IsLabels(options?: ValidationOptions): PropertyDecorator {
  const { labels, labelName, labelValue } = alertLimits;
  return ValidateBy(
    {
      name: 'isLabels',
      validator: {
        validate: isLabels,
        defaultMessage: () =>
          `$property must be an object of at most ${labels} texts: names of 1 to ${labelName} characters, texts of at most ${labelValue}`,
      },
    },
    options,
  );
}

function isLabels(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  let count = 0;
  for (const [name, text] of Object.entries(value)) {
    count += 1;
    if (count > alertLimits.labels || name.length === 0 || name.length > alertLimits.labelName) return false;
    if (typeof text !== 'string' || text.length > alertLimits.labelValue) return false;
  }
  return true;
}

/** `{ name: text }` of a foreign format: any names and lengths, since a receiver that refuses an alert loses it. */
export function IsTexts(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isTexts',
      validator: { validate: isTexts, defaultMessage: () => '$property must be an object whose values are texts' },
    },
    options,
  );
}

function isTexts(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((text) => typeof text === 'string');
}

/** An http(s) address, so that no screen ever renders `javascript:`. */
export function IsWebAddress(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isWebAddress',
      validator: {
        validate: (value: unknown) =>
          typeof value === 'string' &&
          value.length <= alertLimits.href &&
          /^https?:\/\/[^\s/]/i.test(value) &&
          URL.canParse(value),
        defaultMessage: () =>
          `$property must be an http:// or https:// address of at most ${alertLimits.href} characters`,
      },
    },
    options,
  );
}

type Fragment = Readonly<Record<string, unknown>>;
/** JSON Schema of the rules above, by name: what the document builder hands to class-validator-jsonschema as `additionalConverters`. */
export const alertSchemas: Readonly<Record<string, (rule: { readonly constraints?: readonly unknown[] }) => Fragment>> =
  {
    isInstantText: () => ({ type: 'string', format: 'date-time' }),
    isSomeText: ({ constraints }) => ({ type: 'string', minLength: 1, maxLength: constraints?.[0] }),
    isLabels: () => ({
      type: 'object',
      maxProperties: alertLimits.labels,
      additionalProperties: { type: 'string', maxLength: alertLimits.labelValue },
    }),
    isTexts: () => ({ type: 'object', additionalProperties: { type: 'string' } }),
    isWebAddress: () => ({ type: 'string', format: 'uri', maxLength: alertLimits.href }),
  };
