import { type KeptAnswer, readKeptAnswers, type Tx } from '@tocsin/store';
import type { AcceptOutcome } from './accept-alerts-request.js';
import type { HashedRequest } from './accept-alerts-rows.js';

/**
 * Requests whose Idempotency-Key has been answered: the stored answer verbatim, or 422 for another body. Read under the
 * principals' exclusive locks: a concurrent first one has committed, or has not begun.
 */
export async function replaysOf(
  tx: Tx,
  requests: readonly HashedRequest[],
): Promise<Map<HashedRequest, AcceptOutcome>> {
  const keyed = requests.filter(({ request }) => request.idempotencyKey !== null);
  const kept = new Map((await readKeptAnswers(tx, keyed.map(keyOf))).map((answer) => [nameOf(answer), answer]));
  const replays = new Map<HashedRequest, AcceptOutcome>();
  for (const hashed of keyed) {
    const found = kept.get(nameOf(keyOf(hashed)));
    if (found !== undefined) replays.set(hashed, replay(found, hashed));
  }
  return replays;
}

function replay({ bodyHash, status, response }: KeptAnswer, hashed: HashedRequest): AcceptOutcome {
  if (hashed.bodyHash === null || !bodyHash.equals(hashed.bodyHash))
    return { ok: false, code: 'idempotency-key-reused' };
  return { ok: true, answer: { status, text: response }, outcomes: [], isReplay: true };
}

/** What is to be stored beside the alerts that the answer speaks of; nothing without a key. */
export function keptOf(hashed: HashedRequest, outcome: AcceptOutcome): KeptAnswer[] {
  if (hashed.bodyHash === null || !outcome.ok) return [];
  const { status, text } = outcome.answer;
  return [{ ...keyOf(hashed), bodyHash: hashed.bodyHash, status, response: text }];
}

interface Name {
  readonly principal: string;
  readonly request: string;
  readonly key: string;
}
const keyOf = ({ request: { principal, door, idempotencyKey } }: HashedRequest): Name => ({
  principal: `${principal.kind}:${principal.agency}/${principal.id}`,
  request: door,
  key: idempotencyKey ?? '',
});
const nameOf = ({ principal, request, key }: Name): string => `${principal}\0${request}\0${key}`;
