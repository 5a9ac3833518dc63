import 'reflect-metadata';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage, type ValidationArguments } from 'class-validator';

type Class = new () => object;
type Check = (object: Record<string, unknown>) => boolean;
type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/**
 * The decorators of a DTO class as one function: does this plain object pass? The rules are class-validator's own
 * (its constraint instances are called); only their discovery, 80 % of its time, happens once instead of per object.
 * Law: `compileValidator(C)(x)` is true exactly when `validateSync(plainToInstance(C, x))` finds nothing, where
 * `foreign: false` stands for `whitelist` with `forbidNonWhitelisted`; but for two places where those two are wrong
 * (an array in an object's place, names that every object inherits). Messages are left to validateSync, on failure.
 * Measured for an alert with eight fields and two labels, node 20: validateSync with plainToInstance 13.3 µs, this 1.7 µs.
 */
export function compileValidator(target: Class, options: { foreign: boolean }): (value: unknown) => boolean {
  const checks = checksOf(target, options);
  const known = new Set(checks.map(({ property }) => property));
  const run = checks.map(({ check }) => check);
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const object = value as Record<string, unknown>;
    if (!options.foreign) for (const name in object) if (!known.has(name)) return false;
    for (let index = 0; index < run.length; index += 1) if (!(run[index] as Check)(object)) return false;
    return true;
  };
}

/**
 * The plain value as an instance of its class, nested ones too: what validateSync wants. Not class-transformer's
 * plainToInstance, which throws on a label named `constructor` and drops names that every object inherits.
 */
export function instanceOf(target: Class, value: object): object {
  const instance = new target() as Record<string, unknown>;
  for (const [name, inner] of Object.entries(value)) {
    if (name !== '__proto__' && name !== 'constructor')
      instance[name] = isObject(inner) ? nestedInstance(target, name, inner) : inner;
  }
  return instance;
}

function nestedInstance(target: Class, name: string, inner: object): unknown {
  if (!isNested(target, name)) return inner;
  const nested = nestedClass(target, name);
  return Array.isArray(inner)
    ? inner.map((item: unknown) => (isObject(item) ? instanceOf(nested, item) : item))
    : instanceOf(nested, inner);
}

/** Paths of fields that the class, or a nested one, does not have. */
export function unknownFields(target: Class, value: object, below: (name: string) => string): string[] {
  const known = new Set(checksOf(target, { foreign: false }).map(({ property }) => property));
  return Object.entries(value).flatMap(([name, inner]) => {
    if (!known.has(name)) return [below(name)];
    if (!isObject(inner) || !isNested(target, name)) return [];
    const items = Array.isArray(inner)
      ? inner.map((item: unknown, index) => ({ item, at: `${below(name)}[${index}]` }))
      : [{ item: inner, at: below(name) }];
    return items.flatMap(({ item, at }) =>
      isObject(item) ? unknownFields(nestedClass(target, name), item, (field) => `${at}.${field}`) : [],
    );
  });
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function metadatasOf(target: Class): Metadata[] {
  return getMetadataStorage().getTargetValidationMetadatas(target, '', false, false);
}

function isNested(target: Class, name: string): boolean {
  return metadatasOf(target).some(({ propertyName, type }) => propertyName === name && type === 'nestedValidation');
}

function checksOf(target: Class, options: { foreign: boolean }): { property: string; check: Check }[] {
  const byProperty = new Map<string, Metadata[]>();
  for (const metadata of metadatasOf(target)) {
    byProperty.set(metadata.propertyName, [...(byProperty.get(metadata.propertyName) ?? []), metadata]);
  }
  return [...byProperty].map(([property, metadatas]) => ({
    property,
    check: propertyCheck(target, property, metadatas, options),
  }));
}

function propertyCheck(
  target: Class,
  property: string,
  metadatas: readonly Metadata[],
  options: { foreign: boolean },
): Check {
  const conditions = metadatas
    .filter(({ type }) => type === 'conditionalValidation')
    .map(({ constraints }) => constraints[0] as Condition);
  const rules = metadatas
    .filter(({ type }) => type === 'customValidation')
    .flatMap((metadata) => rulesOf(target, metadata));
  const nested = metadatas.some(({ type }) => type === 'nestedValidation')
    ? compileValidator(nestedClass(target, property), options)
    : undefined;
  return (object) => {
    const value = object[property];
    for (const applies of conditions) if (!applies(object, value)) return true;
    for (const rule of rules) if (!rule(value, object)) return false;
    if (nested === undefined || value === undefined) return true;
    return Array.isArray(value) ? value.every(nested) : nested(value);
  };
}

type Condition = (object: unknown, value: unknown) => boolean;

function rulesOf(target: Class, metadata: Metadata): ((value: unknown, object: object) => boolean)[] {
  const constraints = getMetadataStorage().getTargetValidatorConstraints(metadata.constraintCls);
  return constraints.map(({ instance }) => {
    const validate = (value: unknown, object: object): boolean => {
      const args: ValidationArguments = {
        targetName: target.name,
        property: metadata.propertyName,
        object,
        value,
        constraints: metadata.constraints,
      };
      return instance.validate(value, args) as boolean;
    };
    return metadata.each
      ? (value, object) =>
          Array.isArray(value) ? value.every((item) => validate(item, object)) : validate(value, object)
      : validate;
  });
}

function nestedClass(target: Class, property: string): Class {
  const given = defaultMetadataStorage.findTypeMetadata(target, property)?.typeFunction?.() as Class | undefined;
  const declared = Reflect.getMetadata('design:type', target.prototype, property) as Class | undefined;
  const found = given ?? declared;
  if (found === undefined)
    throw new Error(`${target.name}.${property} is nested, but its class is not known: add @Type`);
  return found;
}
