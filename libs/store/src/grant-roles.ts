import type { Tx } from './pool.js';

export interface Grants {
  /** The services' role can read and add events but neither change nor delete them. */
  readonly appendOnly: boolean;
  /** Why not, in words for the start's output. */
  readonly appendOnlyMissing: string | null;
}

const APP_ROLE = 'tocsin_app';

/** Tables whose rows are never changed by a service. */
const appendOnly = ['event', 'checkpoint', 'config_version'];

/**
 * Gives `tocsin_app` what services need: everything on operational tables, INSERT and SELECT alone on the event log,
 * and nothing on the schema. The role is made (without login) when it does not exist and the caller may make it.
 * Where it can neither be found nor made, everything works under the owner's role and the result says so.
 */
export async function grantRoles(tx: Tx): Promise<Grants> {
  if (!(await roleThere(tx)) && !(await makeRole(tx))) {
    return {
      appendOnly: false,
      appendOnlyMissing: `role ${APP_ROLE} does not exist and this role may not make it: that the event log is append-only is not enforced by the database`,
    };
  }
  await tx.query(`
    GRANT USAGE ON SCHEMA public TO ${APP_ROLE};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${APP_ROLE};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${APP_ROLE};
    REVOKE UPDATE, DELETE, TRUNCATE ON ${appendOnly.join(', ')} FROM ${APP_ROLE};
    REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON schema_migration FROM ${APP_ROLE};`);
  return { appendOnly: true, appendOnlyMissing: null };
}

async function roleThere(tx: Tx): Promise<boolean> {
  const { rows } = await tx.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [APP_ROLE]);
  return rows.length > 0;
}

/** False when the caller may not make roles. Roles are the cluster's, so another database's migration may be first. */
async function makeRole(tx: Tx): Promise<boolean> {
  await tx.query('SAVEPOINT make_role');
  try {
    await tx.query(`CREATE ROLE ${APP_ROLE} NOLOGIN`);
    await tx.query('RELEASE make_role');
    return true;
  } catch (error) {
    const code = (error as { code?: string }).code;
    await tx.query('ROLLBACK TO make_role');
    if (code === '42501') return false; // insufficient_privilege
    if (code === '42710' || code === '23505') return true; // somebody else has just made it
    throw error;
  }
}
