import type { DomainEvent } from '@tocsin/domain';
import {
  appendToStream,
  clockNow,
  endSessionsOf,
  listSources,
  listUsers,
  type Pool,
  transaction,
  writePasswordHashes,
  writeTokenHashes,
} from '@tocsin/store';
import { hashPassword, hashToken, newPassword, newToken } from './first-run.js';

export type Renewed<T> =
  | ({ readonly ok: true } & T)
  | { readonly ok: false; readonly refusal: 'unknown-user' | 'unknown-source' };

/**
 * Gives a user another password and ends the sessions that the old one opened. Without `password` a random one is
 * made; either way it is returned once and stored only hashed. `by`: who did it, for the log.
 */
export async function renewPassword(
  pool: Pool,
  { username, by, password = newPassword() }: { username: string; by: string; password?: string },
): Promise<Renewed<{ password: string; sessionsEnded: number }>> {
  const passwordHash = await hashPassword(password);
  return transaction(pool, async (tx) => {
    const user = (await listUsers(tx)).find((one) => one.username === username.toLowerCase());
    if (user === undefined) return { ok: false, refusal: 'unknown-user' };
    const now = await clockNow(tx);
    await writePasswordHashes(tx, [{ id: user.id, passwordHash }]);
    const sessionsEnded = await endSessionsOf(tx, user.id, 'password-renewed');
    const event: DomainEvent = {
      type: 'session.ended',
      actor: { kind: 'system', id: 'cli' },
      data: { person: user.id, sessions: sessionsEnded },
      reason: { code: 'password-renewed', params: { by }, text: `A new password was given by ${by}.` },
    };
    await appendToStream(tx, now, { kind: 'session', name: user.id, agency: user.agency }, [event]);
    return { ok: true, password, sessionsEnded };
  });
}

/** Gives a source another token; the old one is refused from now on (every copy of intake knows within 2 s). */
export async function renewToken(
  pool: Pool,
  { id, by }: { id: string; by: string },
): Promise<Renewed<{ token: string; protocol: string }>> {
  const token = newToken();
  return transaction(pool, async (tx) => {
    const source = (await listSources(tx)).find((one) => one.id === id);
    if (source === undefined) return { ok: false, refusal: 'unknown-source' };
    const now = await clockNow(tx);
    await writeTokenHashes(tx, source.agency, [{ id, tokenHash: hashToken(token) }]);
    const event: DomainEvent = {
      type: 'config.applied',
      actor: { kind: 'system', id: 'cli' },
      data: { source: id },
      reason: { code: 'token-renewed', params: { source: id, by }, text: `${id} was given a new token by ${by}.` },
    };
    await appendToStream(tx, now, { kind: 'config', name: source.agency, agency: source.agency }, [event]);
    return { ok: true, token, protocol: source.protocol };
  });
}
