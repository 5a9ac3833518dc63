import {
  type AlertRoute,
  alertRoutes,
  type GatewayErrorCode,
  gatewayErrors,
  type IntakeErrorCode,
  intakeErrors,
  type PeopleRoute,
  peopleRoutes,
} from '@tocsin/contracts';
import { jsonSchemas, type Schema } from './json-schemas.js';

type Class = new () => object;
const json = (schema: Schema) => ({ 'application/json': { schema } });
const ref = (target: Class): Schema => ({ $ref: `#/components/schemas/${target.name}` });
const parametersOf = (path: string) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  schema: { type: 'string', maxLength: 256 },
  description: 'Within 24 hours the same key with the same body gets the stored answer, with another body 422.',
};

/** OpenAPI 3.1 of both doors, people's and alerts', from the tables that both are tested against. */
export function openApi(addresses: { gateway: string; intake: string }): Schema {
  const schemas = { ...jsonSchemas(), Error: errorSchema };
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of peopleRoutes) (paths[route.path] ??= {})[route.method] = peopleOperation(route, schemas);
  for (const route of alertRoutes) (paths[route.path] ??= {})[route.method] = alertOperation(route, addresses.intake);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tocsin',
      version: '1',
      description:
        'Alerting and rapid-response coordination for a protection unit. The live side is at /v1/asyncapi.json.',
    },
    servers: [{ url: addresses.gateway, description: 'Gateway: people' }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        session: { type: 'http', scheme: 'bearer', description: 'Token of POST /v1/session' },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: 'tocsin_session',
          description: 'For browsers; a write needs our own Origin',
        },
        bearer: { type: 'http', scheme: 'bearer', description: 'Token of a source' },
        basic: { type: 'http', scheme: 'basic', description: 'Token of a source as the password' },
      },
    },
  };
}

function peopleOperation(route: PeopleRoute, schemas: Readonly<Record<string, Schema>>): Schema {
  const { answer } = route;
  const signedIn = route.signedIn !== false;
  const content =
    answer.schema === undefined
      ? {}
      : { content: json(answer.isList === true ? listOf(answer.schema) : ref(answer.schema)) };
  const errors: readonly GatewayErrorCode[] = [
    ...route.errors,
    ...(signedIn ? (['no-session', 'foreign-origin'] as const) : []),
    'internal',
    'unavailable',
  ];
  return {
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    tags: ['people'],
    parameters: [
      ...parametersOf(route.path),
      ...queryOf(route, schemas),
      ...(route.takesIdempotencyKey === true ? [idempotencyKey] : []),
    ],
    ...(route.body === undefined ? {} : { requestBody: { content: json(ref(route.body)) } }),
    responses: {
      [answer.status]: { description: answer.description, ...content },
      ...errorResponses(errors, gatewayErrors),
    },
    security: signedIn ? [{ session: [] }, { cookie: [] }] : [],
  };
}

function queryOf({ query }: PeopleRoute, schemas: Readonly<Record<string, Schema>>) {
  const properties = query === undefined ? {} : ((schemas[query.name]?.['properties'] ?? {}) as Record<string, Schema>);
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }));
}

function listOf(target: Class): Schema {
  return {
    type: 'object',
    required: ['items', 'next'],
    properties: { items: { type: 'array', items: ref(target) }, next: { type: ['string', 'null'] } },
  };
}

function alertOperation(route: AlertRoute, intake: string): Schema {
  const { body, headers = [], responses } = route;
  const answers = Object.entries(responses).map(([status, { description, schema }]) => [
    status,
    { description, ...(schema === undefined ? {} : { content: json(ref(schema)) }) },
  ]);
  return {
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    tags: ['alerts'],
    servers: [{ url: intake, description: 'Intake: alerts in' }],
    parameters: [
      ...parametersOf(route.path),
      ...headers.map(({ name, description }) => ({ name, in: 'header', description, schema: { type: 'string' } })),
    ],
    ...(body === undefined ? {} : { requestBody: { required: true, content: json(bodyOf(body)) } }),
    responses: { ...Object.fromEntries(answers), ...errorResponses<IntakeErrorCode>(route.errors, intakeErrors) },
    security: route.security.map((scheme) => ({ [scheme]: [] })),
  };
}

function bodyOf({ schema, array }: NonNullable<AlertRoute['body']>): Schema {
  const many = { type: 'array', items: ref(schema), maxItems: 1_000 };
  return array === 'never' ? ref(schema) : array === 'only' ? many : { oneOf: [ref(schema), many] };
}

/** Codes of one status share its entry. */
function errorResponses<Code extends string>(
  codes: readonly Code[],
  table: Readonly<Record<Code, { status: number; message: string }>>,
): Record<string, Schema> {
  const byStatus = new Map<number, Code[]>();
  for (const code of new Set(codes))
    byStatus.set(table[code].status, [...(byStatus.get(table[code].status) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].map(([status, of]) => [
      status,
      {
        description: of.map((code) => `\`${code}\`: ${table[code].message}`).join('\n\n'),
        content: json({ $ref: '#/components/schemas/Error' }),
      },
    ]),
  );
}

const errorSchema: Schema = {
  type: 'object',
  required: ['code', 'message'],
  properties: {
    code: { type: 'string', description: 'Stable' },
    message: { type: 'string', description: 'For people' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
    incident: { $ref: '#/components/schemas/IncidentView' },
    incidentId: { type: 'string' },
  },
};
