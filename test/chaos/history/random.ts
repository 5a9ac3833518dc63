/** Numbers in [0, 1) that the seed alone decides (mulberry32): the same seed, the same schedule. */
export type Random = () => number;

export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A stream of its own for a named part, so that one part drawing more numbers changes no other. */
export function randomFor(seed: number, name: string): Random {
  let hash = seed >>> 0;
  for (const char of name) hash = (Math.imul(hash ^ char.charCodeAt(0), 16_777_619) + 0x9e3779b9) >>> 0;
  return randomOf(hash);
}

export function pick<T>(random: Random, from: readonly T[]): T {
  const one = from[Math.floor(random() * from.length)];
  if (one === undefined) throw new RangeError('nothing to pick from');
  return one;
}

export const between = (random: Random, least: number, most: number): number => least + random() * (most - least);

export function shuffled<T>(random: Random, from: readonly T[]): T[] {
  const all = [...from];
  for (let last = all.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [all[last], all[other]] = [all[other] as T, all[last] as T];
  }
  return all;
}
