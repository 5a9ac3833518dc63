import {
  type AlertmanagerAlert,
  AlertmanagerMessage,
  alertLimits,
  plainValidator,
  PostableAlert,
} from '@tocsin/contracts';
import { normaliseAlertmanager } from '@tocsin/domain';
import type { RenderedAnswer } from '@tocsin/operations';
import type { FastifyRequest } from 'fastify';
import { renderAlerts } from './alerts-door.js';
import { idempotencyKeyOf, sourceOf } from './read-headers.js';
import { readJson } from './read-json.js';
import type { Candidate, Delivery } from './reception.js';
import { Refusal } from './refusal.js';

const validateMessage = plainValidator(AlertmanagerMessage, { foreign: true });
const validatePostable = plainValidator(PostableAlert, { foreign: true });

/**
 * `POST /v1/alertmanager`: webhook version 4 (standards: webhooks, section 1). Each alert by its own status; what is not
 * in the message means nothing, since groups are cut (`truncatedAlerts`).
 */
export function readAlertmanager(request: FastifyRequest): Delivery {
  const value = readJson(request.body as Buffer);
  const errors = validateMessage(value, '');
  if (errors.length > 0) throw new Refusal('invalid', errors);
  const { alerts, truncatedAlerts = 0 } = value as AlertmanagerMessage;
  return {
    ...deliveryOf(request, 'POST /v1/alertmanager'),
    candidates: candidatesOf(request, alerts, 'alerts'),
    render: (answers) => withWarning(renderAlerts(answers), truncatedAlerts),
  };
}

/** Alertmanager's `max_alerts` cut the group: whoever reads the answer learns that there is more. Nothing missing is closed. */
function withWarning({ status, text }: RenderedAnswer, truncated: number): RenderedAnswer {
  if (truncated === 0) return { status, text };
  return { status, text: `${text.slice(0, -1)},"warnings":["${truncated} alerts not shown"]}` };
}

/** `POST /api/v2/alerts`: as if an Alertmanager, for Prometheus itself. 200 and an empty body. */
export function readPostableAlerts(request: FastifyRequest): Delivery {
  const value = readJson(request.body as Buffer);
  if (!Array.isArray(value)) throw new Refusal('invalid', [{ path: '', message: 'must be an array of alerts' }]);
  if (value.length > alertLimits.alerts) throw new Refusal('too-many-alerts');
  const errors = value.flatMap((alert, index) => validatePostable(alert, `[${index}]`)).slice(0, 100);
  if (errors.length > 0) throw new Refusal('invalid', errors);
  const render = (): { status: number; text: string } => ({ status: 200, text: '' });
  return {
    ...deliveryOf(request, 'POST /api/v2/alerts'),
    candidates: candidatesOf(request, value as PostableAlert[], ''),
    render,
  };
}

function deliveryOf(request: FastifyRequest, door: string): Omit<Delivery, 'candidates' | 'render'> {
  return {
    source: sourceOf(request),
    door,
    contentType: request.headers['content-type'] ?? null,
    body: request.body as Buffer,
    isPartial: false,
    idempotencyKey: idempotencyKeyOf(request),
  };
}

function candidatesOf(
  request: FastifyRequest,
  alerts: readonly (PostableAlert | AlertmanagerAlert)[],
  path: string,
): Candidate[] {
  const { defaults } = sourceOf(request);
  return alerts.map((alert, index) => ({
    ok: true,
    signal: normaliseAlertmanager(alert, defaults),
    path: `${path}[${index}].labels`,
  }));
}

/** Alertmanager sends a 429 no more, a 503 again (standards: webhooks, section 1). */
export function asAlertmanager(error: unknown): unknown {
  if (!(error instanceof Refusal) || error.status !== 429) return error;
  return new Refusal('unavailable', [{ path: '', message: error.body.message }], error.retryAfterS);
}
