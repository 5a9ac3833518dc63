import { AlertItem } from './alert-item.js';
import { AlertsAnswer, AlertView } from './alert-answers.js';
import { AlertmanagerMessage, PostableAlert } from './alertmanager.js';
import type { IntakeErrorCode } from './intake-errors.js';

type Class = new () => object;

/** A door as the OpenAPI document shows it: plain data, so that the document builder needs nothing of intake. */
export interface AlertRoute {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly body?: { readonly schema: Class; readonly array: 'never' | 'also' | 'only' };
  readonly headers?: readonly { readonly name: string; readonly description: string }[];
  readonly responses: Readonly<Record<number, { readonly description: string; readonly schema?: Class }>>;
  readonly errors: readonly IntakeErrorCode[];
  readonly security: readonly ('bearer' | 'basic')[];
}

const always: readonly IntakeErrorCode[] = ['no-token', 'wrong-token', 'unavailable', 'internal'];
const bodies: readonly IntakeErrorCode[] = [
  'invalid-json',
  'invalid-encoding',
  'empty-body',
  'body-too-large',
  'unsupported-media-type',
  'invalid',
  'forbidden-text',
  'too-deep',
  'duplicate-name',
  'forbidden-name',
  'too-many-alerts',
  'site-out-of-scope',
  'bad-idempotency-key',
  'idempotency-key-reused',
  'unstorable',
];
const idempotencyKey = {
  name: 'Idempotency-Key',
  description:
    'For the whole request. Within 24 hours the same key with the same body gets the stored answer, with another body 422.',
};

export const alertRoutes: readonly AlertRoute[] = [
  {
    method: 'post',
    path: '/v1/alerts',
    summary: 'Hand in one alert or up to 1,000',
    description:
      'Answered after COMMIT, in the order of the request. A repeat of a firing key is counted and gets the same id.',
    body: { schema: AlertItem, array: 'also' },
    headers: [
      idempotencyKey,
      { name: 'Prefer', description: '`partial`: each alert is accepted or refused by itself (207).' },
    ],
    responses: {
      202: { description: 'Stored', schema: AlertsAnswer },
      207: {
        description: 'Prefer: partial, and some were refused: these are { key, status: "refused", code, errors }',
        schema: AlertsAnswer,
      },
    },
    errors: [...always, ...bodies, 'no-alerts', 'over-budget', 'behind'],
    security: ['bearer'],
  },
  {
    method: 'get',
    path: '/v1/alerts/{id}',
    summary: 'What became of an alert',
    responses: { 200: { description: 'The alert', schema: AlertView } },
    errors: [...always, 'not-found'],
    security: ['bearer'],
  },
  {
    method: 'post',
    path: '/v1/alertmanager',
    summary: 'Webhook of Prometheus Alertmanager, version "4"',
    description:
      'Each alert by its own status. Over budget or behind it is 503 instead of 429, which Alertmanager would not send again.',
    body: { schema: AlertmanagerMessage, array: 'never' },
    headers: [idempotencyKey],
    responses: { 202: { description: 'Stored', schema: AlertsAnswer } },
    errors: [...always, ...bodies],
    security: ['bearer', 'basic'],
  },
  {
    method: 'post',
    path: '/api/v2/alerts',
    summary: 'As if an Alertmanager: what Prometheus itself sends',
    description: '`endsAt` that passes without renewal marks the alert stale; it never resolves it.',
    body: { schema: PostableAlert, array: 'only' },
    responses: { 200: { description: 'Stored; the body is empty' } },
    errors: [...always, ...bodies],
    security: ['bearer', 'basic'],
  },
];
