/** CommandComplete, `C`, with its length and its tag. */
const answer = Buffer.from('C\0\0\0\x0bCOMMIT\0', 'latin1');
/** A type byte, then the length of the rest, its own four bytes included. */
const headerBytes = 5;

/** Takes a chunk and asks `drop` at each answer to a COMMIT. @returns null: all may pass; else how many of its bytes may. */
export type CommitWatch = (chunk: Buffer, drop: () => boolean) => number | null;

/**
 * Follows the messages of one connection from a PostgreSQL server to its client, as much of the protocol as is needed
 * to find the answer to a COMMIT, which the server sends after the transaction is durable. Statements may be pipelined:
 * one chunk may hold many answers, and one answer may come in many chunks. (Without TLS, whose first answer has no frame.)
 */
export function watchCommits(): CommitWatch {
  /** A message's first bytes, where they came alone; of an answer to COMMIT all but the last, of others less than a header. */
  let begun = Buffer.alloc(0);
  /** Bytes of the present message that are still to come and say nothing. */
  let skip = 0;

  return (chunk, drop) => {
    // Bytes that have passed already stand before it, so that a message is always read from its beginning.
    const bytes = begun.length === 0 ? chunk : Buffer.concat([begun, chunk]);
    const passed = begun.length;
    begun = Buffer.alloc(0);
    let at = 0;
    for (;;) {
      const skipped = Math.min(skip, bytes.length - at);
      skip -= skipped;
      at += skipped;
      const left = bytes.length - at;
      if (skip > 0 || left === 0) return null;
      if (left < headerBytes || (left < answer.length && bytes.subarray(at).equals(answer.subarray(0, left)))) {
        begun = Buffer.from(bytes.subarray(at));
        return null;
      }
      skip = 1 + bytes.readUInt32BE(at + 1);
      const isCommit = bytes[at] === answer[0] && bytes.subarray(at, at + answer.length).equals(answer);
      if (isCommit && drop()) return Math.max(0, at - passed);
    }
  };
}
