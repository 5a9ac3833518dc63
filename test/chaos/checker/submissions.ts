import type { AlertRow } from '../dumps/shapes';
import type { HistoryRecord, SubmitRecord } from '../history/records';

type Submit = HistoryRecord & SubmitRecord;

export interface Submission {
  readonly invoke: Submit;
  /** null: nobody saw how it ended. */
  readonly end: Submit | null;
}

/** All that was ever sent under one key. */
export interface KeyHistory {
  readonly key: string;
  readonly submissions: readonly Submission[];
  /** Those that say that it fires; the others end it. */
  readonly firing: readonly Submission[];
}

export function keyHistoriesOf(records: readonly Submit[]): Map<string, KeyHistory> {
  const ends = new Map(records.filter(({ ph }) => ph !== 'invoke').map((record) => [record.op, record]));
  const byKey = new Map<string, { key: string; submissions: Submission[]; firing: Submission[] }>();
  for (const invoke of records) {
    if (invoke.ph !== 'invoke') continue;
    const history = byKey.get(invoke.key) ?? { key: invoke.key, submissions: [], firing: [] };
    byKey.set(invoke.key, history);
    const submission = { invoke, end: ends.get(invoke.op) ?? null };
    history.submissions.push(submission);
    if (invoke.status === 'firing') history.firing.push(submission);
  }
  return byKey;
}

export const isOk = ({ end }: Submission): boolean => end?.ph === 'ok';

/**
 * Whose alert a row is: by its key, or, at doors that make keys of their own (Alertmanager's is its label set), by the
 * body that it was sent in and its place there.
 */
export function keyFinder(histories: ReadonlyMap<string, KeyHistory>): (alert: AlertRow) => string | undefined {
  const byBody = new Map<string, string>();
  for (const { key, firing } of histories.values())
    for (const { invoke } of firing)
      if (invoke.door === 'alertmanager') byBody.set(`${invoke.sha256} ${invoke.index}`, key);
  return ({ key, rawSha256, rawIndex }) => (histories.has(key) ? key : byBody.get(`${rawSha256} ${rawIndex}`));
}
