import type { ConfigDocument, Grant, SiteConfig, SourceConfig, TeamConfig, Text3 } from '@tocsin/domain';
import type { Queryable, Tx } from '../pool.js';

/** Who keeps a row: the folder of YAML, or people through the console. An apply of a folder touches only its own. */
export type ManagedBy = 'files' | 'people';

/** "tocs" in ASCII and 1: whoever changes the configuration holds this lock until COMMIT. */
const CONFIG_LOCK = '31926884049';

/** Waits for a concurrent apply; from here on what is read stays true until COMMIT. */
export async function lockConfig(tx: Tx): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1::bigint)', [CONFIG_LOCK]);
}

export interface AppliedVersion {
  readonly version: string;
  readonly document: ConfigDocument;
  readonly hash: Buffer;
  readonly folderHash: Buffer | null;
}

/** The version in force, or null before the first apply. */
export async function effectiveVersion(q: Queryable): Promise<AppliedVersion | null> {
  const { rows } = await q.query<AppliedVersion>(
    `SELECT id AS version, document, hash, folder_hash AS "folderHash" FROM config_version
     WHERE state = 'effective' ORDER BY id DESC LIMIT 1`,
  );
  return rows[0] ?? null;
}

/** The folder that `by` applied last, whatever others have applied since. */
export async function folderLastAppliedBy(q: Queryable, by: string): Promise<Buffer | null> {
  const { rows } = await q.query<{ folderHash: Buffer | null }>(
    'SELECT folder_hash AS "folderHash" FROM config_version WHERE applied_by = $1 AND folder_hash IS NOT NULL ORDER BY id DESC LIMIT 1',
    [by],
  );
  return rows[0]?.folderHash ?? null;
}

export async function insertVersion(
  tx: Tx,
  row: { agency: string; documentText: string; hash: Buffer; folderHash: Buffer | null; by: string },
): Promise<string> {
  const { rows } = await tx.query<{ id: string }>(
    `INSERT INTO config_version (agency_id, document, hash, folder_hash, state, applied_by)
     VALUES ($1, $2, $3, $4, 'effective', $5) RETURNING id`,
    [row.agency, row.documentText, row.hash, row.folderHash, row.by],
  );
  return (rows[0] as { id: string }).id;
}

export interface KeptPerson {
  readonly id: string;
  readonly slug: string;
  readonly managedBy: ManagedBy;
  readonly active: boolean;
  readonly username: string | null;
  readonly hasPassword: boolean;
}
/** Everybody who ever was in the configuration: a person who comes back is the same person. */
export async function keptPeople(q: Queryable, agency: string): Promise<readonly KeptPerson[]> {
  const { rows } = await q.query<KeptPerson>(
    `SELECT id, slug, managed_by AS "managedBy", active, username, password_hash IS NOT NULL AS "hasPassword"
     FROM person WHERE agency_id = $1`,
    [agency],
  );
  return rows;
}

export interface KeptByPeople {
  readonly kind: 'Site' | 'Team' | 'Person' | 'Source';
  readonly id: string;
}
/** What people keep through the console: ids that a folder may not claim, and entries that an apply carries over. */
export async function keptByPeople(q: Queryable, agency: string): Promise<readonly KeptByPeople[]> {
  const { rows } = await q.query<KeptByPeople>(
    `SELECT 'Site' AS kind, id FROM site WHERE agency_id = $1 AND managed_by = 'people' AND active
     UNION ALL SELECT 'Team', id FROM team WHERE agency_id = $1 AND managed_by = 'people' AND active
     UNION ALL SELECT 'Person', slug FROM person WHERE agency_id = $1 AND managed_by = 'people' AND active
     UNION ALL SELECT 'Source', id FROM source WHERE agency_id = $1 AND managed_by = 'people' AND active`,
    [agency],
  );
  return rows;
}

export async function writeAgency(tx: Tx, agency: { id: string; name: Text3; timeZone: string }): Promise<void> {
  await tx.query(
    `INSERT INTO agency (id, name, time_zone) VALUES ($1, $2, $3)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, time_zone = excluded.time_zone`,
    [agency.id, JSON.stringify(agency.name), agency.timeZone],
  );
}

/**
 * Makes the tables of sites, teams, people and sources equal to what the files say. Law: rows of `managed_by = 'people'`
 * are neither changed nor retired; a row that left the files stays, inactive, because history points at it.
 */
export async function writeProjections(tx: Tx, agency: string, files: FilesProjection): Promise<void> {
  await writeSites(tx, agency, files.sites);
  await writePeople(tx, agency, files.people);
  await writeTeams(tx, agency, files.teams);
  await writeSources(tx, agency, files.sources);
}
export interface FilesProjection {
  readonly sites: readonly SiteConfig[];
  readonly people: readonly PersonRow[];
  /** Members as person ids. */
  readonly teams: readonly (Pick<TeamConfig, 'id' | 'name'> & { readonly members: readonly string[] })[];
  readonly sources: readonly SourceConfig[];
}
export interface PersonRow {
  readonly id: string;
  readonly slug: string;
  readonly name: Text3;
  readonly language: string;
  readonly username?: string;
  readonly grants: readonly Grant[];
}

