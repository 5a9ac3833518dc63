import type { Socket } from 'node:net';
import type { Random } from '../history/random';
import { watchCommits } from './commit-answers';

export type Direction = 'to-server' | 'to-client';

export interface Cut {
  readonly direction: Direction;
  readonly byte: number;
  readonly once: boolean;
}

/** The faults in force, which every connection of a proxy looks at. */
export interface FaultsInForce {
  readonly cuts: Set<Cut>;
  readonly holes: Set<object>;
  readonly delays: Set<{ readonly ms: number }>;
  readonly commits: Set<{ readonly share: number; readonly random: Random }>;
  droppedCommits: number;
}

interface PipeOptions {
  readonly from: Socket;
  readonly to: Socket;
  readonly direction: Direction;
  readonly faults: FaultsInForce;
  /** Ends the connection, both its directions. */
  readonly cut: () => void;
}

/** Passes one direction of a connection on, as far as the faults let it. */
export function pipe({ from, to, direction, faults, cut }: PipeOptions): void {
  const passedOf = new Map<Cut, number>();
  const commits = watchCommits();
  const inTurn = queueOf(() => Math.max(0, ...[...faults.delays].map(({ ms }) => ms)));
  let isEnding = false;

  /** How many of these bytes pass before the connection is cut; null: all, and it stays. */
  const cutIn = (bytes: Buffer): number | null => {
    for (const fault of faults.cuts) {
      if (fault.direction !== direction) continue;
      const before = passedOf.get(fault) ?? 0;
      passedOf.set(fault, before + bytes.length);
      if (before + bytes.length < fault.byte) continue;
      if (fault.once) faults.cuts.delete(fault);
      return Math.max(0, fault.byte - before);
    }
    if (direction === 'to-server') return null;
    const [drop] = faults.commits;
    const kept = commits(bytes, () => drop !== undefined && drop.random() < drop.share);
    if (kept !== null) faults.droppedCommits += 1;
    return kept;
  };

  from.on('data', (bytes: Buffer) => {
    if (isEnding) return;
    const kept = cutIn(bytes);
    isEnding = kept !== null;
    inTurn(() => {
      if (kept !== null) to.end(bytes.subarray(0, kept), cut);
      else if (to.writable) to.write(bytes);
    });
  });
  from.once('close', () => inTurn(() => to.destroySoon()));
}

/** Runs what it is given in order, each `delayMs` after it came or right after the one before. */
function queueOf(delayMs: () => number): (act: () => void) => void {
  const waiting: { readonly dueAt: number; readonly act: () => void }[] = [];
  const drain = (): void => {
    for (let first = waiting[0]; first; first = waiting[0]) {
      const leftMs = first.dueAt - performance.now();
      if (leftMs > 0) return void setTimeout(drain, leftMs);
      first.act();
      waiting.shift();
    }
  };
  return (act) => {
    const ms = delayMs();
    if (ms === 0 && waiting.length === 0) return act();
    waiting.push({ dueAt: performance.now() + ms, act });
    if (waiting.length === 1) drain();
  };
}
