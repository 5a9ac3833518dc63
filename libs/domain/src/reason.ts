import { reasonTexts } from './reason-texts.js';
import type { Reason } from './words.js';

export type ReasonCode = keyof typeof reasonTexts;
export type ReasonParams = Readonly<Record<string, string | number | boolean | null>>;

/** Every code that a decision can give: screens translate these. */
export const reasonCodes = Object.keys(reasonTexts) as readonly ReasonCode[];

/** Texts cut at their {params} once: a reason is made for every event. */
const cut = new Map<string, readonly string[]>(
  Object.entries(reasonTexts).map(([code, text]) => [code, text.split(/[{}]/)]),
);

const none: ReasonParams = {};

/** A reason with its English text, e.g. because('step-due', { step: 2, policy: 'villa' }). */
export function because(code: ReasonCode, params: ReasonParams = none): Reason {
  const parts = cut.get(code) ?? [code];
  let text = parts[0] ?? '';
  for (let i = 1; i < parts.length; i += 1) text += i % 2 === 1 ? String(params[parts[i] ?? ''] ?? '-') : parts[i];
  return { code, params, text };
}
