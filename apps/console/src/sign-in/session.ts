import { create } from 'zustand';
import { call, get, post, Refused, whenSignedOut } from '../api/http.js';
import { speakFirst } from '../i18n/i18n.js';
import { loadDirectory } from '../people/directory.js';
import { clock } from '../live/clock.js';
import { link } from '../live/link.js';
import { resetLive } from '../live/store.js';
import { pushState } from '../phone/push.js';
import type { User } from '../wire.js';

interface Session {
  /** unknown: not asked yet. */
  readonly status: 'unknown' | 'out' | 'in';
  readonly user: User | null;
  /** Why the sign-in page shows again. */
  readonly ended: 'revoked' | 'expired' | null;
}
export const useSession = create<Session>(() => ({ status: 'unknown', user: null, ended: null }));

function enter(user: User): void {
  useSession.setState({ status: 'in', user, ended: null });
  speakFirst(user.language);
  void loadDirectory();
  // Pages to this device are his who signs in on it, and ended with the session before.
  void pushState();
  link.start();
}

function leave(ended: Session['ended']): void {
  link.stop();
  resetLive();
  clock.forget();
  useSession.setState({ status: 'out', user: null, ended });
}

/** Who the cookie belongs to, on load. */
export async function resume(): Promise<void> {
  try {
    const { user } = await get<{ user: User }>('/v1/session');
    enter(user);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    useSession.setState({ status: 'out' });
  }
}

/** null when signed in, else the refusal. */
export async function signIn(username: string, password: string): Promise<Refused | null> {
  try {
    const { user } = await post<{ user: User }>('/v1/session', { username, password });
    enter(user);
    return null;
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

export async function signOut(): Promise<void> {
  await call('DELETE', '/v1/session').catch((error: unknown) => {
    if (!(error instanceof Refused)) throw error;
  });
  leave(null);
}

whenSignedOut(() => {
  if (useSession.getState().status === 'in') leave('expired');
});
export const revoked = (): void => leave('revoked');
