import type { Context } from './context';

/** A read of many pages, or a frame on its way, took no longer than this. */
const readingMs = 5_000;

/**
 * The API, the replicas and the tables are read one after the other, and a timer may fire between. Two of them may differ
 * in an incident by what happened after, or while, the earlier one was read: is every event after `seq` of that kind?
 * `at`: wall clock of the earlier read, in ms. The tables are read last, so that they know of every such event.
 */
export function isAfterRead(
  { logs, dumps }: Context,
  { incident, seq, at }: { incident: string; seq: number; at: number },
): boolean {
  const { now, readerNow } = dumps.sql;
  const next = logs.get(incident)?.events[seq];
  return (next === undefined ? now : next.at) - now + readerNow > at - readingMs;
}
