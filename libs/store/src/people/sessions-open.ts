import type { Grant, Instant, Text3 } from '@tocsin/domain';
import { instantText } from '@tocsin/domain';
import type { Queryable } from '../pool.js';

/** A person with a password is a user. */
export interface UserRow {
  readonly id: string;
  readonly agency: string;
  readonly slug: string;
  readonly username: string;
  readonly name: Text3;
  readonly language: 'en' | 'ur' | 'zh';
  readonly grants: readonly Grant[];
}

const userColumns = `p.id, p.agency_id AS agency, p.slug, p.username, p.name, p.language, p.grants`;

/** The active user of this name, whatever its case; `null` also for a person without a password. */
export async function findUser(q: Queryable, username: string): Promise<(UserRow & { passwordHash: string }) | null> {
  const { rows } = await q.query<UserRow & { passwordHash: string }>({
    name: 'session-find-user',
    text: `SELECT ${userColumns}, p.password_hash AS "passwordHash" FROM person p
           WHERE lower(p.username) = lower($1) AND p.active AND p.password_hash IS NOT NULL`,
    values: [username],
  });
  return rows[0] ?? null;
}

export interface NewSession {
  readonly id: string;
  readonly tokenHash: Buffer;
  readonly personId: string;
  readonly now: Instant;
  readonly expiresAt: Instant;
}

export async function insertSession(q: Queryable, session: NewSession): Promise<void> {
  await q.query({
    name: 'session-insert',
    text: `INSERT INTO session (id, token_hash, person_id, opened_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $4, $5)`,
    values: [session.id, session.tokenHash, session.personId, instantText(session.now), instantText(session.expiresAt)],
  });
}

export interface SessionRow extends UserRow {
  readonly sessionId: string;
  readonly openedAt: Instant;
  readonly expiresAt: Instant;
  /** Its last use was written over a minute ago: slide it. */
  readonly isStale: boolean;
}

const sessionColumns = `s.id AS "sessionId", s.opened_at AS "openedAt", s.expires_at AS "expiresAt",
  s.seen_at < clock_timestamp() - interval '1 minute' AS "isStale", ${userColumns}`;
const isLive = `s.ended_at IS NULL AND s.expires_at > clock_timestamp() AND p.active`;

/** The live session of a token; null when there is none, it ended or ran out, or its person is no longer active. */
export async function findSession(q: Queryable, tokenHash: Buffer): Promise<SessionRow | null> {
  const { rows } = await q.query<SessionRow>({
    name: 'session-find',
    text: `SELECT ${sessionColumns} FROM session s JOIN person p ON p.id = s.person_id WHERE s.token_hash = $1 AND ${isLive}`,
    values: [tokenHash],
  });
  return rows[0] ?? null;
}

/** A use moves the end: `idleS` from now, never beyond `atMostS` after the start. Written at most once a minute. */
export async function slideSessions(
  q: Queryable,
  ids: readonly string[],
  idleS: number,
  atMostS: number,
): Promise<void> {
  await q.query({
    name: 'session-slide',
    text: `UPDATE session SET seen_at = clock_timestamp(),
             expires_at = least(clock_timestamp() + $2 * interval '1 second', opened_at + $3 * interval '1 second')
           WHERE id = ANY($1::uuid[]) AND ended_at IS NULL AND expires_at > clock_timestamp()
             AND seen_at < clock_timestamp() - interval '1 minute'`,
    values: [ids, idleS, atMostS],
  });
}

/** @returns whether it was this call that ended it. */
export async function endSession(q: Queryable, id: string, by: string): Promise<boolean> {
  const { rowCount } = await q.query({
    name: 'session-end',
    text: `UPDATE session SET ended_at = clock_timestamp(), ended_by = $2 WHERE id = $1 AND ended_at IS NULL`,
    values: [id, by],
  });
  return rowCount === 1;
}

/** What one gateway asks about all its sockets at once. A session that no longer exists is not in the answer. */
export interface SessionStanding extends UserRow {
  readonly sessionId: string;
  readonly active: boolean;
  readonly ended: boolean;
  readonly expired: boolean;
}

export async function readStandings(q: Queryable, ids: readonly string[]): Promise<SessionStanding[]> {
  const { rows } = await q.query<SessionStanding>({
    name: 'session-standings',
    text: `SELECT s.id AS "sessionId", p.active, s.ended_at IS NOT NULL AS ended, s.expires_at <= clock_timestamp() AS expired, ${userColumns}
           FROM session s JOIN person p ON p.id = s.person_id WHERE s.id = ANY($1::uuid[])`,
    values: [ids],
  });
  return rows;
}
