import { type DomainEvent, type Instant, SECOND } from '@tocsin/domain';
import {
  appendToStream,
  clockNow,
  endSession as endSessionRow,
  endSubscriptionsOf,
  findSession,
  insertSession,
  insertTicket,
  type Queryable,
  type SessionRow,
  slideSessions,
  takeTicket,
  transaction,
  type Tx,
  type UserRow,
} from '@tocsin/store';
import { v7 } from 'uuid';
import type { Context } from '../context.js';
import { hashToken, newToken } from '../configuration/first-run.js';

/** A shift of 12 h may pass between two uses; after 16 h everybody signs in anew. */
export const sessionIdleS = 12 * 3_600;
export const sessionAtMostS = 16 * 3_600;
/** From the answer to the handshake; one use. */
const ticketLifeS = 30;

export interface OpenedSession {
  readonly token: string;
  readonly sessionId: string;
  readonly expiresAt: Instant;
}

/**
 * Opens a session for a user whose password was right. Of the token (256 random bits) only the SHA-256 is kept: a copy of
 * the database opens no session. The event goes to the person's session stream.
 */
export async function openSession(context: Context, user: UserRow, from: { address: string }): Promise<OpenedSession> {
  const token = newToken();
  const sessionId = v7();
  const expiresAt = await transaction(context.pool, async (tx) => {
    const now = await clockNow(tx);
    const until = now + Math.min(sessionIdleS, sessionAtMostS) * SECOND;
    await insertSession(tx, { id: sessionId, tokenHash: hashToken(token), personId: user.id, now, expiresAt: until });
    const reason = { code: 'signed-in', params: {}, text: 'Signed in with the right password.' };
    await recordSession(tx, now, user, {
      type: 'session.opened',
      data: { sessionId, person: user.id, address: from.address },
      reason,
    });
    return until;
  });
  context.tick();
  return { token, sessionId, expiresAt };
}

/** A wrong password for a known user. Unknown names are only counted: their log would be the attacker's to fill. */
export async function recordRefusedSignIn(
  context: Context,
  user: UserRow,
  refused: { address: string; count: number },
): Promise<void> {
  await transaction(context.pool, async (tx) => {
    const reason = { code: 'wrong-password', params: { count: refused.count }, text: 'The password was wrong.' };
    const data = { person: user.id, address: refused.address, count: refused.count };
    await recordSession(tx, await clockNow(tx), user, { type: 'session.refused', data, reason });
  });
  context.tick();
}

/** Ends a session, for every socket and request within 2 s, and the pages to its phone. Ending it twice is once. */
export async function endSession(context: Context, session: SessionRow, by: 'signed-out' | 'revoked'): Promise<void> {
  await transaction(context.pool, async (tx) => {
    const now = await clockNow(tx);
    if (!(await endSessionRow(tx, session.sessionId, by))) return;
    await endSubscriptionsOf(tx, session.sessionId, by);
    const reason = { code: by, params: {}, text: by === 'signed-out' ? 'Signed out.' : 'The session was revoked.' };
    await recordSession(tx, now, session, {
      type: 'session.ended',
      data: { sessionId: session.sessionId, person: session.id },
      reason,
    });
  });
  context.tick();
}

/** The live session of a token, slid when its last use was over a minute ago; null when there is none. */
export async function sessionOfToken(q: Queryable, token: string): Promise<SessionRow | null> {
  if (token.length < 20 || token.length > 200) return null;
  const session = await findSession(q, hashToken(token));
  if (session?.isStale === true) await slideSessions(q, [session.sessionId], sessionIdleS, sessionAtMostS);
  return session;
}

/** A one-use ticket for the socket's handshake, good for 30 s. */
export async function issueTicket(q: Queryable, session: SessionRow): Promise<string> {
  const token = newToken();
  await insertTicket(q, hashToken(token), session.sessionId, ticketLifeS);
  return token;
}

/** A session token or a socket ticket -> its live session. */
export async function sessionOfHandshake(q: Queryable, token: string): Promise<SessionRow | null> {
  if (token.length < 20 || token.length > 200) return null;
  return (await findSession(q, hashToken(token))) ?? (await takeTicket(q, hashToken(token)));
}

async function recordSession(
  tx: Tx,
  now: Instant,
  user: Pick<UserRow, 'id' | 'agency'>,
  event: Omit<DomainEvent, 'actor'>,
): Promise<void> {
  const stream = { kind: 'session' as const, agency: user.agency, name: user.id };
  await appendToStream(tx, now, stream, [{ ...event, actor: { kind: 'person', id: user.id } }]);
}
