import {
  type Episode,
  Fault,
  type Fold,
  foldEpisode,
  type FoldSignal,
  type Instant,
  type PastEpisode,
} from '@tocsin/domain';
import {
  clockNow,
  endAlerts,
  type EpisodeRow,
  insertAlerts,
  intakeTransaction,
  keepAnswers,
  lastEnded,
  lockFiring,
  type NewAlert,
  type NewRawSignal,
  type PastEpisodeRow,
  together,
  type Tx,
  updateAlerts,
} from '@tocsin/store';
import { newId } from './accept-alerts-new-id.js';
import { keptOf, replaysOf } from './accept-alerts-replay.js';
import type { AcceptOutcome, SignalOutcome } from './accept-alerts-request.js';
import {
  type BatchOptions,
  type BatchResult,
  type HashedRequest,
  newAlert,
  rawOf,
  type WaitingId,
  waitingOf,
} from './accept-alerts-rows.js';

/**
 * The careful half of `acceptBatch`: under the principals' exclusive locks the firing rows are locked in the order of
 * their key hashes, the signals of each key are folded in arrival order, and what ended, began and repeated is written.
 */
export function foldBatch({ pool, withinMs }: BatchOptions, requests: readonly HashedRequest[]): Promise<BatchResult> {
  return intakeTransaction(pool, {
    principals: requests.map(({ lock }) => lock),
    lock: 'exclusive',
    withinMs,
    work: async (tx) => {
      const replays = await replaysOf(tx, requests);
      const batch = new FoldedBatch(requests.filter((request) => !replays.has(request)));
      const { waiting, outcomes: fresh } = await batch.commitTo(tx);
      // crash-point: intake.folded
      return {
        outcomes: requests.map((request) => (replays.get(request) ?? fresh.get(request)) as AcceptOutcome),
        waiting,
        path: 'fold' as const,
      };
    },
  });
}

/** One signal of the batch; its place in the list is the mark that comes back from the fold. */
interface Place {
  readonly request: HashedRequest;
  readonly index: number;
}

class FoldedBatch {
  private readonly places: Place[] = [];
  private readonly byKey = new Map<string, FoldSignal[]>();
  private readonly raws = new Map<HashedRequest, NewRawSignal>();
  private folds: Fold[] = [];

  constructor(private readonly requests: readonly HashedRequest[]) {
    for (const request of requests) {
      request.request.signals.forEach((signal, index) => {
        const one = { signal, requestIndex: this.places.push({ request, index }) - 1 };
        const hash = request.keyHashes[index] as string;
        const signals = this.byKey.get(hash);
        if (signals) signals.push(one);
        else this.byKey.set(hash, [one]);
      });
    }
  }

  /**
   * Reads in one round trip and writes in one: every other batch of these sources stands behind the locks. Ends before
   * begins, each in a statement of its own. Answers what waits for the engine now, and every request.
   */
  async commitTo(tx: Tx): Promise<{ waiting: WaitingId[]; outcomes: Map<HashedRequest, AcceptOutcome> }> {
    const [rows, ended, now] = await together(
      lockFiring(tx, [...this.byKey.keys()].sort()),
      lastEnded(tx, this.datedKeys()),
      clockNow(tx),
    );
    const firing = new Map(rows.map((row) => [row.key_hash, row]));
    const past = new Map(ended.map((row) => [row.key_hash, pastEpisodeOf(row)]));
    this.folds = [...this.byKey].map(([hash, signals]) => {
      const episode = episodeOf(firing.get(hash));
      return foldEpisode(episode, signals, { now, newId, past: episode === null ? (past.get(hash) ?? null) : null });
    });
    const ends = this.folds.flatMap((fold) => fold.ends);
    for (const { requestIndex } of ends) this.rawOfPlace(requestIndex);
    const begun = this.folds.flatMap((fold) => fold.begins.map((episode) => this.rowOf(episode)));
    const outcomes = this.outcomes();
    // crash-point: intake.before-fold-is-written
    const [, inserted, due] = await together(
      endAlerts(
        tx,
        ends.map(({ alertId, by, at }) => ({ id: alertId, by: endedBy(by), at })),
      ),
      this.raws.size > 0 ? insertAlerts(tx, now, begun, [...this.raws.values()]) : begun.length,
      this.update(tx, now),
      keepAnswers(
        tx,
        [...outcomes].flatMap(([request, outcome]) => keptOf(request, outcome)),
      ),
    );
    // The exclusive locks make a short insert impossible among intakes; whoever else was first, nothing accepted is lost.
    if (inserted < begun.length) throw new Fault('begin-again');
    return { waiting: this.waitingOf(begun, rows, new Set(due)), outcomes };
  }

