import { type Actor, Fault, type DomainEvent } from '@tocsin/domain';
import { commitDecisions } from '../incidents/commit-decisions.js';
import { loadAggregates } from '../incidents/load-aggregates.js';
import type { Pool, Tx } from '../pool.js';
import { appendToStream, type StreamName } from './streams.js';
import { clockNow, transaction } from '../transaction.js';

export interface Redaction {
  readonly stream: string;
  readonly seqs: readonly number[];
  readonly actor: Actor;
  /** Why, in words; it stays in the stream. */
  readonly why: string;
}

/**
 * Deletes data, reason and salt of events (a request to be forgotten, a note about the wrong person). Their place, time,
 * kind and actor stay, the chain still verifies by their body hash, and without the salt nobody can guess a short text
 * back from it. The stream says who did it and why. Only the owner of the tables may: the services' role cannot change
 * an event. Answers how many events there were; those that are redacted already stay so.
 */
export async function redactEvents(pool: Pool, redaction: Redaction): Promise<number> {
  return transaction(pool, async (tx) => {
    const append = await streamOf(tx, redaction.stream);
    const { rowCount } = await tx.query(
      'UPDATE event SET data = NULL, reason = NULL, salt = NULL WHERE stream = $1 AND seq = ANY($2::bigint[]) AND salt IS NOT NULL',
      [redaction.stream, redaction.seqs],
    );
    if (rowCount !== null && rowCount > 0) await append(trace(redaction));
    return rowCount ?? 0;
  });
}

/** Locks the stream, whatever it belongs to, and answers how to add to it. */
async function streamOf(tx: Tx, stream: string): Promise<(event: DomainEvent) => Promise<unknown>> {
  const { rows } = await tx.query<StreamName>(
    'SELECT kind, name, agency_id AS agency FROM stream_head WHERE stream = $1',
    [stream],
  );
  const [name] = rows;
  if (name !== undefined) return async (event) => appendToStream(tx, await clockNow(tx), name, [event]);
  const loaded = (await loadAggregates(tx, [stream])).get(stream);
  if (loaded === undefined) throw new Fault('store-refused', { message: `there is no stream ${stream}` });
  return async (event) => commitDecisions(tx, await clockNow(tx), [{ loaded, decisions: [], events: [event] }]);
}

function trace({ seqs, actor, why }: Redaction): DomainEvent {
  const which = [...seqs].sort((a, b) => a - b).join(', ');
  return {
    type: 'note.added',
    data: { text: `Redacted: event ${which}. ${why}` },
    reason: {
      code: 'redacted',
      params: { seqs: which },
      text: `What event ${which} said was deleted; its place in the chain still verifies.`,
    },
    actor,
  };
}
