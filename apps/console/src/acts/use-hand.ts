import { useStale } from '../live/clock.js';
import { useSession } from '../sign-in/session.js';
import type { Hand } from './verbs.js';

/** Whose hand is on the desk, and whether it may act now. */
export function useHand(): Hand {
  const user = useSession((s) => s.user);
  const stale = useStale() >= 0;
  return { me: user?.id ?? '', roles: user?.roles ?? [], stale };
}