async function writeSites(tx: Tx, agency: string, sites: readonly SiteConfig[]): Promise<void> {
  await tx.query(
    `INSERT INTO site (agency_id, id, code, name, groups, zones, location, managed_by)
     SELECT $1, id, code, name, array(SELECT jsonb_array_elements_text(groups)), zones, location, 'files'
     FROM jsonb_to_recordset($2::jsonb) AS given (id text, code text, name jsonb, groups jsonb, zones jsonb, location jsonb)
     ON CONFLICT (agency_id, id) DO UPDATE SET code = excluded.code, name = excluded.name, groups = excluded.groups,
       zones = excluded.zones, location = excluded.location, active = true WHERE site.managed_by = 'files'`,
    [agency, JSON.stringify(sites)],
  );
  await tx.query(retire('site', 'id'), [agency, sites.map(({ id }) => id)]);
}

/** `rights_changed_at` moves exactly when grants or `active` do: gateways then look again at the person's sockets. */
async function writePeople(tx: Tx, agency: string, people: readonly PersonRow[]): Promise<void> {
  await tx.query(
    `UPDATE person SET active = false, username = NULL, rights_changed_at = clock_timestamp()
     WHERE agency_id = $1 AND managed_by = 'files' AND active AND NOT (slug = ANY($2::text[]))`,
    [agency, people.map(({ slug }) => slug)],
  );
  // Two people may swap usernames in one apply: the unique index must not see the moment in between.
  await tx.query(
    `UPDATE person SET username = NULL FROM jsonb_to_recordset($2::jsonb) AS given (slug text, username text)
     WHERE agency_id = $1 AND managed_by = 'files' AND person.slug = given.slug AND person.username IS DISTINCT FROM given.username`,
    [agency, JSON.stringify(people)],
  );
  await tx.query(
    `INSERT INTO person (id, agency_id, slug, name, language, username, grants, managed_by)
     SELECT id, $1, slug, name, language, username, grants, 'files'
     FROM jsonb_to_recordset($2::jsonb) AS given (id uuid, slug text, name jsonb, language text, username text, grants jsonb)
     ON CONFLICT (agency_id, slug) DO UPDATE SET name = excluded.name, language = excluded.language, username = excluded.username,
       grants = excluded.grants, active = true,
       rights_changed_at = CASE WHEN person.grants = excluded.grants AND person.active
         THEN person.rights_changed_at ELSE clock_timestamp() END
     WHERE person.managed_by = 'files'`,
    [agency, JSON.stringify(people)],
  );
  await endTheirSessions(tx, agency);
}

/** Who left, or may no longer sign in: his tokens are void from now on, also should he come back within their time. */
async function endTheirSessions(tx: Tx, agency: string): Promise<void> {
  await tx.query(
    `WITH gone AS (SELECT id, active FROM person WHERE agency_id = $1 AND managed_by = 'files' AND (NOT active OR username IS NULL)),
       ended AS (UPDATE session SET ended_at = clock_timestamp(), ended_by = 'person-inactive' FROM gone
         WHERE session.person_id = gone.id AND ended_at IS NULL)
     UPDATE push_subscription SET dead_at = clock_timestamp(), dead_code = 'person-inactive' FROM gone
     WHERE person_id = gone.id AND NOT gone.active AND dead_at IS NULL`,
    [agency],
  );
}

async function writeTeams(tx: Tx, agency: string, teams: FilesProjection['teams']): Promise<void> {
  await tx.query(
    `INSERT INTO team (agency_id, id, name, members, managed_by)
     SELECT $1, id, name, array(SELECT jsonb_array_elements_text(members)::uuid), 'files'
     FROM jsonb_to_recordset($2::jsonb) AS given (id text, name jsonb, members jsonb)
     ON CONFLICT (agency_id, id) DO UPDATE SET name = excluded.name, members = excluded.members, active = true
     WHERE team.managed_by = 'files'`,
    [agency, JSON.stringify(teams)],
  );
  await tx.query(retire('team', 'id'), [agency, teams.map(({ id }) => id)]);
}

/** Tokens stay: a source that comes back is let in with the one it had. */
async function writeSources(tx: Tx, agency: string, sources: readonly SourceConfig[]): Promise<void> {
  await tx.query(
    `INSERT INTO source (agency_id, id, name, protocol, scope, budget, defaults, managed_by)
     SELECT $1, id, name, protocol, scope, budget, defaults, 'files'
     FROM jsonb_to_recordset($2::jsonb) AS given (id text, name jsonb, protocol text, scope jsonb, budget jsonb, defaults jsonb)
     ON CONFLICT (agency_id, id) DO UPDATE SET name = excluded.name, protocol = excluded.protocol, scope = excluded.scope,
       budget = excluded.budget, defaults = excluded.defaults, active = true WHERE source.managed_by = 'files'`,
    [agency, JSON.stringify(sources)],
  );
  await tx.query(retire('source', 'id'), [agency, sources.map(({ id }) => id)]);
}

const retire = (table: 'site' | 'team' | 'source', key: 'id'): string =>
  `UPDATE ${table} SET active = false WHERE agency_id = $1 AND managed_by = 'files' AND active AND NOT (${key} = ANY($2::text[]))`;
