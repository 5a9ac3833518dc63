import { createHash, hash } from 'node:crypto';
import type { IntakeErrorCode, RefusedAlert } from '@tocsin/contracts';
import type { AnswerStatus, Reality, Signal } from '@tocsin/domain';

/** Whose alerts these are: dedup keys, budgets and locks belong to a principal. */
export interface Principal {
  readonly kind: 'source';
  readonly agency: string;
  readonly id: string;
}

/** The collector's unit, whatever protocol brought it: alerts that are accepted together or not at all. */
export interface AlertRequest {
  readonly principal: Principal;
  /** Method and path; "POST /v1/alerts". */
  readonly door: string;
  readonly contentType: string | null;
  /** As it came: kept when it made or ended an episode. */
  readonly body: Buffer;
  /** In the order of the request; `positions[i]` is the index of `signals[i]` in the body. */
  readonly signals: readonly Signal[];
  readonly positions: readonly number[];
  readonly idempotencyKey: string | null;
  /** Prefer: partial. One that the database refuses is then refused alone. */
  readonly isPartial: boolean;
  /** The answer as the door words it, one entry a signal. Stored verbatim under the Idempotency-Key. */
  readonly render: (answers: readonly SignalAnswer[]) => RenderedAnswer;
}
export interface RenderedAnswer {
  readonly status: number;
  readonly text: string;
}

export interface SignalOutcome {
  readonly id: string | null;
  readonly key: string;
  readonly status: AnswerStatus;
}
export type SignalAnswer = SignalOutcome | RefusedAlert;

export type AcceptOutcome =
  | {
      readonly ok: true;
      readonly answer: RenderedAnswer;
      readonly outcomes: readonly SignalAnswer[];
      readonly isReplay: boolean;
    }
  | { readonly ok: false; readonly code: IntakeErrorCode; readonly retryAfterS?: number };

/**
 * The identity of an episode, as hex: one fires per hash. The same bytes as the store's `keyHash`; one call without a
 * hash object costs 0.3 µs instead of 1.1, and as a text it is a map's key as well.
 */
export function keyHashOf({ agency, kind, id }: Principal, reality: Reality, key: string): string {
  return hash('sha256', JSON.stringify([agency, kind, id, reality, key]), 'hex');
}

const locks = new Map<string, bigint>();

/** Advisory lock of a principal: 64 bits of its name's hash. Two that collide only wait for each other. */
export function principalLock({ agency, kind, id }: Principal): bigint {
  const name = `intake\0${agency}\0${kind}\0${id}`;
  let lock = locks.get(name);
  if (lock === undefined) {
    lock = createHash('sha256').update(name).digest().readBigInt64BE();
    locks.set(name, lock);
  }
  return lock;
}