  private outcomes(): Map<HashedRequest, AcceptOutcome> {
    const byRequest = new Map(this.requests.map((request) => [request, [] as SignalOutcome[]]));
    for (const { answers } of this.folds) {
      for (const { requestIndex, id, key, status } of answers) {
        const { request, index } = this.places[requestIndex] as Place;
        (byRequest.get(request) as SignalOutcome[])[index] = { id, key, status };
      }
    }
    return new Map(
      [...byRequest].map(([hashed, list]) => [
        hashed,
        { ok: true, answer: hashed.request.render(list), outcomes: list, isReplay: false },
      ]),
    );
  }

  /** Keys whose signals say when they began: where one does not fire, its last ended episode decides what is late word. */
  private datedKeys(): string[] {
    return [...this.byKey].flatMap(([hash, signals]) =>
      signals.some(({ signal }) => signal.startsAt !== null) ? [hash] : [],
    );
  }

  private async update(tx: Tx, now: Instant): Promise<string[]> {
    const updates = this.folds.flatMap((fold) => fold.updates);
    return await updateAlerts(
      tx,
      updates.map(({ alertId, report, ...update }) => ({ ...update, id: alertId, reportAt: report ? now : null })),
    );
  }

  private rowOf({
    alertId,
    signal,
    requestIndex,
    severity,
    count,
    endsAt,
    endedBy: by,
    lastSignalAt,
  }: Fold['begins'][number]): NewAlert {
    const { request, index } = this.places[requestIndex] as Place;
    return newAlert(request, this.rawOfPlace(requestIndex), {
      index,
      id: alertId,
      signal: { ...signal, severity, endsAt },
      count,
      endedAt: by === null ? null : lastSignalAt,
      endedBy: by === null ? null : endedBy(by),
    });
  }

  /** Raw bytes are kept for a request that made or ended an episode. */
  private rawOfPlace(place: number): string {
    const { request } = this.places[place] as Place;
    const raw = this.raws.get(request) ?? rawOf(request.request);
    this.raws.set(request, raw);
    return raw.id;
  }

  private waitingOf(begun: readonly NewAlert[], rows: readonly EpisodeRow[], due: ReadonlySet<string>): WaitingId[] {
    const severities = new Map(rows.map(({ id, severity }) => [id, severity]));
    for (const { updates } of this.folds)
      for (const { alertId, severity } of updates) severities.set(alertId, severity);
    const ended = this.folds.flatMap((fold) => fold.ends.map(({ alertId }) => alertId));
    const touched = [...new Set([...ended, ...due])].map((id) => waitingOf(id, severities.get(id) ?? 'high'));
    return [...begun.map(({ id, signal }) => waitingOf(id, signal.severity)), ...touched];
  }
}

const endedBy = (by: Fold['ends'][number]['by']): 'source' | 'superseded' =>
  by === 'source' ? 'source' : 'superseded';

const pastEpisodeOf = ({ id, starts_at, ended_at }: PastEpisodeRow): PastEpisode => ({
  alertId: id,
  startsAt: starts_at,
  endedAt: ended_at,
});

function episodeOf(row: EpisodeRow | undefined): Episode | null {
  if (row === undefined) return null;
  const { id, severity, count, starts_at, last_signal_at, resolved_at } = row;
  return {
    alertId: id,
    severity,
    count,
    startsAt: starts_at,
    lastSignalAt: last_signal_at,
    incident: { state: incidentOf(row), resolvedAt: resolved_at },
  };
}

function incidentOf({ incident_state: state, resolved_by: by }: EpisodeRow): Episode['incident']['state'] {
  if (state === null) return 'none';
  if (state === 'closed') return 'closed';
  if (state !== 'resolved') return 'unresolved';
  return by === 'source' ? 'resolved-by-source' : 'resolved-by-person';
}
