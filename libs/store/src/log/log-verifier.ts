import { canonicalJson } from './canonical-json.js';
import { bodyHashOf, chainHash, type Envelope } from './hash-event.js';

/** An event as it was found; hashes and salt in hex. data, reason and salt are null together after a redaction. */
export interface FoundEvent extends Envelope {
  readonly data: unknown;
  readonly reason: unknown;
  readonly salt: string | null;
  readonly bodyHash: string;
  readonly hash: string;
}

/** What something outside the chain says of a stream: its head row, or a checkpoint. */
export interface Anchor {
  readonly stream: string;
  readonly seq: number;
  /** null: the head of a stream without events. */
  readonly hash: string | null;
  readonly by: 'head' | 'checkpoint';
}

export interface Bad {
  /** `checkpoint` when the checkpoint chain itself is broken; seq is then its ordinal. */
  readonly stream: string;
  /** The first place that is not as it was written. A deleted event's place is bad, not that of the one after it. */
  readonly seq: number;
  readonly code: BadCode;
  readonly why: string;
}
type BadCode = keyof typeof explanations;

const explanations = {
  missing: 'there is no event in this place, and the stream goes on behind it',
  truncated: 'there is no event in this place, and the stream is known to have been longer',
  'body-changed': 'data or reason are not what was hashed',
  'half-redacted': 'of data, reason and salt only some are there',
  'chain-broken': 'the event, or the one before it, is not what was hashed',
  'not-the-anchored': 'the event is not the one that a checkpoint or the head row names',
  inserted: 'the event lies behind the end of its stream',
  'no-head': 'the stream belongs to nothing: its incident or head row is gone',
  'checkpoint-broken': 'the checkpoint is not what was hashed',
  'checkpoint-missing': 'the checkpoint is gone',
  'not-json': 'the line is no event, head or checkpoint of an export',
} as const;

export function bad(stream: string, seq: number, code: BadCode): Bad {
  return { stream, seq, code, why: explanations[code] };
}

interface StreamState {
  seq: number;
  hash: string | null;
  head: Anchor | null;
  /** Rising by seq; those passed are removed. */
  anchors: Anchor[];
}

/**
 * Re-computes the chains. Pure, and told one thing after the other: all anchors of a stream before its events, its
 * events in order. Each call answers the first bad place or null; after one the verdict stands.
 */
export class LogVerifier {
  streams = 0;
  events = 0;
  redacted = 0;
  private readonly states = new Map<string, StreamState>();

  anchor(anchor: Anchor): void {
    const state = this.state(anchor.stream);
    if (anchor.by === 'head') state.head = anchor;
    else state.anchors.push(anchor);
  }

  event(event: FoundEvent): Bad | null {
    const state = this.state(event.stream);
    this.events += 1;
    if (event.seq !== state.seq + 1)
      return bad(event.stream, Math.min(state.seq + 1, event.seq), event.seq > state.seq ? 'missing' : 'inserted');
    const broken =
      this.body(event) ?? (chainHash(state.hash, event, event.bodyHash) === event.hash ? null : 'chain-broken');
    if (broken !== null) return bad(event.stream, event.seq, broken);
    state.seq = event.seq;
    state.hash = event.hash;
    return this.passAnchors(event.stream, state);
  }

  /** All events of the stream have been told. `needsHead`: a stream that nothing owns is bad. */
  end(stream: string, needsHead: boolean): Bad | null {
    const state = this.state(stream);
    this.states.delete(stream);
    if (state.seq > 0) this.streams += 1;
    const known = Math.max(state.head?.seq ?? 0, ...state.anchors.map(({ seq }) => seq));
    if (known > state.seq) return bad(stream, state.seq + 1, 'truncated');
    if (state.head === null) return needsHead ? bad(stream, 1, 'no-head') : null;
    if (state.head.seq < state.seq) return bad(stream, state.head.seq + 1, 'inserted');
    return state.head.hash === state.hash ? null : bad(stream, Math.max(state.seq, 1), 'not-the-anchored');
  }

  endAll(needsHead: boolean): Bad | null {
    for (const stream of this.states.keys()) {
      const found = this.end(stream, needsHead);
      if (found !== null) return found;
    }
    return null;
  }

  private body({ data, reason, salt, bodyHash }: FoundEvent): 'half-redacted' | 'body-changed' | null {
    if (salt === null && data === null && reason === null) {
      this.redacted += 1;
      return null;
    }
    if (salt === null || data === null || reason === null) return 'half-redacted';
    return bodyHashOf(salt, canonicalJson(data), canonicalJson(reason)) === bodyHash ? null : 'body-changed';
  }

  private passAnchors(stream: string, state: StreamState): Bad | null {
    while (state.anchors[0] !== undefined && state.anchors[0].seq <= state.seq) {
      const anchor = state.anchors.shift();
      if (anchor?.seq === state.seq && anchor.hash !== state.hash) return bad(stream, state.seq, 'not-the-anchored');
    }
    return null;
  }

  private state(stream: string): StreamState {
    let state = this.states.get(stream);
    if (state === undefined) {
      state = { seq: 0, hash: null, head: null, anchors: [] };
      this.states.set(stream, state);
    }
    return state;
  }
}
