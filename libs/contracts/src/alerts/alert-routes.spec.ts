import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { AlertItem, alertRoutes, alertSchemas, intakeErrors } from './index.js';

describe('the route table', () => {
  it('names only codes of the error table, and each door’s answers', () => {
    for (const { errors, responses } of alertRoutes) {
      for (const code of errors) expect(intakeErrors[code].status).toBeGreaterThanOrEqual(400);
      expect(Object.keys(responses).length).toBeGreaterThan(0);
    }
    expect(alertRoutes.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'post /v1/alerts',
      'get /v1/alerts/{id}',
      'post /v1/alertmanager',
      'post /api/v2/alerts',
    ]);
  });

  it('gives full schemas by class-validator-jsonschema with the rules of ours', () => {
    const schemas = validationMetadatasToSchemas({
      classTransformerMetadataStorage: defaultMetadataStorage,
      refPointerPrefix: '#/components/schemas/',
      additionalConverters: alertSchemas as never,
    }) as Record<string, { properties: object; required: string[] }>;
    const { properties, required } = schemas[AlertItem.name] ?? {};
    expect(required).toEqual(['key']);
    expect(properties).toMatchObject({
      key: { type: 'string', minLength: 1, maxLength: 256 },
      severity: { enum: ['critical', 'high', 'medium', 'low', 'info'] },
      occurredAt: { type: 'string', format: 'date-time' },
      labels: { type: 'object', maxProperties: 64, additionalProperties: { type: 'string', maxLength: 1_024 } },
      location: { $ref: '#/components/schemas/AlertLocation' },
      links: { type: 'array', items: { $ref: '#/components/schemas/AlertLink' } },
    });
  });
});
