import type { Queryable, Tx } from '../pool.js';

/** Passwords and tokens are stored as hashes only; whoever makes them shows them once. */

export async function writePasswordHashes(
  tx: Tx,
  people: readonly { id: string; passwordHash: string }[],
): Promise<void> {
  await tx.query(
    `UPDATE person SET password_hash = given.hash FROM unnest($1::uuid[], $2::text[]) AS given (id, hash) WHERE person.id = given.id`,
    [people.map(({ id }) => id), people.map(({ passwordHash }) => passwordHash)],
  );
}

export async function writeTokenHashes(
  tx: Tx,
  agency: string,
  sources: readonly { id: string; tokenHash: Buffer }[],
): Promise<void> {
  await tx.query(
    `UPDATE source SET token_hash = given.hash FROM unnest($2::text[], $3::bytea[]) AS given (id, hash)
     WHERE source.agency_id = $1 AND source.id = given.id`,
    [agency, sources.map(({ id }) => id), sources.map(({ tokenHash }) => tokenHash)],
  );
}

export interface ListedUser {
  readonly id: string;
  readonly agency: string;
  readonly username: string;
  readonly name: { readonly en: string };
  readonly language: string;
  readonly grants: readonly {
    readonly role: string;
    readonly scope: { readonly kind: string; readonly id?: string };
  }[];
  readonly hasPassword: boolean;
  readonly active: boolean;
}
/** Everybody who can, or could, sign in, by username. */
export async function listUsers(q: Queryable): Promise<readonly ListedUser[]> {
  const { rows } = await q.query<ListedUser>(
    `SELECT id, agency_id AS agency, username, name, language, grants, password_hash IS NOT NULL AS "hasPassword", active
     FROM person WHERE username IS NOT NULL ORDER BY username`,
  );
  return rows;
}

export interface ListedSource {
  readonly agency: string;
  readonly id: string;
  readonly protocol: string;
  readonly scope: readonly { readonly kind: string; readonly id?: string }[];
  readonly budget: { readonly perSecond: number };
  readonly hasToken: boolean;
  readonly active: boolean;
}
export async function listSources(q: Queryable): Promise<readonly ListedSource[]> {
  const { rows } = await q.query<ListedSource>(
    `SELECT agency_id AS agency, id, protocol, scope, budget, token_hash IS NOT NULL AS "hasToken", active FROM source ORDER BY id`,
  );
  return rows;
}

/**
 * A new password ends every session that the old one opened, and pages go to none of their phones until it is used
 * there: a phone that was lost must not go on telling where the alarms are. Returns how many.
 */
export async function endSessionsOf(tx: Tx, personId: string, by: string): Promise<number> {
  const { rowCount } = await tx.query(
    'UPDATE session SET ended_at = clock_timestamp(), ended_by = $2 WHERE person_id = $1 AND ended_at IS NULL',
    [personId, by],
  );
  await tx.query(
    'UPDATE push_subscription SET dead_at = clock_timestamp(), dead_code = $2 WHERE person_id = $1 AND dead_at IS NULL',
    [personId, by],
  );
  await tx.query('UPDATE person SET rights_changed_at = clock_timestamp() WHERE id = $1', [personId]);
  return rowCount ?? 0;
}
