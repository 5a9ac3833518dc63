import { useStale } from '../live/clock.js';
import { useSession } from '../sign-in/session.js';
import { type Hand, handOf } from './verbs.js';

/** Whose hand is on the desk, and whether it may act now. */
export function useHand(): Hand {
  const user = useSession((s) => s.user);
  return handOf(user, useStale() >= 0);
}
