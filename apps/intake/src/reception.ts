import { type FieldError, type IntakeErrorCode, intakeErrors, type RefusedAlert } from '@tocsin/contracts';
import type { Signal } from '@tocsin/domain';
import {
  type AlertCollector,
  keyHashOf,
  type Principal,
  type RenderedAnswer,
  type SignalAnswer,
} from '@tocsin/operations';
import { Batcher } from '@tocsin/queue';
import { firingKeys, type Pool, withinDeadline } from '@tocsin/store';
import { Admission } from './admission.js';
import type { Backlog } from './backlog.js';
import { Refusal } from './refusal.js';
import type { Source } from './source-directory.js';

/** One item of a body after its door has read it: a signal, or why it is none. */
export type Candidate =
  | { readonly ok: true; readonly signal: Signal; readonly path: string }
  | {
      readonly ok: false;
      readonly key: string | null;
      readonly code: IntakeErrorCode;
      readonly errors: readonly FieldError[];
    };

export interface Delivery {
  readonly source: Source;
  readonly door: string;
  readonly contentType: string | null;
  readonly body: Buffer;
  readonly candidates: readonly Candidate[];
  readonly isPartial: boolean;
  readonly idempotencyKey: string | null;
  readonly render: (answers: readonly SignalAnswer[]) => RenderedAnswer;
}

export interface ReceptionParts {
  readonly collector: AlertCollector;
  readonly backlog: Backlog;
  /** For the question which keys fire, asked of sources beyond their budget only. */
  readonly pool: Pool;
  readonly onOverBudget: (source: Principal, code: string) => void;
}

/** What every HTTP door does once it has signals: scope, budget, back-pressure, then the collector. Throws Refusal. */
export class Reception {
  private readonly admission = new Admission();
  private readonly probe: Batcher<readonly string[], ReadonlySet<string>>;

  constructor(private readonly parts: ReceptionParts) {
    this.probe = new Batcher({
      maxWeight: 2_000,
      weight: (hashes) => hashes.length,
      run: (asked) => this.firing(asked),
    });
  }

  async take(delivery: Delivery): Promise<RenderedAnswer> {
    const candidates = delivery.candidates.map((candidate) => scoped(candidate, delivery.source));
    const hasRefused = candidates.some(({ ok }) => !ok);
    if (hasRefused && !delivery.isPartial) throw refusalOfAll(candidates);
    const positions = candidates.flatMap(({ ok }, position) => (ok ? [position] : []));
    const signals = candidates.flatMap((candidate) => (candidate.ok ? [candidate.signal] : []));
    const giveBack = await this.admit(delivery.source, signals);
    const outcome = await this.parts.collector.accept({
      principal: delivery.source.principal,
      door: delivery.door,
      contentType: delivery.contentType,
      body: delivery.body,
      signals,
      positions,
      idempotencyKey: delivery.idempotencyKey,
      isPartial: delivery.isPartial,
      render: (answers) => delivery.render(hasRefused ? woven(candidates, answers) : answers),
    });
    if (!outcome.ok) {
      giveBack(signals.length);
      throw new Refusal(outcome.code, undefined, outcome.retryAfterS);
    }
    const begun = outcome.outcomes.filter(({ status }) => status === 'accepted').length;
    giveBack(signals.length - begun);
    return outcome.answer;
  }

  /** Repeats of firing keys are counted, never refused: only who is over his budget costs a question to the database. */
  private async admit(source: Source, signals: readonly Signal[]): Promise<(unused: number) => void> {
    const isBehind = this.parts.backlog.isBehind;
    const { recentKeys } = this.parts.collector;
    const first = this.admission.admit(source, signals, isBehind);
    if (first.ok) return first.giveBack;
    const hashes = signals.map(({ reality, key }) => keyHashOf(source.principal, reality, key));
    const unknown = signals.flatMap((signal, index) =>
      recentKeys.has(hashes[index] as string) ? [] : [{ signal, hash: hashes[index] as string }],
    );
    const firing = unknown.length === 0 ? new Set<string>() : await this.probe.push(unknown.map(({ hash }) => hash));
    const fresh = unknown.flatMap(({ signal, hash }) => (firing.has(hash) ? [] : [signal]));
    if (fresh.length === 0) return () => undefined;
    const second = fresh.length === signals.length ? first : this.admission.admit(source, fresh, isBehind);
    if (second.ok) return (unused) => second.giveBack(Math.max(0, unused - (signals.length - fresh.length)));
    this.parts.onOverBudget(source.principal, second.code);
    throw new Refusal(second.code, undefined, second.retryAfterS);
  }

  private async firing(asked: readonly (readonly string[])[]): Promise<ReadonlySet<string>[]> {
    const firing = new Set(await withinDeadline(this.parts.pool, 1_000, (tx) => firingKeys(tx, asked.flat())));
    return asked.map(() => firing);
  }
}

function scoped(candidate: Candidate, source: Source): Candidate {
  if (!candidate.ok || candidate.signal.site === null || source.speaksFor(candidate.signal.site)) return candidate;
  const { site, key } = candidate.signal;
  const path = candidate.path === '' ? 'site' : `${candidate.path}.site`;
  return {
    ok: false,
    key,
    code: 'site-out-of-scope',
    errors: [{ path, message: `${site} lies outside the scope of this source` }],
  };
}

/** The whole request is refused for its first fault; every item with the same kind of fault is named. */
function refusalOfAll(candidates: readonly Candidate[]): Refusal {
  const refused = candidates.flatMap((candidate) => (candidate.ok ? [] : [candidate]));
  const code = refused[0]?.code ?? 'invalid';
  const errors = refused.flatMap((one) => (one.code === code ? one.errors : []));
  return new Refusal(code, errors.slice(0, 100));
}

/** Refused items back in their places among the answers of the others. */
function woven(candidates: readonly Candidate[], answers: readonly SignalAnswer[]): SignalAnswer[] {
  let next = 0;
  return candidates.map((candidate) => (candidate.ok ? (answers[next++] as SignalAnswer) : refusedAlert(candidate)));
}

function refusedAlert({ key, code, errors }: Extract<Candidate, { ok: false }>): RefusedAlert {
  return {
    key,
    status: 'refused',
    code,
    errors: errors.length > 0 ? errors : [{ path: '', message: intakeErrors[code].message }],
  };
}
