import { AlertItem, alertLimits, plainValidator } from '@tocsin/contracts';
import { normaliseAlert } from '@tocsin/domain';
import type { RenderedAnswer, SignalAnswer } from '@tocsin/operations';
import type { FastifyRequest } from 'fastify';
import { readJson } from './read-json.js';
import type { Candidate, Delivery } from './reception.js';
import { idempotencyKeyOf, prefersPartial, sourceOf } from './read-headers.js';
import { Refusal } from './refusal.js';
import type { Source } from './source-directory.js';

const validate = plainValidator(AlertItem, { foreign: false });

/** `POST /v1/alerts`: one object or an array. Throws Refusal. */
export function readAlerts(request: FastifyRequest): Delivery {
  const body = request.body as Buffer;
  const source = sourceOf(request);
  const value = readJson(body);
  const isArray = Array.isArray(value);
  const items: readonly unknown[] = isArray ? value : [value];
  if (items.length === 0) throw new Refusal('no-alerts');
  if (items.length > alertLimits.alerts) throw new Refusal('too-many-alerts');
  return {
    source,
    door: 'POST /v1/alerts',
    contentType: request.headers['content-type'] ?? null,
    body,
    candidates: items.map((item, index) => candidateOf(item, isArray ? `[${index}]` : '', source)),
    isPartial: prefersPartial(request),
    idempotencyKey: idempotencyKeyOf(request),
    render: renderAlerts,
  };
}

function candidateOf(item: unknown, path: string, { defaults }: Source): Candidate {
  const errors = validate(item, path);
  if (errors.length > 0) return { ok: false, key: keyOf(item), code: 'invalid', errors };
  return { ok: true, signal: normaliseAlert(item as AlertItem, defaults), path };
}

/** A refused item is named by its key where it has one that can be named. */
function keyOf(item: unknown): string | null {
  const key = typeof item === 'object' && item !== null ? (item as { key?: unknown }).key : undefined;
  return typeof key === 'string' && key.length <= alertLimits.key ? key : null;
}

/** 207 as soon as one was refused. */
export function renderAlerts(answers: readonly SignalAnswer[]): RenderedAnswer {
  const status = answers.some((answer) => answer.status === 'refused') ? 207 : 202;
  return { status, text: JSON.stringify({ alerts: answers }) };
}
