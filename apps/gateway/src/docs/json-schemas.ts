import { createRequire } from 'node:module';
import { alertRoutes, alertSchemas, peopleRoutes, peopleSchemas } from '@tocsin/contracts';
import { targetConstructorToSchema, validationMetadatasToSchemas } from 'class-validator-jsonschema';

/** What `@Type` said of nested fields. class-transformer keeps it under this path, for which it has no types. */
const { defaultMetadataStorage: nestedClasses } = createRequire(__filename)('class-transformer/cjs/storage.js') as {
  defaultMetadataStorage: never;
};

export type Schema = Readonly<Record<string, unknown>>;

/** JSON Schema of every DTO class that is loaded, from the very decorators that check requests. */
export function jsonSchemas(): Readonly<Record<string, Schema>> {
  const named: Record<string, Schema> = validationMetadatasToSchemas(options) as Record<string, Schema>;
  // A class that only inherits its fields has no entry of its own.
  for (const { body } of alertRoutes)
    if (body !== undefined) named[body.schema.name] ??= targetConstructorToSchema(body.schema, options) as Schema;
  return Object.fromEntries(
    Object.entries(named).map(([name, schema]) => [
      name,
      closed.has(name) ? { ...schema, additionalProperties: false } : schema,
    ]),
  );
}

const options = {
  refPointerPrefix: '#/components/schemas/',
  classTransformerMetadataStorage: nestedClasses,
  additionalConverters: { ...alertSchemas, ...peopleSchemas } as never,
};

/** Requests of ours, where a field that is not known is refused. Foreign formats are tolerated, and answers may grow. */
const closed: ReadonlySet<string> = new Set([
  ...peopleRoutes.flatMap(({ body }) => (body === undefined ? [] : [body.name])),
  'AlertItem',
  'AlertLocation',
  'AlertLink',
  'PushKeys',
  'SubscribeMessage',
  'SubscribeFilter',
]);
