import { between, pick, type Random } from '../history/random';

/** What people will do with one incident, drawn when it is first seen open. Times in ms. */
export type Play =
  /** It climbs its whole ladder, and is resolved long after. */
  | { readonly kind: 'leave'; readonly resolveAfterMs: number }
  /** After a while, or at the very moment of its next step give or take 50 ms. */
  | {
      readonly kind: 'acknowledge' | 'race';
      readonly act: 'acknowledge' | 'take';
      /** race: from the due time, may be negative; acknowledge: from now. */
      readonly afterMs: number;
      /** Whoever holds it writes a note after this; null: he does not. */
      readonly noteAfterMs: number | null;
      /** null: whoever took it forgets it, and it comes back to all. */
      readonly resolveAfterMs: number | null;
    }
  | {
      readonly kind: 'dispatch';
      readonly afterMs: number;
      readonly answers: readonly ('accept' | 'decline' | null)[];
      readonly answerAfterMs: readonly number[];
      readonly resolveAfterMs: number;
    }
  /** A commander ends it for good; sometimes he wants it back. */
  | { readonly kind: 'close'; readonly afterMs: number; readonly isReopened: boolean };

const raceMs = 50;
/** More than any team has members. */
const members = 6;

/** `races`: the share of plays that race a step. */
export function drawPlay(random: Random, races: number): Play {
  if (random() < races) return holding(random, 'race', between(random, -raceMs, raceMs));
  const drawn = random();
  if (drawn < 0.3) return { kind: 'leave', resolveAfterMs: between(random, 20_000, 60_000) };
  if (drawn < 0.65) return holding(random, 'acknowledge', between(random, 200, 14_000));
  if (drawn < 0.9) return dispatching(random);
  return { kind: 'close', afterMs: between(random, 500, 12_000), isReopened: random() < 0.3 };
}

function holding(random: Random, kind: 'acknowledge' | 'race', afterMs: number): Play {
  const act = random() < 0.7 ? 'acknowledge' : 'take';
  const resolveAfterMs = random() < 0.75 ? between(random, 1_000, 9_000) : null;
  const noteAfterMs = random() < 0.3 ? between(random, 500, 5_000) : null;
  return { kind, act, afterMs, noteAfterMs, resolveAfterMs };
}

function dispatching(random: Random): Play {
  return {
    kind: 'dispatch',
    afterMs: between(random, 200, 9_000),
    answers: Array.from({ length: members }, () => pick(random, ['accept', 'accept', 'decline', null] as const)),
    answerAfterMs: Array.from({ length: members }, () => between(random, 300, 7_000)),
    resolveAfterMs: between(random, 4_000, 20_000),
  };
}
