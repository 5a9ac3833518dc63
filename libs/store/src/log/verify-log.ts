import { type Checkpoint, type CheckpointHead, checkpointHash } from './checkpoint.js';
import { type Anchor, type Bad, bad, LogVerifier } from './log-verifier.js';
import type { Pool, Tx } from '../pool.js';
import { readAnchors, readCheckpoints, readEvents } from './read-log.js';
import { transaction } from '../transaction.js';

export type Verdict =
  | {
      readonly ok: true;
      readonly streams: number;
      readonly events: number;
      /** Events whose data, reason and salt were deleted; their place in the chain verifies. */
      readonly redacted: number;
      readonly checkpoints: number;
      /** Head of the checkpoint chain, to be compared with what was kept outside; null = there is none yet. */
      readonly head: CheckpointHead | null;
    }
  | { readonly ok: false; readonly firstBad: Bad };

export interface VerifyOptions {
  /** A head of the checkpoint chain that was kept outside the database. */
  readonly keptHead?: CheckpointHead;
}

/**
 * Re-computes the whole event log in one REPEATABLE READ snapshot: every chain, every head row, every checkpoint.
 * Finds what was changed, deleted, inserted or cut off, and names the first bad place. Law: without tampering it is ok
 * whatever writers do meanwhile.
 */
export async function verifyLog(pool: Pool, options: VerifyOptions = {}): Promise<Verdict> {
  return transaction(pool, (tx) => verifyIn(tx, options), {
    isolation: 'REPEATABLE READ',
    readOnly: true,
    attempts: 1,
  });
}

async function verifyIn(tx: Tx, options: VerifyOptions): Promise<Verdict> {
  // The first FETCH may have to sort the whole log.
  await tx.query('SET LOCAL statement_timeout = 0');
  const chain = new CheckpointVerifier(options.keptHead);
  for await (const checkpoint of readCheckpoints(tx)) {
    const broken = chain.checkpoint(checkpoint);
    if (broken !== null) return { ok: false, firstBad: broken };
  }
  const verifier = new LogVerifier();
  const firstBad = chain.end() ?? (await verifyStreams(tx, verifier));
  if (firstBad !== null) return { ok: false, firstBad };
  return {
    ok: true,
    streams: verifier.streams,
    events: verifier.events,
    redacted: verifier.redacted,
    checkpoints: chain.count,
    head: chain.head,
  };
}

/** Sorts behind every UUID. */
const AFTER_ALL = 'g';

/** Anchors and events come in the same order of streams and are merged, so that only one stream is held at a time. */
async function verifyStreams(tx: Tx, verifier: LogVerifier): Promise<Bad | null> {
  const anchors = readAnchors(tx);
  let anchor: Anchor | undefined = (await anchors.next()).value;
  let current: string | undefined;
  const tellAnchorsUpTo = async (stream: string): Promise<Bad | null> => {
    while (anchor !== undefined && anchor.stream <= stream) {
      const { stream: of } = anchor;
      for (; anchor !== undefined && anchor.stream === of; anchor = (await anchors.next()).value)
        verifier.anchor(anchor);
      // A stream that only anchors know: it never had an event, or has lost all of them.
      const lost = of === stream ? null : verifier.end(of, true);
      if (lost !== null) return lost;
    }
    return null;
  };
  for await (const event of readEvents(tx)) {
    if (event.stream !== current) {
      const broken =
        (current === undefined ? null : verifier.end(current, true)) ?? (await tellAnchorsUpTo(event.stream));
      if (broken !== null) return broken;
      current = event.stream;
    }
    const broken = verifier.event(event);
    if (broken !== null) return broken;
  }
  return (current === undefined ? null : verifier.end(current, true)) ?? (await tellAnchorsUpTo(AFTER_ALL));
}

/** The checkpoint chain by itself: ordinals without gaps, hashes that cover the ones before. */
export class CheckpointVerifier {
  count = 0;
  head: CheckpointHead | null = null;

  constructor(private readonly keptHead?: CheckpointHead) {}

  checkpoint(checkpoint: Checkpoint): Bad | null {
    const ordinal = this.count + 1;
    if (checkpoint.ordinal !== ordinal) return bad('checkpoint', ordinal, 'checkpoint-missing');
    if (checkpointHash(this.head?.hash ?? null, checkpoint) !== checkpoint.hash)
      return bad('checkpoint', ordinal, 'checkpoint-broken');
    this.count = ordinal;
    this.head = { ordinal, hash: checkpoint.hash };
    const isOther = this.keptHead?.ordinal === ordinal && this.keptHead.hash !== checkpoint.hash;
    return isOther ? bad('checkpoint', ordinal, 'checkpoint-broken') : null;
  }

  end(): Bad | null {
    return this.keptHead !== undefined && this.keptHead.ordinal > this.count
      ? bad('checkpoint', this.count + 1, 'checkpoint-missing')
      : null;
  }
}
