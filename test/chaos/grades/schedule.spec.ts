import type { Fault } from '../faults';
import { randomOf } from '../history/random';
import { drawFaults } from './schedule';

const fault = (kind: Fault['kind'], target: string): Fault => ({ kind, target, inflict: async () => '' });
const faults = [
  ...['intake', 'engine', 'notifier', 'gateway'].map((target) => fault('kill', target)),
  ...['intake', 'engine'].map((target) => fault('stall', target)),
  fault('flushall', 'redis'),
  fault('cut', 'postgres'),
];
const names = (drawn: readonly Fault[]): string[] => drawn.map(({ kind, target }) => `${kind} ${target}`);

it('draws the same from the same seed, and else from another', () => {
  const [a, b, c] = [7, 7, 8].map((seed) => names(drawFaults(faults, 30, randomOf(seed))));
  expect(a).toEqual(b);
  expect(a).not.toEqual(c);
});

it('meets every kind within one round, and every target of a kind before any for the second time', () => {
  const drawn = drawFaults(faults, 9, randomOf(3));
  expect(new Set(drawn.map(({ kind }) => kind))).toEqual(new Set(['kill', 'stall', 'flushall', 'cut']));
  expect(new Set(drawn.filter(({ kind }) => kind === 'kill').map(({ target }) => target)).size).toBe(4);
});

it('draws nothing from nothing', () => expect(drawFaults([], 5, randomOf(1))).toEqual([]));
