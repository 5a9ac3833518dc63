import type { EventRow } from '../dumps/shapes';
import { instantOf } from './clock';
import type { Context } from './context';
import { type Check, Findings } from './finding';
import { bodyHashOf, eventHashOf } from './hash-chain';
import { moveFaults } from './legal-moves';
import { rowFaults } from './rows-and-log';
import { roundingMs } from './step-times';

/**
 * I12 log: per stream seq = 1..n without a hole; the hash chain recomputed here equals the stored one, its end the head of
 * the incident or stream, and each checkpoint's heads stand in it; each event is a legal move; commit times do not fall,
 * and positions rise with seq; rows stand where their log ends.
 */
export const log: Check = (context) => {
  const findings = new Findings('I12');
  for (const [stream, events] of context.streams) {
    for (const _ of events) findings.look();
    const fault = streamFault(events) ?? headFault(context, stream, events.at(-1));
    if (fault !== undefined) findings.violate(stream, fault);
  }
  for (const { id, headSeq } of context.incidents.values())
    if (!context.streams.has(id)) findings.violate(id, `has its head at ${headSeq}, and no events`);
  for (const { stream, seq } of context.dumps.sql.streamHeads)
    if (!context.streams.has(stream) && seq !== '0') findings.violate(stream, `has its head at ${seq}, and no events`);
  for (const { key, what } of [...checkpointFaults(context), ...rowFaults(context)]) findings.violate(key, what);
  for (const incident of context.incidents.values())
    for (const what of moveFaults(incident, context.streams.get(incident.id) ?? []))
      findings.violate(incident.id, what);
  return findings;
};

/** The first thing that is wrong with a stream: what follows it follows from it. */
function streamFault(events: readonly EventRow[]): string | undefined {
  let before: EventRow | null = null;
  for (const [index, event] of events.entries()) {
    const where = `event ${event.seq} (${event.type})`;
    if (event.seq !== String(index + 1)) return `${where} stands where ${index + 1} should`;
    if (event.data !== null && event.bodyHash !== bodyHashOf(event)) return `${where} has another body than was hashed`;
    if (event.hash !== eventHashOf(event, before?.hash ?? null)) return `${where} breaks the hash chain`;
    if (Math.abs(instantOf(event.atText) - event.at) > roundingMs) return `${where} was hashed with another time`;
    if (before !== null && event.at < before.at) return `${where} is older than the one before it`;
    if (before !== null && !(Number(event.position) > Number(before.position)))
      return `${where} has a position before that of the one before it`;
    before = event;
  }
  return undefined;
}

function headFault({ incidents, dumps }: Context, stream: string, last: EventRow | undefined): string | undefined {
  const incident = incidents.get(stream);
  const other = incident === undefined ? dumps.sql.streamHeads.find((head) => head.stream === stream) : undefined;
  const head = incident ? { seq: incident.headSeq, hash: incident.headHash } : other;
  if (head === undefined) return `has ${last?.seq} events, and no head`;
  if (head.seq !== last?.seq) return `ends with event ${last?.seq}, its head says ${head.seq}`;
  return head.hash === last.hash ? undefined : `ends with the hash ${last.hash}, its head says ${head.hash}`;
}

function* checkpointFaults({ dumps, streams }: Context): Generator<{ key: string; what: string }> {
  for (const { ordinal, heads } of dumps.sql.checkpoints)
    for (const [stream, seq, hash] of heads as [string, number | string, string][]) {
      const event = streams.get(stream)?.[Number(seq) - 1];
      if (event?.hash !== hash)
        yield { key: stream, what: `checkpoint ${ordinal} says ${hash} at ${seq}, the log says ${event?.hash}` };
    }
}
