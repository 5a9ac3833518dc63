import type { Fault } from '../faults';
import { type Random, shuffled } from '../history/random';
import type { FaultKind } from '../history/records';

/** Drawn more often than the others: what happens most. */
const weights: Partial<Record<FaultKind, number>> = { kill: 4, 'crash-point': 3, flushall: 2, stall: 2 };

/**
 * `count` faults: every kind in turn, in an order and with targets that the seed decides, so that a short run meets as
 * many kinds as it can and a long one all targets of each.
 */
export function drawFaults(faults: readonly Fault[], count: number, random: Random): Fault[] {
  const kinds = [...new Set(faults.map(({ kind }) => kind))];
  if (kinds.length === 0) return [];
  const decks = new Map<FaultKind, Fault[]>();
  const draw = (kind: FaultKind): Fault => {
    const left = decks.get(kind) ?? [];
    const deck = left.length > 0 ? left : shuffled(random, ofKind(faults, kind));
    decks.set(kind, deck);
    return deck.pop() as Fault;
  };
  const drawn: Fault[] = [];
  while (drawn.length < count) {
    const round = kinds.flatMap((kind) => Array.from({ length: weights[kind] ?? 1 }, () => kind));
    drawn.push(...shuffled(random, round).map(draw));
  }
  return drawn.slice(0, count);
}

const ofKind = (faults: readonly Fault[], kind: FaultKind): Fault[] => faults.filter((fault) => fault.kind === kind);
